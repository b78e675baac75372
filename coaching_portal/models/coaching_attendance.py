from odoo import models


class CoachingAttendance(models.Model):
    """What the pages show of sessions: plain values, nothing private for clients."""

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
            **self._prepare_portal_joining(tz),
        }

    def _prepare_portal_joining(self, tz):
        """Return how the client joins his session on video, and its recording."""
        self.ensure_one()
        session = self.session_id
        joining = self.state == "scheduled"
        shared = session.recording_shared and self._is_blocking()
        return {
            "join_url": joining and session._get_portal_join_url(),
            "join_from": joining and session._get_portal_join_time(tz),
            "video": session._prepare_portal_video() if joining else {},
            "recording_url": shared and session.recording_url or "",
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
        deadline = session._get_cancel_deadline()
        return {
            "url": f"/my/coaching/sessions/{session.id}/cancel",
            "outcome_code": code,
            "early": session._is_early(),
            "hours": f"{hours:g}",
            "deadline": session._describe_time(deadline, deadline, tz),
            "sentences": attendance._get_consequences(outcome),
        }

    def _prepare_portal_terms(self):
        """Return the terms this is booked under, while they matter (R53, R54)."""
        self.ensure_one()
        # sudo: the terms of the client's own session
        session = self.session_id.sudo()
        if self.state != "scheduled" or self.start <= session._now():
            return {}
        return session.booking_type_id._get_booking_terms(
            session.company_id, self.partner_id
        )

    # === COACH'S PAGES === #

    def _prepare_portal_coach_rows(self, tz, chosen):
        """Return each client with what was recorded and what can be (R11, R15, R29).

        :param str tz: zone of the reader
        :param chosen: those of these attendances that are to be answered for; of a
            group one at a time, so that the page costs the same for any size
        :return: list of dict of plain values
        """
        # sudo: attendances of the coach's own session. A portal user reads neither
        # outcomes nor policies; the coach may read the notes he wrote himself.
        attendances = self.sudo()
        outcomes = attendances._get_possible_outcomes()
        return [
            {
                **attendance._prepare_portal_coach_row(
                    outcomes if attendance in chosen else outcomes.browse(), tz
                ),
                "questions": attendance.with_env(self.env)._prepare_portal_questions(tz)
                if attendance in chosen
                else {},
            }
            for attendance in attendances
        ]

    def _prepare_portal_coach_row(self, outcomes, tz):
        self.ensure_one()
        session = self.session_id
        closed_at = self.closed_at and session._describe_time(
            self.closed_at, self.closed_at, tz
        )
        return {
            "id": self.id,
            "client": self.partner_id.name,
            "avatar": self.partner_id.avatar_128,
            "package": self.package_id._prepare_portal_badge(),
            "makes_up_for": self.makeup_of_id
            and session._describe_time(
                self.makeup_of_id.start, self.makeup_of_id.stop, tz
            )["short_date"],
            "closed": self.state != "scheduled",
            "state": session._prepare_portal_state(
                self.state, self.start, self.stop, coach=True
            ),
            "reconfirmed": self.state == "scheduled" and bool(self.reconfirmed_at),
            "outcome": self.outcome_id.name,
            "outcome_code": self.outcome_id.code,
            "note": self.outcome_note or "",
            "closed_by": self.closed_by_id.name,
            "closed_at": closed_at
            and f"{closed_at['short_date']}, {closed_at['time'].split(' – ')[0]}",
            "makeup": self.makeup_id._prepare_portal_badge(),
            "choices": self._prepare_portal_choices(outcomes),
        }

    def _prepare_portal_choices(self, outcomes):
        """Return what the coach can answer, and what each answer leads to (R29)."""
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
