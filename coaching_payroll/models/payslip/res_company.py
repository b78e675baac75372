from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    coaching_unclosed_policy = fields.Selection(
        selection=[
            ("carry", "Pay the others; open sessions go on the next payslip"),
            ("block", "Block the payslip until they are closed out"),
        ],
        string="Sessions not closed out",
        required=True,
        default="carry",
    )
