from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    coaching_waiting_hours = fields.Float(
        related="company_id.coaching_waiting_hours", readonly=False
    )
