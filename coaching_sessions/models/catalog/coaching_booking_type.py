import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CoachingBookingType(models.Model):
    """What can be booked, and under which policy (R28, R56, R127-R134)."""

    _name = "coaching.booking.type"
    _description = "Booking Type"
    _inherit = ["coaching.shared.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        compute="_compute_code",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="The code other systems use. It stays when the name changes.",
    )
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=100)
    color = fields.Integer()
    company_id = fields.Many2one(
        comodel_name="res.company",
        default=lambda self: self.env.company,
        help="Empty: every company can book it.",
    )
    description = fields.Html(translate=True, help="The text the client sees.")
    coach_ids = fields.Many2many(
        comodel_name="coaching.coach",
        relation="coaching_booking_type_coach_rel",
        column1="booking_type_id",
        column2="coach_id",
        string="Coaches",
        check_company=True,
        help="Empty: every coach offers it.",
    )
    # time
    duration_minutes = fields.Integer(string="Duration", required=True, default=60)
    buffer_before_minutes = fields.Integer(
        string="Buffer before", help="Minutes the coach needs before the session."
    )
    buffer_after_minutes = fields.Integer(
        string="Buffer after", help="Minutes the coach needs after the session."
    )
    max_participants = fields.Integer(
        string="Seats",
        required=True,
        default=1,
        help="More than one makes it a group session: clients join an existing session"
        " while seats are left.",
    )
    # money and packages
    complimentary = fields.Boolean(
        help="Free of charge. Selects the complimentary column of the policy."
    )
    package_required = fields.Boolean(
        string="Package required",
        default=True,
        help="Clients need a package with a session left. Untick to allow clients to"
        " attend without a package.",
    )
    sessions_deducted = fields.Integer(
        string="Sessions deducted",
        required=True,
        default=1,
        help="Sessions deducted from the client's package per attendance.",
    )
    is_makeup = fields.Boolean(
        string="Make-up",
        help="Booked with a make-up credit, without a package. It never gives another"
        " make-up.",
    )
    remunerated = fields.Boolean(
        string="Include in remuneration",
        default=True,
        help="Coaches are paid for sessions of this type.",
    )
    # notice
    cancel_notice_hours = fields.Float(
        string="Notice for cancelling",
        default=24.0,
        help="Hours. A cancellation with more notice than this is early; with exactly"
        " this much or less it is late.",
    )
    reschedule_notice_hours = fields.Float(
        string="Notice for rescheduling",
        default=24.0,
        help="Hours. For clients who move their own sessions.",
    )
    late_reschedule = fields.Selection(
        selection=[
            ("ask", "The coach decides"),
            ("free", "Move anyway"),
            ("refuse", "Attend or cancel"),
        ],
        string="With less notice, clients",
        required=True,
        default="ask",
        help="What clients can do when it is too late to move a session themselves. The"
        " coach decides: the client sends a message.",
    )
    # when it is over
    after_session = fields.Selection(
        selection=[("ask", "Ask the coach"), ("complete", "Complete automatically")],
        string="When it is over",
        required=True,
        default="ask",
        help="Ask the coach: an email asks whether the session took place. Complete"
        " automatically: the session counts as completed unless somebody records"
        " another outcome first.",
    )
    auto_complete_hours = fields.Float(
        string="Completes after",
        default=24.0,
        help="Hours after the end of the session. The coach can record an outcome until"
        " then and correct it afterwards.",
    )

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))",
        "Another booking type has this code. Choose a different one.",
    )
    _check_duration = models.Constraint(
        "CHECK (duration_minutes > 0)", "A session must last at least one minute."
    )
    _check_buffers = models.Constraint(
        "CHECK (buffer_before_minutes >= 0 AND buffer_after_minutes >= 0)",
        "The time kept free around a session can't be negative.",
    )
    _check_participants = models.Constraint(
        "CHECK (max_participants > 0)", "A session needs at least one seat."
    )
    _check_sessions_deducted = models.Constraint(
        "CHECK (sessions_deducted >= 0)",
        "The number of sessions taken from the package can't be negative.",
    )
    _check_notice = models.Constraint(
        "CHECK (cancel_notice_hours >= 0 AND reschedule_notice_hours >= 0)",
        "Notice can't be negative.",
    )
    _check_auto_complete = models.Constraint(
        "CHECK (auto_complete_hours >= 0)",
        "A session can only complete after its end: enter 0 hours or more.",
    )

    @api.depends("name")
    def _compute_code(self):
        types = self.with_context(active_test=False)
        taken = set(types.search([("code", "!=", False)]).mapped("code"))
        for booking_type in self:
            code = booking_type.code
            if not code and booking_type.name:
                base = re.sub(r"\W+", "_", booking_type.name.lower())
                code = base = base.strip("_") or "type"
                number = 1
                while code in taken:
                    number += 1
                    code = f"{base}_{number}"
                taken.add(code)
            booking_type.code = code

    @api.constrains("is_makeup", "package_required")
    def _check_makeup(self):
        for booking_type in self:
            if booking_type.is_makeup and booking_type.package_required:
                raise ValidationError(
                    self.env._(
                        "Make-ups don't use a package. Untick “Package required” on"
                        " “%(name)s”.",
                        name=booking_type.name,
                    )
                )

    def copy_data(self, default=None):
        return [
            {**vals, "code": f"{vals['code']}_copy"}
            if "code" not in (default or {})
            else vals
            for vals in super().copy_data(default=default)
        ]

    @api.onchange("is_makeup")
    def _onchange_is_makeup(self):
        if self.is_makeup:
            self.package_required = False
            self.remunerated = False
