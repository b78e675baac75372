from odoo import models

BADGES = {"open": "warning", "accepted": "success", "refused": "danger"}


class CoachingProposal(models.Model):
    """What pages tell of proposals, as plain values (R51, R99-R101)."""

    _inherit = "coaching.proposal"

    def _get_url(self, partner):
        url = super()._get_url(partner)
        if url or not partner.user_ids:
            return url
        return f"{self.get_base_url()}{self._get_portal_url()}"

    def _get_portal_url(self):
        self.ensure_one()
        return f"/my/coaching/proposals/{self.id}"

    def _prepare_portal_rows(self, tz):
        """Return what the reader may know of these, and what he can do.

        :param str tz: zone of the reader
        """
        states = dict(self._fields["state"]._description_selection(self.env))
        rows = []
        for proposal in self:
            # sudo: the reader is one of the two; only what is listed here leaves
            known = proposal.sudo()
            is_coach = known.coach_id.user_id == self.env.user
            rows.append(
                {
                    "id": known.id,
                    "url": known._get_portal_url(),
                    "kind": known.kind,
                    "is_coach": is_coach,
                    "other": known.partner_id.name if is_coach else known.coach_id.name,
                    "booking_type": known.booking_type_id.name,
                    "old": known.session_start
                    and known._prepare_portal_time(known.session_start, tz),
                    "times": known._prepare_portal_times(tz),
                    "held": bool(known.hold_ids),
                    "terms": {} if is_coach else known._prepare_portal_terms(),
                    "message": known.message or "",
                    "reason": known.reason or "",
                    "deadline": known._prepare_portal_time(known.deadline, tz),
                    "open": known.state == "open"
                    and known.deadline > known.session_id._now(),
                    "state": {
                        "label": states[known.state],
                        "badge": BADGES.get(known.state, "muted"),
                    },
                    "may_answer": proposal.may_answer,
                    "may_withdraw": proposal.may_withdraw,
                    "session_url": known._get_portal_session_url(is_coach),
                    "tz": tz.replace("_", " "),
                }
            )
        return rows

    def _prepare_portal_times(self, tz):
        """Return the times to choose from, the seat of a group as one of them."""
        self.ensure_one()
        starts = [
            (hold.start, hold == self.chosen_hold_id)
            for hold in self.hold_ids.sorted("start")
            # what another booking needed can't be chosen any more
            if self.state != "open" or hold.state == "held"
        ]
        if self.group_session_id:
            starts = [(self.group_session_id.start, self.state == "accepted")]
        return [
            {
                "value": str(start),
                "label": self._prepare_portal_time(start, tz),
                "chosen": chosen,
            }
            for start, chosen in starts
        ]

    def _prepare_portal_terms(self):
        """Return the terms that the client has to accept to book this."""
        self.ensure_one()
        terms = self.booking_type_id._get_terms(self.company_id)
        if self.kind != "waiting" or not terms:
            return {}
        if not terms._get_missing(self.partner_id):
            return {}
        return {"id": terms.id, "name": terms.name, "body": terms.body}

    def _prepare_portal_time(self, moment, tz):
        """Return a moment as text: weekday, day and time in the reader's zone."""
        parts = self.env["coaching.session"]._describe_time(moment, moment, tz)
        return f"{parts['date']}, {parts['time'].split(' – ')[0]}"

    def _get_portal_session_url(self, is_coach):
        """Return the page of the session that this is about, empty for none."""
        self.ensure_one()
        session = self.booked_session_id or self.session_id
        page = "coach" if is_coach else "sessions"
        return f"/my/coaching/{page}/{session.id}" if session else ""
