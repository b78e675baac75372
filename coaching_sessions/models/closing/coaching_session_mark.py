from odoo import models

from ...tools.arguments import parse_text, without_defaults


class CoachingSession(models.Model):
    """Closing out many sessions from a list (R44)."""

    _inherit = "coaching.session"

    def action_complete_all(self):
        """Close every open attendance of these sessions as completed (R2, R11)."""
        self.attendance_ids.filtered(
            lambda attendance: attendance.state == "scheduled"
        ).action_close("completed")

    def action_mark(self, outcome_code, note=""):
        """Close out what is open in many sessions, each judged on its own (R44).

        One that can't be closed never stops the rest. What is closed already stays:
        correcting is done one by one.

        :param str outcome_code: code of a ``coaching.outcome``
        :param str note: what happened, for all of them
        :return: dict with ``closed``, the number of attendances that are closed now,
            and ``failed``: list of dict with ``session_id`` and ``reason``
        :raise AccessError: unless the user is the coach of all of them or a manager
        """
        self._check_staff()
        # sudo: rights were checked; nobody writes attendances by hand
        sessions = without_defaults(self.sudo())
        attendances = sessions.attendance_ids.sorted(lambda a: (a.start, a.id))
        failed = attendances._close_each(
            parse_text(self.env, outcome_code), parse_text(self.env, note)
        )
        return {
            "closed": len(attendances) - len(failed),
            "failed": [
                {"session_id": attendance.session_id.id, "reason": reason}
                for attendance, reason in failed.items()
            ],
        }

    def _get_corrected_times(self, actual_start, actual_stop):
        """Return the actual times a dialog is told; as planned is no news.

        Unless something else was told before, which that corrects.
        """
        self.ensure_one()
        actual = (actual_start, actual_stop)
        told = self.actual_start or self.actual_stop
        if not told and actual == (self.start, self.stop):
            return {}
        return {"actual_start": actual_start, "actual_stop": actual_stop}
