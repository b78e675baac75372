from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    coaching_grant_on = fields.Selection(
        related="company_id.coaching_grant_on", readonly=False
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
    coaching_dispute_days = fields.Integer(
        related="company_id.coaching_dispute_days", readonly=False
    )
    coaching_release_slot = fields.Selection(
        related="company_id.coaching_release_slot", readonly=False
    )
    coaching_reminder_hours = fields.Float(
        related="company_id.coaching_reminder_hours", readonly=False
    )
    coaching_package_required = fields.Boolean(
        related="company_id.coaching_package_required", readonly=False
    )
    coaching_expiry_notice_days = fields.Integer(
        related="company_id.coaching_expiry_notice_days", readonly=False
    )
    coaching_nudge_days = fields.Integer(
        related="company_id.coaching_nudge_days", readonly=False
    )
    coaching_terms_id = fields.Many2one(
        related="company_id.coaching_terms_id", readonly=False
    )
    coaching_waiting_hours = fields.Float(
        related="company_id.coaching_waiting_hours", readonly=False
    )
