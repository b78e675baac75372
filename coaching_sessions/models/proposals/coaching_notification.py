from odoo import api, fields, models

from ..catalog.coaching_outcome import COACH_CODE

KINDS = {
    "proposal": "Other times offered",
    "proposal_asked": "Client asks to move",
    "proposal_answer": "Proposal answered",
    "proposal_free": "A time is available",
}


class CoachingNotification(models.Model):
    """Emails about proposals: to who is asked, and back (R99-R101)."""

    _inherit = "coaching.notification"

    proposal_id = fields.Many2one(
        comodel_name="coaching.proposal",
        is_subject=True,
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    kind = fields.Selection(
        selection_add=list(KINDS.items()), ondelete=dict.fromkeys(KINDS, "cascade")
    )

    @api.model
    def _get_templates(self):
        return {
            **super()._get_templates(),
            **{kind: f"coaching_sessions.mail_template_{kind}" for kind in KINDS},
        }

    @api.model
    def _get_checks(self):
        return {
            **super()._get_checks(),
            "proposal": "_is_proposal_open",
            "proposal_asked": "_is_proposal_open",
            "proposal_free": "_is_proposal_open",
        }

    def _is_proposal_open(self):
        proposal = self.proposal_id
        now = self.env["coaching.session"]._now()
        return proposal.state == "open" and proposal.deadline > now

    @api.model
    def _queue_proposal(self, proposal, kind, partner):
        """Tell one side about a proposal, unless it is the one who acts.

        :param proposal: ``coaching.proposal``
        :param str kind: one of ``KINDS``
        :param partner: ``res.partner`` to be told
        """
        if not partner.email or partner == self.env.user.partner_id:
            return
        self._queue_rows(
            [
                {
                    "proposal_id": proposal.id,
                    "company_id": proposal.company_id.id,
                    "partner_id": partner.id,
                    "kind": kind,
                    "session_start": proposal.session_start,
                }
            ]
        )

    # === WHAT TEMPLATES SHOW === #

    def _get_proposed_times(self):
        """Return the times that are proposed, as the reader writes them."""
        self.ensure_one()
        return [self._format_moment(start) for start in self.proposal_id._get_starts()]

    def _is_for_client(self):
        self.ensure_one()
        return self.partner_id == self.proposal_id.partner_id

    def _get_other_name(self):
        """Return the name of the other side."""
        self.ensure_one()
        proposal = self.proposal_id
        other = proposal.coach_id if self._is_for_client() else proposal.partner_id
        return other.name or ""

    def _get_proposal_url(self):
        """Return where the reader answers, empty for people without access."""
        self.ensure_one()
        proposal = self.proposal_id
        return proposal._get_url(self.partner_id) if proposal else ""

    def _is_returned_usable(self):
        """Return whether a client who chooses none of the times loses nothing."""
        self.ensure_one()
        session = self.proposal_id.session_id
        # sudo: how it would be closed; of the reader's own session
        outcome = (
            self.env["coaching.outcome"]
            .sudo()
            ._get_by_code(COACH_CODE, session.company_id)
        )
        return all(
            attendance._loses_nothing(outcome)
            for attendance in session.attendance_ids
            if attendance.state == "scheduled"
        )
