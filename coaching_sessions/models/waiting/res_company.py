from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    coaching_waiting_hours = fields.Float(
        string="Free times are kept for",
        default=24.0,
        help="Hours that a client on the waiting list has to take what is offered to"
        " him, before the next one's turn. Never beyond the notice for booking.",
    )

    _check_coaching_waiting_hours = models.Constraint(
        "CHECK (coaching_waiting_hours > 0)",
        "Keep a free time for clients on the waiting list for some minutes at least.",
    )
