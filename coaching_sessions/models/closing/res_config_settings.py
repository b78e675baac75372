from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    coaching_reminder_hours = fields.Float(
        related="company_id.coaching_reminder_hours", readonly=False
    )
