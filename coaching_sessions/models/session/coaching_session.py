import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.database import get_missing_constraints, make_undeletable
from ..base.groups import COACH_GROUP
from ..catalog.coaching_outcome import SESSION_STATES

# whoever asks what takes time may take it from here
from .lifecycle import get_session_state

_logger = logging.getLogger(__name__)


class CoachingSession(models.Model):
    """One coach, one time, one booking type; never deleted (R1-R10, R38).

    The session owns its time; the calendar event is a projection of it. What was
    booked changes through ``book``, ``action_reschedule``, ``action_cancel`` and the
    attendances' ``action_close`` only.
    """

    _name = "coaching.session"
    _description = "Session"
    _inherit = ["mail.thread", "mail.activity.mixin", "coaching.staff.mixin"]
    _order = "start desc, id desc"
    _check_company_auto = True

    # searching through it would let portal users guess what staff wrote
    message_ids = fields.One2many(groups="base.group_user")
    name = fields.Char(
        string="Number", required=True, readonly=True, copy=False, default="/"
    )
    booking_type_id = fields.Many2one(
        string="Booking type",
        comodel_name="coaching.booking.type",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    coach_id = fields.Many2one(
        comodel_name="coaching.coach",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    # the coach's at booking: a coach who changes company takes no history along
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    start = fields.Datetime(required=True, index=True)
    stop = fields.Datetime(string="End", required=True)
    # with the time kept free around the session, for the exclusion constraint
    busy_start = fields.Datetime(string="Busy start", required=True, readonly=True)
    busy_stop = fields.Datetime(string="Busy until", required=True, readonly=True)
    duration_minutes = fields.Integer(
        string="Duration", compute="_compute_duration_minutes"
    )
    actual_start = fields.Datetime(
        string="Began at", help="When the session really began."
    )
    actual_stop = fields.Datetime(
        string="Ended at", help="When the session really ended."
    )
    state = fields.Selection(
        string="Status",
        selection=[("scheduled", "Scheduled"), *SESSION_STATES],
        compute="_compute_state",
        store=True,
        precompute=True,
        index=True,
        group_expand=True,
    )
    awaiting_update = fields.Boolean(
        string="Awaiting update",
        compute="_compute_awaiting_update",
        search="_search_awaiting_update",
        help="The session is over but not closed out yet.",
    )
    attendance_ids = fields.One2many(
        comodel_name="coaching.attendance",
        inverse_name="session_id",
        string="Clients",
    )
    client_names = fields.Char(
        string="Client",
        compute="_compute_client_names",
        store=True,
        precompute=True,
        # clients of a group must not read who else is in it
        groups=COACH_GROUP,
    )
    attendance_id = fields.Many2one(
        comodel_name="coaching.attendance",
        string="Attendance",
        compute="_compute_attendance_id",
        search="_search_attendance_id",
        help="The one attendance of a session with a single client.",
    )
    # of the one client, for the form
    outcome_id = fields.Many2one(related="attendance_id.outcome_id")
    outcome_note = fields.Text(
        related="attendance_id.outcome_note",
        groups="coaching_sessions.group_coaching_coach",
    )
    closed_by_id = fields.Many2one(related="attendance_id.closed_by_id")
    closed_at = fields.Datetime(related="attendance_id.closed_at")
    log_ids = fields.One2many(
        comodel_name="coaching.session.log",
        inverse_name="session_id",
        string="Log",
        readonly=True,
        groups=COACH_GROUP,
    )
    seats = fields.Integer(readonly=True, default=1)
    seats_taken = fields.Integer(string="Seats taken", readonly=True, default=0)
    note = fields.Text(
        string="Reason or subject", help="Topic of the session (visible to clients)."
    )
    event_id = fields.Many2one(
        comodel_name="calendar.event",
        string="Calendar event",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    _coach_no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(coach_id, coach_id, '[]') WITH =,"
        " tsrange(busy_start, busy_stop, '[)') WITH &&)"
        " WHERE (state IN ('scheduled', 'completed', 'no_show'))",
        "The coach already has a session at that time. Choose another time.",
    )
    _check_times = models.Constraint(
        "CHECK (busy_start <= start AND start < stop AND stop <= busy_stop)",
        "A session must end after it starts.",
    )
    _check_actual_times = models.Constraint(
        "CHECK (actual_start IS NULL OR actual_stop IS NULL"
        " OR actual_start < actual_stop)",
        "A session must end after it starts.",
    )
    _check_seats = models.Constraint(
        "CHECK (seats_taken BETWEEN 0 AND seats)",
        "There is no seat left in this session.",
    )
    # what takes a coach's time from some moment on
    _busy_index = models.Index(
        "(coach_id, busy_stop) WHERE state IN ('scheduled', 'completed', 'no_show')"
    )
    _awaiting_index = models.Index("(coach_id, stop) WHERE state = 'scheduled'")

    def init(self):
        super().init()
        make_undeletable(self.env.cr, self._table)

    def _register_hook(self):
        super()._register_hook()
        missing = get_missing_constraints(self.env, "coaching_sessions")
        if missing:
            # an upgrade only logs this in passing: say it at every start
            _logger.error(
                "These database constraints are missing because existing records"
                " violate them: %s. Correct the records, then upgrade"
                " coaching_sessions.",
                ", ".join(missing),
            )

    # === COMPUTE METHODS === #

    @api.depends("start", "stop")
    def _compute_duration_minutes(self):
        for session in self:
            session.duration_minutes = (
                (session.stop - session.start).total_seconds() // 60
                if session.start and session.stop
                else 0
            )

    @api.depends("attendance_ids.state")
    def _compute_state(self):
        for session in self:
            session.state = get_session_state(session.attendance_ids.mapped("state"))

    @api.depends("state", "stop")
    def _compute_awaiting_update(self):
        now = fields.Datetime.now()
        for session in self:
            session.awaiting_update = (
                session.state == "scheduled" and session.stop and session.stop <= now
            )

    def _search_awaiting_update(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("state", "=", "scheduled"), ("stop", "<=", fields.Datetime.now())]

    @api.depends("attendance_ids.partner_id.name")
    def _compute_client_names(self):
        for session in self:
            names = session.attendance_ids.partner_id.mapped("name")
            session.client_names = ", ".join(filter(None, names))

    @api.depends("attendance_ids", "seats")
    def _compute_attendance_id(self):
        for session in self:
            single = len(session.attendance_ids) == 1 and session.seats == 1
            session.attendance_id = session.attendance_ids if single else False

    def _search_attendance_id(self, operator, value):
        return [("seats", "=", 1), ("attendance_ids", operator, value)]

    @api.depends("name", "booking_type_id", "client_names")
    @api.depends_context("coaching_calendar", "uid")
    def _compute_display_name(self):
        # the user's group, not su: the name is part of sentences that clients read
        names_clients = self.env.user.has_group(COACH_GROUP)
        short = self.env.context.get("coaching_calendar")
        for session in self:
            # sudo: clients may read what they booked, not the booking type itself
            known = session.sudo()
            clients = names_clients and known.client_names
            what = clients or known.booking_type_id.name
            # a calendar has little room, and the number tells nothing there
            names = [None if short and clients else session.name, what]
            session.display_name = " · ".join(filter(None, names))

    # === CRUD METHODS === #

    @api.model
    def _get_editable_fields(self):
        """Return the fields a manager may write by hand; the rest has its method."""
        return {"note", "attendance_ids", "message_follower_ids", "activity_ids"} | {
            name for name in self._fields if name.startswith(("message_", "activity_"))
        }

    def write(self, vals):
        if not self.env.su:
            locked = set(vals) - self._get_editable_fields()
            if locked:
                raise UserError(
                    self.env._(
                        "%(field)s of a booked session can't be edited. Reschedule,"
                        " cancel or close out the session instead.",
                        field=self._fields[min(locked)]._description_string(self.env),
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._("Sessions can't be deleted. Cancel the session instead.")
        )

    # === BUSINESS METHODS === #

    def _now(self):
        """Return the time that decides on past, future, early and late (naive UTC)."""
        return fields.Datetime.now()

    def _get_local_date(self):
        """Return the day of the session in the coach's time zone."""
        self.ensure_one()
        return self.coach_id._get_local_date(self.start)

    def action_open_event(self):
        """Open the calendar event that shows this session."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "calendar.event",
            "res_id": self.event_id.id,
            "view_mode": "form",
        }
