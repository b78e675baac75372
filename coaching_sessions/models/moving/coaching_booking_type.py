from odoo import fields, models


class CoachingBookingType(models.Model):
    """How often, how far and by whom sessions of a type are moved (rank 11)."""

    _inherit = "coaching.booking.type"

    max_moves = fields.Integer(
        string="Maximum moves",
        help="How often a client can move one session, also with the coach's consent."
        " 0:"
        " no limit. Moves by the coach and managers don't count.",
    )
    max_move_days = fields.Integer(
        string="Maximum days from the first date",
        help="How many days from the originally booked day a client can move a"
        " session. 0: no limit.",
    )
    ask_hours = fields.Float(
        string="Answer within",
        default=48.0,
        help="Hours that the coach or client has to answer proposed times, at most"
        " until"
        " the session begins. Meanwhile the proposed times and the session are held.",
    )
    staff_notice_hours = fields.Float(
        string="Notice for rescheduling by coaches",
        help="Hours. For coaches who move their sessions; managers can always move"
        " them.",
    )
    staff_reschedule = fields.Selection(
        selection=[
            ("free", "Move anyway"),
            ("ask", "Propose times; the client decides"),
            ("refuse", "Hold or cancel it"),
        ],
        string="With less notice, coaches",
        required=True,
        default="free",
        help="What coaches can do when their notice for rescheduling has passed.",
    )

    _check_moving = models.Constraint(
        "CHECK (max_moves >= 0 AND max_move_days >= 0 AND staff_notice_hours >= 0)",
        "Numbers and hours of moving sessions can't be negative.",
    )
    _check_ask_hours = models.Constraint(
        "CHECK (ask_hours > 0)", "Allow at least a few minutes for an answer."
    )
