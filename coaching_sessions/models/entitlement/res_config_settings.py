from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    coaching_grant_on = fields.Selection(
        related="company_id.coaching_grant_on", readonly=False
    )
    coaching_package_required = fields.Boolean(
        related="company_id.coaching_package_required", readonly=False
    )
    coaching_expiry_notice_days = fields.Integer(
        related="company_id.coaching_expiry_notice_days", readonly=False
    )
    coaching_returned_days = fields.Integer(
        related="company_id.coaching_returned_days", readonly=False
    )
    coaching_makeup_validity_days = fields.Integer(
        related="company_id.coaching_makeup_validity_days", readonly=False
    )
    coaching_makeup_limit = fields.Integer(
        related="company_id.coaching_makeup_limit", readonly=False
    )
    coaching_makeup_period = fields.Selection(
        related="company_id.coaching_makeup_period", readonly=False
    )
