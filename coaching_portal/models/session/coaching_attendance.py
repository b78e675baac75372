from odoo import models
from odoo.exceptions import UserError


class CoachingAttendance(models.Model):
    """What a client reads of sessions: plain values, nothing private.

    What is possible is asked of the methods that do it, so that a page offers what will
    work, and says in the same words why something does not.
    """

    _inherit = "coaching.attendance"

    def _prepare_portal_rows(self, tz):
        """Return what the client reads of these sessions (R68-R71, R77, R118, R119).

        :param str tz: zone of the reader
        :return: list of dict of plain values
        """
        # sudo: found by the client's own rules; only what is listed here leaves
        return [attendance._prepare_portal_row(tz) for attendance in self.sudo()]

    def _prepare_portal_row(self, tz):
        """Return what the client reads of one; what lies above adds its own."""
        self.ensure_one()
        session = self.session_id
        return {
            "id": self.id,
            "url": f"/my/coaching/sessions/{session.id}",
            "name": session.name,
            "booking_type": self.booking_type_id.name,
            "coach": self.coach_id.name,
            "time": session._describe_time(self.start, self.stop, tz),
            "minutes": int((self.stop - self.start).total_seconds() // 60),
            "state": session._prepare_portal_state(self.state, self.start, self.stop),
            "upcoming": self.state == "scheduled" and self.stop > session._now(),
            "closed": self.state != "scheduled",
            "note": session.note,
        }

    def _get_portal_refusal(self, check):
        """Return the sentence with which a check refuses, empty when it does not."""
        try:
            check()
        except UserError as error:
            return str(error)
        return ""
