from odoo import fields, models


class CoachingBookingType(models.Model):
    """How often, how far and by whom sessions of a type are moved (rank 11)."""

    _inherit = "coaching.booking.type"

    max_moves = fields.Integer(
        string="Moves at most",
        help="How often a client may move one session, also with the coach's consent."
        " 0: as often as he likes. What coach and managers move doesn't count.",
    )
    max_move_days = fields.Integer(
        string="Away from the first day",
        help="How far from the day that a session was booked for first a client may"
        " move it. 0: as far as he likes.",
    )
    ask_hours = fields.Float(
        string="Answer within",
        default=48.0,
        help="Hours that coach or client have to answer when the other one proposes"
        " other times; never longer than until the session begins. The times are kept"
        " meanwhile, and so is the session.",
    )
    staff_notice_hours = fields.Float(
        string="Coaches' notice for rescheduling",
        help="Hours. For coaches who move their sessions; managers always may.",
    )
    staff_reschedule = fields.Selection(
        selection=[
            ("free", "Move it all the same"),
            ("ask", "Propose times, the client decides"),
            ("refuse", "Give it or cancel"),
        ],
        string="With less notice coaches",
        required=True,
        default="free",
        help="What a coach can do who wants to move a session with no more than the"
        " coaches' notice.",
    )

    _check_moving = models.Constraint(
        "CHECK (max_moves >= 0 AND max_move_days >= 0 AND staff_notice_hours >= 0)",
        "Numbers and hours of moving sessions can't be negative.",
    )
    _check_ask_hours = models.Constraint(
        "CHECK (ask_hours > 0)", "Give at least some minutes to answer."
    )
