from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    coaching_waiting_hours = fields.Float(
        string="Free times are held for",
        default=24.0,
        help="Hours that a client on the waiting list has to accept an offer before the"
        " next client's turn. Never beyond the notice for booking.",
    )

    _check_coaching_waiting_hours = models.Constraint(
        "CHECK (coaching_waiting_hours > 0)",
        "Hold free times for clients on the waiting list for at least a few minutes.",
    )
