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
        help="Off: no package needed, but a suitable one is used if available. Booking"
        " types can allow clients to attend without one in any case.",
    )
    coaching_expiry_notice_days = fields.Integer(
        string="Expiry notice",
        default=14,
        help="Days before a package expires when coaches see a warning and the client"
        " gets an email. 0: never.",
    )
    coaching_makeup_validity_days = fields.Integer(
        string="Make-ups are valid for",
        default=90,
        help="Days from the close-out of the missed session. 0: never expires.",
    )
    coaching_makeup_limit = fields.Integer(
        string="Make-ups per client",
        help="Make-ups per client and period. 0: unlimited.",
    )
    coaching_makeup_period = fields.Selection(
        selection=PERIODS, string="Make-ups per", required=True, default="year"
    )

    coaching_returned_days = fields.Integer(
        string="Returned sessions stay usable",
        default=14,
        help="Days that a session or make-up can still be used after it was returned"
        " through no fault of the client, such as when the coach is absent. A package"
        " or make-up that would end earlier is extended. 0: never.",
    )

    _check_coaching_returned_days = models.Constraint(
        "CHECK (coaching_returned_days BETWEEN 0 AND 365)",
        "Enter at most 365 days for returned sessions.",
    )
    _check_coaching_makeups = models.Constraint(
        "CHECK (coaching_makeup_limit >= 0 AND coaching_makeup_validity_days >= 0)",
        "Numbers and days of make-ups can't be negative.",
    )
    _check_coaching_expiry_notice = models.Constraint(
        "CHECK (coaching_expiry_notice_days BETWEEN 0 AND 365)",
        "Enter at most 365 days for the expiry notice.",
    )
