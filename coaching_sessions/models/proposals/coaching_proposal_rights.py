from odoo import models
from odoo.exceptions import AccessError

from ..base.groups import MANAGER_GROUP


class CoachingProposal(models.Model):
    """Who may answer a proposal, and who may take it back."""

    _inherit = "coaching.proposal"

    def _is_coach(self):
        """Return whether the user gives this, or manages those who do."""
        self.ensure_one()
        if self.env.su or self.env.user.has_group(MANAGER_GROUP):
            return True
        # sudo: reading whose it is, to compare with the user
        return self.sudo().coach_id.user_id == self.env.user

    def _is_client(self):
        """Return whether the user is who this is for, or manages bookings."""
        self.ensure_one()
        if self.env.su or self.env.user.has_group(MANAGER_GROUP):
            return True
        return self.partner_id == self.env.user.partner_id

    def _is_answering(self):
        """Return whether it is the user who was asked."""
        return self._is_coach() if self.kind == "ask" else self._is_client()

    def _is_proposing(self):
        """Return whether it is the user's side that proposed it."""
        return self._is_client() if self.kind == "ask" else self._is_coach()

    def _check_may_answer(self):
        """Raise unless the user is the one who was asked, or a manager."""
        self.ensure_one()
        self.check_access("read")
        if not self._is_answering():
            raise AccessError(
                self.env._("Only the person who was asked or a manager can answer.")
            )

    def _check_may_withdraw(self):
        """Raise unless the user's side proposed it, or the user is a manager."""
        self.ensure_one()
        self.check_access("read")
        if not self._is_proposing():
            raise AccessError(
                self.env._(
                    "Only the person who made the proposal or a manager can withdraw"
                    " it."
                )
            )
