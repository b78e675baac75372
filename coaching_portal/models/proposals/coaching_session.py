from odoo import models


class CoachingSession(models.Model):
    """What is proposed for a session."""

    _inherit = "coaching.session"

    def _get_open_proposals(self):
        """Return what is proposed for this session, as far as the user may read it."""
        self.ensure_one()
        if self.state != "scheduled":
            return self.env["coaching.proposal"]
        return self.env["coaching.proposal"].search(
            [("session_id", "=", self.id), ("state", "=", "open")]
        )
