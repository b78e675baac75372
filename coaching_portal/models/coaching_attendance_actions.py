from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError

from ..tools.local_time import to_local


class CoachingAttendance(models.Model):
    """What a client can do on the page of his session, beside cancelling.

    Plain values. What is possible is asked of the methods that do it, so that the page
    offers what will work, and says in the same words why something does not.
    """

    _inherit = "coaching.attendance"

    def _get_refusal(self, check):
        """Return the sentence with which a check refuses, empty when it does not."""
        try:
            check()
        except UserError as error:
            return str(error)
        return ""

    def _prepare_portal_moment(self, moment, tz):
        """Return a moment as short text: day and time in the reader's zone."""
        parts = self.session_id._describe_time(moment, moment, tz)
        return f"{parts['short_date']}, {parts['time'].split(' – ')[0]}"

    def _get_open_proposals(self):
        """Return what is proposed to the client for this session, or by him."""
        return self.session_id._get_open_proposals().filtered(
            lambda proposal: proposal.partner_id == self.partner_id
        )

    def _prepare_portal_moving(self, tz, day=None):
        """Return how the client can move this session, nothing for none (R46, R50).

        :param str tz: zone of the reader
        :param date day: first day of the times that are shown
        """
        self.ensure_one()
        session = self.session_id
        # sudo: facts of the client's own session
        if (
            self.state != "scheduled"
            or self.start <= session._now()
            or session.sudo().seats > 1
            or session._is_staff()
        ):
            return {}
        local = to_local(self.start, tz).replace(tzinfo=None)
        deadline = session.sudo()._get_reschedule_deadline()
        in_time = session.sudo()._is_reschedule_early()
        refused = self._get_refusal(session._check_may_reschedule)
        # too late to move it himself: the coach decides, where the type says so
        asks = (
            bool(refused)
            and not in_time
            and session.sudo().booking_type_id.late_reschedule == "ask"
        )
        return {
            "page_url": f"/my/coaching/sessions/{session.id}",
            "url": f"/my/coaching/sessions/{session.id}/move",
            "asks": asks,
            "slots": session._prepare_portal_slots(tz, day, apart=asks)
            if asks or not refused
            else None,
            "shown_day": bool(day),
            "refused": refused,
            "in_time": in_time,
            "deadline": self._prepare_portal_moment(deadline, tz),
            "value": local.isoformat(timespec="minutes"),
        }

    def _get_portal_again_url(self, tz):
        """Return where the client books the next one, with the same coach (R61, R149).

        Empty while this one is to come, and for what he can't book himself.

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

    def _prepare_portal_hint(self):
        """Return why the client can't change this session himself any more (R47).

        For one that he missed, or that has begun: of what is completed or cancelled he
        wants nothing changed.
        """
        self.ensure_one()
        session = self.session_id
        begun = self.state == "scheduled" and self.start <= session._now()
        if session._is_staff() or not (begun or self.state == "no_show"):
            return ""
        return self._get_refusal(session.sudo()._refuse_what_is_over)

    def _prepare_portal_dispute(self, tz):
        """Return what is recorded, and how the client can object (rank 13, 15).

        :param str tz: zone of the reader
        """
        self.ensure_one()
        # sudo: the client's own attendance; only what is listed here leaves
        attendance = self.sudo()
        deadline = attendance._get_dispute_deadline()
        can_dispute = not self._get_refusal(attendance._check_can_dispute)
        return {
            "url": f"/my/coaching/sessions/{attendance.session_id.id}",
            "outcome": attendance.outcome_id.name,
            "can_dispute": can_dispute,
            "can_report": not self._get_refusal(attendance._check_can_report),
            "deadline": deadline and self._prepare_portal_moment(deadline, tz),
            "choices": [
                {"code": outcome.code, "name": outcome.name}
                for outcome in attendance._get_possible_outcomes()
                if outcome != attendance.outcome_id
            ]
            if can_dispute
            else [],
            "disputes": attendance._prepare_portal_disputes(tz),
        }

    def _prepare_portal_disputes(self, tz):
        """Return what was disputed and what came of it, the latest first."""
        self.ensure_one()
        badges = {"open": "warning", "accepted": "success", "rejected": "danger"}
        return [
            {
                "id": dispute.id,
                "kind": dispute.kind,
                "claim": dispute.claim,
                "wanted": dispute.wanted_outcome_id.name,
                "open": dispute.state == "open",
                "state": {
                    "label": dispute._get_state_name(),
                    "badge": badges.get(dispute.state, "muted"),
                },
                "opened": self._prepare_portal_moment(dispute.opened_at, tz),
                "answer": dispute.resolution or "",
                "settled": dispute.resolved_at
                and self._prepare_portal_moment(dispute.resolved_at, tz),
            }
            for dispute in self.dispute_ids.sorted("id", reverse=True)
        ]

    def _prepare_portal_talks(self, tz):
        """Return what coach and client wrote about each of these sessions (R43, R47).

        :param str tz: zone of the reader
        :return: dict of attendance id → list of messages, the earliest first
        """
        talks = {attendance.id: [] for attendance in self}
        # sudo: the log is staff's; messages about the reader's own sessions are his
        lines = (
            self.env["coaching.session.log"]
            .sudo()
            .search(
                [("attendance_id", "in", self.ids), ("action", "=", "message")],
                order="id",
            )
        )
        for line in lines:
            talks[line.attendance_id.id].append(
                {
                    "mine": line.user_id == self.env.user,
                    "who": line.user_id.name,
                    "text": line.description,
                    "when": line.attendance_id._prepare_portal_moment(line.date, tz),
                }
            )
        return talks

    def _prepare_portal_contacts(self, tz):
        """Return what the coach's page needs to write to each client (R43).

        :param str tz: zone of the reader
        :return: dict of attendance id → dict of plain values
        """
        talks = self._prepare_portal_talks(tz)
        # sudo: attendances of the coach's own session
        return {
            attendance.id: {
                "messages": talks[attendance.id],
                "draft": attendance._get_message_draft()
                if attendance.state == "no_show"
                else "",
                "disputes": attendance._prepare_portal_disputes(tz),
            }
            for attendance in self.sudo()
        }
