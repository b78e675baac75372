from odoo import api, fields, models
from odoo.exceptions import UserError

from ..proposals.coaching_proposal_open import SILENT


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
        "This client already has an open offer.",
    )
    _check_accepted = models.Constraint(
        "CHECK (state <> 'accepted' OR chosen_hold_id IS NOT NULL"
        " OR group_session_id IS NOT NULL)",
        "An accepted proposal needs the accepted time.",
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

    def _get_starts(self):
        session = self.group_session_id
        return [session.start] if session else super()._get_starts()

    def _find_hold(self, start=None):
        session = self.group_session_id
        if not session:
            return super()._find_hold(start)
        if start and start != session.start:
            raise UserError(
                self.env._(
                    "The free seat is on %(start)s. Answer for that time.",
                    start=session._format_time(session.start),
                )
            )
        return self.env["coaching.hold"]

    def _use_time(self, hold, terms_accepted=False):
        """Book what was waited for, as the client would."""
        if self.kind != "waiting":
            return super()._use_time(hold, terms_accepted)
        Session = self.env["coaching.session"]
        session = self.group_session_id
        if session and (
            session.state != "scheduled" or session.start <= session._now()
        ):
            raise UserError(
                self.env._(
                    "The group session no longer takes place at that time. Choose"
                    " another time."
                )
            )
        request = Session._prepare_booking(
            {
                "booking_type_id": self.booking_type_id.id,
                "coach_id": (session or self).coach_id.id,
                "partner_ids": self.partner_id.ids,
                "start": hold.start or session.start,
                "terms_accepted": terms_accepted,
            }
        )
        # this very time was offered: too late for it is past the deadline
        return Session._book(
            request.but(by_client=self._is_for_himself(), offered=True)
        )

    def _is_for_himself(self):
        """Return whether the client joined in person: by the client's rules."""
        self.ensure_one()
        entry = self.waiting_id
        Session = self.env["coaching.session"].with_user(entry.create_uid)
        return Session._is_by_client(entry.coach_id)

    @api.model
    def _withdraw_for(self, sessions, seats_of=None):
        """Take back the seats too that are offered in these sessions.

        :param seats_of: ``coaching.session`` whose seats are gone, all by default
        """
        super()._withdraw_for(sessions)
        seats_of = sessions if seats_of is None else seats_of
        groups = seats_of.filtered(lambda session: session.seats > 1)
        if not groups:
            return
        offers = self.search(
            [("group_session_id", "in", groups.ids), ("state", "=", "open")]
        )
        for proposal in offers:
            proposal._answer("withdrawn")

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
        """Clients who book the offered time elsewhere have taken it.

        A booking that only overlaps it is no answer: they go on waiting.
        """
        waited = self.filtered(lambda p: p.kind == "waiting" and p.state == "open")
        for proposal in waited:
            hold = proposal.hold_ids.filtered(lambda hold: hold.state == "taken")
            if hold:
                proposal._answer("accepted", keep=hold, chosen_hold_id=hold.id)
        return super()._lose_times()

    def _tell_other_side(self, kind, client):
        if self.kind == "waiting" and kind == "proposal_answer":
            # clients who declined need not hear that, and their coach did not offer it
            return
        super()._tell_other_side(kind, client)
