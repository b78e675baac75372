from odoo import models


class CoachingAttendance(models.Model):
    """What became of a session, as its coach reads it and may answer."""

    _inherit = "coaching.attendance"

    def _prepare_portal_coach_rows(self, tz, chosen):
        """Return each client with what was recorded and what can be (R11, R15, R29).

        :param str tz: zone of the reader
        :param chosen: those of these attendances that are to be answered for; of a
            group one at a time, so that the page costs the same for any size
        :return: list of dict of plain values
        """
        # sudo: attendances of the coach's own session. A portal user reads neither
        # outcomes nor policies; coaches may read the notes they wrote themselves.
        attendances = self.sudo()
        outcomes = attendances._get_possible_outcomes()
        return [
            attendance._prepare_portal_coach_row(
                outcomes if attendance in chosen else outcomes.browse(), tz
            )
            for attendance in attendances
        ]

    def _prepare_portal_coach_row(self, outcomes, tz):
        """Return what the coach reads of one client; what lies above adds its own."""
        self.ensure_one()
        session = self.session_id
        return {
            "id": self.id,
            "client": self.partner_id.name,
            "avatar": self.partner_id.avatar_128,
            "closed": self.state != "scheduled",
            "state": session._prepare_portal_state(
                self.state, self.start, self.stop, coach=True
            ),
            "outcome": self.outcome_id.name,
            "outcome_code": self.outcome_id.code,
            "note": self.outcome_note or "",
            "closed_by": self.closed_by_id.name,
            "closed_at": self.closed_at
            and session._prepare_portal_moment(self.closed_at, tz),
            "choices": self._prepare_portal_choices(outcomes),
        }

    def _prepare_portal_choices(self, outcomes):
        """Return what the coach can answer, and what will happen then (R29)."""
        self.ensure_one()
        return [
            {
                "code": outcome.code,
                "name": outcome.name,
                "note_required": outcome.note_required,
                "completed": outcome.state == "completed",
                "cancellation": outcome.before_start,
                "sentences": self._get_consequences(outcome)
                + self._get_pay_consequences(outcome),
            }
            for outcome in outcomes
        ]

    def _prepare_portal_contacts(self, tz):
        """Return what coach and each client have to do with one another; a hook.

        :param str tz: zone of the reader
        :return: dict of attendance id → dict of plain values
        """
        return {attendance.id: {} for attendance in self}
