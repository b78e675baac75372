from odoo import fields, models

from .coaching_outcome_policy import PERIODS


class ResCompany(models.Model):
    _inherit = "res.company"

    coaching_grant_on = fields.Selection(
        selection=[
            ("confirmed", "When the order is confirmed"),
            ("paid", "When it is paid"),
        ],
        string="Packages are granted",
        required=True,
        default="confirmed",
    )
    coaching_makeup_validity_days = fields.Integer(
        string="Make-ups are valid for",
        default=90,
        help="Days from the missed session's close-out. 0: they never expire.",
    )
    coaching_makeup_limit = fields.Integer(
        string="Make-ups per client",
        help="So many missed sessions of a client give a make-up in a period. 0: all.",
    )
    coaching_makeup_period = fields.Selection(
        selection=PERIODS, string="Make-ups per", required=True, default="year"
    )

    _check_coaching_makeups = models.Constraint(
        "CHECK (coaching_makeup_limit >= 0 AND coaching_makeup_validity_days >= 0)",
        "Numbers and days of make-ups can't be negative.",
    )
