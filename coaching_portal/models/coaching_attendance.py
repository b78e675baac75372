from datetime import timedelta

from odoo import models


class CoachingAttendance(models.Model):
    """What a client reads of his own sessions; nothing private is among it."""

    _inherit = "coaching.attendance"

    def _prepare_portal_rows(self, tz):
        """Return what the client reads of these sessions (R68-R71, R77, R118, R119).

        :param str tz: zone of the reader
        :return: list of dict of plain values
        """
        # sudo: found by the client's own rules; only what is listed here leaves
        return [attendance._prepare_portal_row(tz) for attendance in self.sudo()]

    def _prepare_portal_row(self, tz):
        self.ensure_one()
        session = self.session_id
        missed = self.makeup_of_id
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
            "blocking": self._is_blocking(),
            "used": self.state != "scheduled" and self.uses_session,
            "closed": self.state != "scheduled",
            "note": session.note,
            "package": self.package_id._prepare_portal_badge(),
            "makeup": self.makeup_id._prepare_portal_badge(),
            "makes_up_for": missed
            and session._describe_time(missed.start, missed.stop, tz)["short_date"],
            "join_url": self.state == "scheduled" and session._get_portal_join_url(),
        }

    def _prepare_portal_cancellation(self, tz):
        """Return what cancelling now leads to, or nothing when it can't be (R6, R29).

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
        deadline = session.start - timedelta(hours=hours)
        return {
            "url": f"/my/coaching/sessions/{session.id}/cancel",
            "outcome_code": code,
            "early": session._is_early(),
            "hours": f"{hours:g}",
            "deadline": session._describe_time(deadline, deadline, tz),
            "sentences": attendance._get_consequences(outcome),
        }
