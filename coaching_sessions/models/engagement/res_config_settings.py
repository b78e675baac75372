from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    coaching_release_slot = fields.Selection(
        related="company_id.coaching_release_slot", readonly=False
    )
    coaching_nudge_days = fields.Integer(
        related="company_id.coaching_nudge_days", readonly=False
    )
