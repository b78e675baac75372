from odoo import models


class CoachingCoach(models.Model):
    """A coach who is archived, or back: what is booked is looked at again."""

    _inherit = "coaching.coach"

    def write(self, vals):
        result = super().write(vals)
        if {"active", "resource_id"} & set(vals):
            self.env["coaching.session"]._look_for_changes_soon()
        return result
