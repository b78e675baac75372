from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    coaching_unclosed_policy = fields.Selection(
        related="company_id.coaching_unclosed_policy", readonly=False
    )
