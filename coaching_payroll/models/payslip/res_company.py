from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    coaching_unclosed_policy = fields.Selection(
        selection=[
            ("carry", "Pay the others, what is open comes with the next payslip"),
            ("block", "Refuse to confirm the payslip until they are closed out"),
        ],
        string="Sessions that nobody closed out",
        required=True,
        default="carry",
    )
