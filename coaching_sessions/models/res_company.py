from odoo import fields, models


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
