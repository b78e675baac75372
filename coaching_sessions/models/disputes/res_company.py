from odoo import fields, models


class ResCompany(models.Model):
    """How long an outcome can be disputed."""

    _inherit = "res.company"

    coaching_dispute_days = fields.Integer(
        string="Outcomes can be disputed for",
        default=5,
        help="Days after a session was closed out in which its client can say that the"
        " outcome is not right. 0: clients can't dispute what is recorded.",
    )

    _check_coaching_dispute_days = models.Constraint(
        "CHECK (coaching_dispute_days >= 0)",
        "The days for disputing an outcome can't be negative.",
    )
