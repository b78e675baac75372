from odoo import fields, models


class ResCompany(models.Model):
    """When reserved slots end, and clients are asked back."""

    _inherit = "res.company"

    coaching_release_slot = fields.Selection(
        selection=[
            ("never", "Never"),
            ("no_rebook", "When the client does not want to rebook"),
            ("no_follow_up", "When no follow-up is booked at close-out"),
        ],
        string="Remove reserved slots",
        required=True,
        default="never",
    )
    coaching_nudge_days = fields.Integer(
        string="Remind clients after",
        help="Days since the last session without a new booking. 0: never.",
    )

    _check_coaching_nudge_days = models.Constraint(
        "CHECK (coaching_nudge_days >= 0)", "Days can't be negative."
    )
