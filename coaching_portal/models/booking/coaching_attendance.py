from datetime import timedelta

from odoo import models

from odoo.addons.coaching_sessions.tools.local_time import to_local


class CoachingAttendance(models.Model):
    """How a client cancels a session, and books the next one."""

    _inherit = "coaching.attendance"

    def _prepare_portal_cancellation(self, tz):
        """Return what cancelling will do now, nothing when it is impossible (R6, R29).

        By the clock of this moment: the answer may differ a minute later.
        """
        self.ensure_one()
        session = self.session_id
        if (
            self.state != "scheduled"
            or self.start <= session._now()
            # acting as staff would cancel for every client, on other terms
            or session._is_staff()
        ):
            return {}
        # sudo: the policy that applies to the client's own session, in words only
        session, attendance = session.sudo(), self.sudo()
        code, _note = session._get_cancel_outcome("", staff=False, own=False)
        outcome = (
            self.env["coaching.outcome"]
            .sudo()
            ._get_by_code(code, attendance.company_id)
        )
        hours = session.booking_type_id.cancel_notice_hours
        deadline = session._get_cancel_deadline()
        return {
            "url": f"/my/coaching/sessions/{session.id}/cancel",
            "outcome_code": code,
            "early": session._is_early(),
            "hours": f"{hours:g}",
            "deadline": session._describe_time(deadline, deadline, tz),
            "sentences": attendance._get_consequences(outcome),
        }

    def _get_portal_again_url(self, tz):
        """Return where the client books the next one, with the same coach (R61, R149).

        Empty while this one is upcoming, and for what clients can't book themselves.

        :param str tz: zone of the reader
        """
        self.ensure_one()
        # sudo: the client's own session; what is offered to clients
        attendance = self.sudo()
        booking_type = attendance.booking_type_id
        if attendance.state == "scheduled" and attendance.stop > (
            attendance.session_id._now()
        ):
            return ""
        if booking_type not in booking_type._get_for_client(
            attendance.partner_id, attendance.company_id
        ):
            return ""
        day = to_local(attendance.start, tz).date() + timedelta(weeks=1)
        coach = attendance.coach_id
        coach_id = f"&coach={coach.id}" if coach.active else ""
        return f"/my/coaching/book?type={booking_type.id}{coach_id}&day={day}"
