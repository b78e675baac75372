from odoo import api, fields, models

from .coaching_proposal import SILENT


class CoachingProposal(models.Model):
    """A free time, or a seat, that is offered to somebody who waits (rank 20)."""

    _inherit = "coaching.proposal"

    kind = fields.Selection(
        selection_add=[("waiting", "A free time")], ondelete={"waiting": "cascade"}
    )
    waiting_id = fields.Many2one(
        comodel_name="coaching.waiting",
        string="Waiting for",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    group_session_id = fields.Many2one(
        comodel_name="coaching.session",
        string="Seat in",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    _one_offer = models.UniqueIndex(
        "(waiting_id) WHERE state = 'open' AND waiting_id IS NOT NULL",
        "Something is offered to this client already.",
    )

    @api.model
    def _open_for_waiting(self, entry, coach, deadline, session=None):
        """Offer something to a client who waits; what is held is the caller's."""
        return self.with_context(**SILENT).create(
            {
                "kind": "waiting",
                "waiting_id": entry.id,
                "group_session_id": session and session.id,
                "partner_id": entry.partner_id.id,
                "coach_id": coach.id,
                "booking_type_id": entry.booking_type_id.id,
                "company_id": entry.company_id.id,
                "deadline": deadline,
                "asked_at": self.env["coaching.session"]._now(),
            }
        )

    def _find_hold(self, start=None):
        if self.group_session_id:
            return self.env["coaching.hold"]
        return super()._find_hold(start)

    def _use_time(self, hold, terms_accepted=False):
        """Book what was waited for, as the client would himself."""
        if self.kind != "waiting":
            return super()._use_time(hold, terms_accepted)
        Session = self.env["coaching.session"]
        start = hold.start or self.group_session_id.start
        request = Session._prepare_booking(
            {
                "booking_type_id": self.booking_type_id.id,
                "coach_id": self.coach_id.id,
                "partner_ids": self.partner_id.ids,
                "start": start,
                "terms_accepted": terms_accepted,
            }
        )
        return Session._book(request)

    def _answer(self, state, keep=None, **values):
        result = super()._answer(state, keep=keep, **values)
        entry = self.waiting_id
        if entry and entry.state == "offered":
            # who does not want this one goes on waiting for another
            entry.state = "booked" if state == "accepted" else "waiting"
            entry.flush_recordset()
        if entry and state != "accepted":
            # the next one's turn
            entry._wake()
        return result

    def _lose_times(self):
        """Who books the time he was offered, where he books others, has taken it."""
        waited = self.filtered(lambda p: p.kind == "waiting" and p.state == "open")
        for proposal in waited:
            hold = proposal.hold_ids.filtered(lambda hold: hold.state == "taken")
            if hold:
                proposal._answer("accepted", keep=hold, chosen_hold_id=hold.id)
        return super(CoachingProposal, self - waited)._lose_times()

    def _tell_other_side(self, kind, client):
        if self.kind == "waiting" and kind == "proposal_answer":
            # who did not want it need not hear that, and his coach did not offer it
            return
        super()._tell_other_side(kind, client)
