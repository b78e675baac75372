from odoo import models


class CoachingEngagement(models.Model):
    """Goals, next steps and notes of a client, as the coach sees them."""

    _inherit = "coaching.engagement"

    def action_view_goals(self):
        """Open the goals of this client."""
        return self._get_client().action_view_coaching_goals()

    def action_view_action_items(self):
        """Open the next steps of this client."""
        return self._get_client().action_view_coaching_action_items()

    def action_view_notes(self):
        """Open the shared notes about this client's sessions."""
        return self._get_client().action_view_coaching_notes()

    def _get_client(self):
        """Return the contact, of an engagement that the user may read."""
        self.ensure_one()
        self.check_access("read")
        return self.partner_id
