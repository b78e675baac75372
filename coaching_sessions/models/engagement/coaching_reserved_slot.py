from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.database import make_undeletable
from ..base.groups import COACH_GROUP


class CoachingReservedSlot(models.Model):
    """A weekly time of a coach that is kept for one client (R58, R62-R64).

    Kept in local time: ten o'clock stays ten o'clock when the clocks change. Removed
    slots are kept, and can be restored.
    """

    _name = "coaching.reserved.slot"
    _description = "Reserved Slot"
    _inherit = ["coaching.staff.mixin"]
    _order = "coach_id, weekday, start_minute, id"
    _check_company_auto = True

    engagement_id = fields.Many2one(
        comodel_name="coaching.engagement",
        string="Client of a coach",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    coach_id = fields.Many2one(
        related="engagement_id.coach_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(
        related="engagement_id.partner_id",
        string="Client",
        store=True,
        precompute=True,
        index=True,
    )
    company_id = fields.Many2one(
        related="engagement_id.company_id", store=True, precompute=True
    )
    booking_type_id = fields.Many2one(
        string="Booking type",
        comodel_name="coaching.booking.type",
        required=True,
        readonly=True,
        ondelete="restrict",
        check_company=True,
    )
    weekday = fields.Selection(
        selection=[
            ("0", "Mondays"),
            ("1", "Tuesdays"),
            ("2", "Wednesdays"),
            ("3", "Thursdays"),
            ("4", "Fridays"),
            ("5", "Saturdays"),
            ("6", "Sundays"),
        ],
        string="Day",
        required=True,
        readonly=True,
    )
    start_minute = fields.Integer(
        string="Start (minutes)",
        required=True,
        readonly=True,
        aggregator=None,
        help="Minutes after midnight, in the coach's local time.",
    )
    start_hour = fields.Float(
        string="From", compute="_compute_hours", help="In the coach's local time."
    )
    stop_hour = fields.Float(string="To", compute="_compute_hours")
    duration_minutes = fields.Integer(
        string="Minutes", required=True, readonly=True, aggregator=None
    )
    tz = fields.Char(
        string="Time zone",
        required=True,
        readonly=True,
        help="The coach's time zone when it was reserved.",
    )
    date_from = fields.Date(string="First day", required=True, readonly=True)
    date_to = fields.Date(
        string="Last day", readonly=True, help="Empty: until it is removed."
    )
    state = fields.Selection(
        string="Status",
        selection=[("active", "Reserved"), ("removed", "Removed")],
        required=True,
        readonly=True,
        default="active",
        index=True,
    )
    # the last removal
    removal = fields.Selection(
        selection=[
            ("manual", "By hand"),
            ("no_rebook", "The client does not want to rebook"),
            ("no_follow_up", "No follow-up is booked"),
            ("ended", "Coaching has ended"),
        ],
        string="Why removed",
        readonly=True,
    )
    removal_note = fields.Char(string="Removal note", readonly=True, groups=COACH_GROUP)
    removed_at = fields.Datetime(string="Removed at", readonly=True)
    removed_by_id = fields.Many2one(
        string="Removed by",
        comodel_name="res.users",
        readonly=True,
        ondelete="restrict",
    )
    removed_by_session_id = fields.Many2one(
        comodel_name="coaching.session",
        string="Removed at close-out of",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The session whose close-out removed it.",
    )
    removal_message = fields.Char(string="Message", compute="_compute_removal_message")
    restored_at = fields.Datetime(string="Restored at", readonly=True)
    restored_by_id = fields.Many2one(
        string="Restored by",
        comodel_name="res.users",
        readonly=True,
        ondelete="restrict",
    )

    _coach_no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(coach_id, coach_id, '[]') WITH =,"
        " int4range(weekday::int * 1440 + start_minute,"
        " weekday::int * 1440 + start_minute + duration_minutes) WITH &&,"
        " daterange(date_from, date_to, '[]') WITH &&)"
        " WHERE (state = 'active')",
        "The coach reserves that weekly time for another client. Choose another time.",
    )
    _check_times = models.Constraint(
        "CHECK (start_minute >= 0 AND duration_minutes > 0"
        " AND start_minute + duration_minutes <= 1440)",
        "A reserved slot must begin and end on the same day.",
    )
    _check_dates = models.Constraint(
        "CHECK (date_from <= date_to)", "A reserved slot must end after it begins."
    )
    _check_removed = models.Constraint(
        "CHECK (state = 'active' OR (removal IS NOT NULL AND removed_at IS NOT NULL))",
        "A removed slot needs the time and the reason.",
    )

    def init(self):
        super().init()
        make_undeletable(self.env.cr, self._table)

    # === COMPUTE METHODS === #

    @api.depends("weekday", "start_minute")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for slot in self:
            slot.display_name = slot._get_label()

    @api.depends("start_minute", "duration_minutes")
    def _compute_hours(self):
        for slot in self:
            slot.start_hour = slot.start_minute / 60
            slot.stop_hour = (slot.start_minute + slot.duration_minutes) / 60

    def _get_label(self):
        """Return the weekly time in the reader's language: Tuesdays 10:00 AM."""
        self.ensure_one()
        days = dict(self._fields["weekday"]._description_selection(self.env))
        clock = self.env["coaching.session"]._format_clock(self.start_minute)
        return f"{days.get(self.weekday, '')} {clock}"

    @api.depends("state", "removal", "partner_id.name")
    def _compute_removal_message(self):
        for slot in self:
            removed = slot.state == "removed"
            slot.removal_message = slot._get_removal_message() if removed else False

    def _get_removal_message(self):
        """Return the sentence that says that and why the slot is gone (R63)."""
        self.ensure_one()
        # sudo: who reads the slot knows whose it is; not everybody reads contacts
        values = {"slot": self._get_label(), "client": self.sudo().partner_id.name}
        if self.removal == "no_follow_up":
            return self.env._(
                "The reserved slot %(slot)s of %(client)s was removed because no"
                " follow-up is booked. You can restore it.",
                **values,
            )
        if self.removal == "no_rebook":
            return self.env._(
                "The reserved slot %(slot)s of %(client)s was removed because"
                " %(client)s does not want to rebook. You can restore it.",
                **values,
            )
        if self.removal == "ended":
            return self.env._(
                "The reserved slot %(slot)s of %(client)s was removed because"
                " coaching has ended. You can restore it after reopening the"
                " coaching.",
                **values,
            )
        return self.env._(
            "The reserved slot %(slot)s of %(client)s was removed. You can restore it.",
            **values,
        )

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._("Reserved slots can't be deleted. Remove the slot instead.")
        )

    # === BUSINESS METHODS === #
