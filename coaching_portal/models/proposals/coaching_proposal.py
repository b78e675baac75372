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
        """Return what the reader may know of these, and what they can do.

        :param str tz: zone of the reader
        """
        states = dict(self._fields["state"]._description_selection(self.env))
        moment = self.env["coaching.session"]._prepare_portal_moment
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
                    and moment(known.session_start, tz, full=True),
                    "times": known._prepare_portal_times(tz),
                    "held": bool(known.hold_ids),
                    "terms": {} if is_coach else known._prepare_portal_terms(),
                    "message": known.message or "",
                    "reason": known.reason or "",
                    "deadline": moment(known.deadline, tz, full=True),
                    "open": known.state == "open"
                    and known.deadline > known.session_id._now(),
                    "state": {
                        "label": states[known.state],
                        "badge": BADGES.get(known.state, "muted"),
                    },
                    "may_answer": proposal.may_answer,
                    "may_withdraw": proposal.may_withdraw,
                    "session_url": known._get_portal_session_url(is_coach),
                    "tz": self.env["coaching.session"]._format_zone(tz),
                }
            )
        return rows

    def _prepare_portal_times(self, tz):
        """Return the times to choose from."""
        self.ensure_one()
        moment = self.env["coaching.session"]._prepare_portal_moment
        return [
            {
                "value": str(start),
                "label": moment(start, tz, full=True),
                "chosen": chosen,
            }
            for start, chosen in self._get_portal_starts()
        ]

    def _get_portal_starts(self):
        """Return each time with whether it was chosen; a hook."""
        self.ensure_one()
        return [
            (hold.start, hold == self.chosen_hold_id)
            for hold in self.hold_ids.sorted("start")
            # what another booking needed can't be chosen any more
            if self.state != "open" or hold.state == "held"
        ]

    def _prepare_portal_terms(self):
        """Return the terms to accept with a time; a hook: moving asks for none."""
        self.ensure_one()
        return {}

    def _get_portal_session_url(self, is_coach):
        """Return the page of the session that this is about, empty for none."""
        self.ensure_one()
        session = self.booked_session_id or self.session_id
        page = "coach" if is_coach else "sessions"
        return f"/my/coaching/{page}/{session.id}" if session else ""
