from odoo import models


class ResPartner(models.Model):
    """A client who is archived, or back: what is booked is looked at again."""

    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        if {"active"} & set(vals):
            self.env["coaching.session"]._look_for_changes_soon()
        return result
