from odoo import models


class CoachingAttendance(models.Model):
    """What the coach reads and answers for each client of a session."""

    _inherit = "coaching.attendance"

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
        outcomes = attendances._get_portal_outcomes()
        return [
            attendance._prepare_portal_coach_row(
                outcomes if attendance in chosen else outcomes.browse(), tz
            )
            for attendance in attendances
        ]

    def _get_portal_outcomes(self):
        """Return what can be answered for these attendances of one session."""
        session = self.session_id
        domain = [("company_id", "in", (session.company_id.id, False))]
        if session and session.start > session._now():
            domain.append(("before_start", "=", True))
        outcomes = self.env["coaching.outcome"].search(domain, order="company_id, id")
        by_code = {}
        for outcome in outcomes:
            # a company's own outcome takes the place of the shared one
            by_code.setdefault(outcome.code, outcome)
        return outcomes.browse().union(*by_code.values()).sorted("sequence")

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
                "sentences": self._get_consequences(outcome)
                + self._get_pay_consequences(outcome),
            }
            for outcome in outcomes
        ]
