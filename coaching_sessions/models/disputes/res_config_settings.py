from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    coaching_dispute_days = fields.Integer(
        related="company_id.coaching_dispute_days", readonly=False
    )
