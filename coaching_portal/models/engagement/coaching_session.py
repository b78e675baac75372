from odoo import models


class CoachingSession(models.Model):
    """The reserved slot that closing out has removed, told to its coach (R64)."""

    _inherit = "coaching.session"

    def _prepare_portal_coach_row(self, tz):
        return {
            **super()._prepare_portal_coach_row(tz),
            "removed_slot": self.removed_slot_message,
        }
