from odoo import fields, models


class ResCompany(models.Model):
    """How long an outcome can be disputed."""

    _inherit = "res.company"

    coaching_dispute_days = fields.Integer(
        string="Outcomes can be disputed for",
        default=5,
        help="Days after the close-out in which the client can dispute the outcome. 0:"
        " clients can't dispute outcomes.",
    )

    _check_coaching_dispute_days = models.Constraint(
        "CHECK (coaching_dispute_days >= 0)",
        "The days for disputing an outcome can't be negative.",
    )
