from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    coaching_terms_id = fields.Many2one(
        related="company_id.coaching_terms_id", readonly=False
    )
