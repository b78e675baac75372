from odoo import models


class ResourceResource(models.Model):
    """Who works by other hours, or not any more: what is booked is looked at again."""

    _inherit = "resource.resource"

    def write(self, vals):
        result = super().write(vals)
        if {"active", "calendar_id", "tz"} & set(vals):
            self.env["coaching.session"]._look_for_changes_soon()
        return result
