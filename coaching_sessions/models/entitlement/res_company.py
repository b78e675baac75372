from odoo import fields, models

from ..policy.coaching_outcome_policy import PERIODS


class ResCompany(models.Model):
    """How packages and make-ups work."""

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
    coaching_package_required = fields.Boolean(
        string="Clients need a package",
        default=True,
        help="Off: nobody needs one, and a package that fits is used if there is one."
        " Booking types can allow to attend without, whatever this says.",
    )
    coaching_expiry_notice_days = fields.Integer(
        string="Tell about the last day",
        default=14,
        help="Days before the last day of a package from which coaches see a warning"
        " and the client is told by mail. 0: never.",
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
    _check_coaching_expiry_notice = models.Constraint(
        "CHECK (coaching_expiry_notice_days BETWEEN 0 AND 365)",
        "Tell about the last day of a package up to 365 days before.",
    )
