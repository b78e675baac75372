from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.database import make_undeletable
from ..base.groups import COACH_GROUP
from ..session.lifecycle import BLOCKING_STATES

WEEKDAYS = "0123456"


class CoachingSeries(models.Model):
    """Sessions that come up every week or every few weeks (R109-R117).

    Kept in local time, in the coach's time zone as it was made: ten o'clock stays ten
    o'clock when the clocks change. Its sessions are ordinary ones; what could not be
    booked is kept as a gap. Booking is in ``coaching_series_booking.py``, what is done
    with a whole series in ``coaching_series_actions.py`` and on the session.
    """

    _name = "coaching.series"
    _description = "Series"
    _inherit = ["coaching.staff.mixin"]
    _order = "id desc"
    _check_company_auto = True

    coach_id = fields.Many2one(
        comodel_name="coaching.coach",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    # the coach's as it was booked, as on the session
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    booking_type_id = fields.Many2one(
        string="Booking type",
        comodel_name="coaching.booking.type",
        required=True,
        readonly=True,
        ondelete="restrict",
        check_company=True,
    )
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="coaching_series_partner_rel",
        column1="series_id",
        column2="partner_id",
        string="Clients",
        readonly=True,
    )
    client_names = fields.Char(string="Client", compute="_compute_client_names")
    package_id = fields.Many2one(
        comodel_name="coaching.package",
        readonly=True,
        ondelete="restrict",
        check_company=True,
        help="Empty: the client's package that expires first.",
    )
    without_package = fields.Boolean(string="Without package", readonly=True)
    note = fields.Text(string="Reason or subject", readonly=True)
    agreed = fields.Boolean(
        string="The client agreed", readonly=True, help="For the whole series."
    )
    agreement_note = fields.Char(string="How the client agreed", readonly=True)
    # when it comes up
    tz = fields.Char(
        string="Time zone",
        required=True,
        readonly=True,
        help="The coach's time zone at booking.",
    )
    weekdays = fields.Char(
        required=True, readonly=True, help="Digits, 0 for Monday to 6 for Sunday."
    )
    start_minute = fields.Integer(
        string="Start (minutes)",
        required=True,
        readonly=True,
        aggregator=None,
        help="Minutes after midnight, in local time.",
    )
    duration_minutes = fields.Integer(
        string="Minutes", required=True, readonly=True, aggregator=None
    )
    interval_weeks = fields.Integer(
        string="Every (weeks)",
        required=True,
        readonly=True,
        default=1,
        aggregator=None,
    )
    rhythm = fields.Char(string="When", compute="_compute_rhythm")
    date_from = fields.Date(string="First day", required=True, readonly=True)
    ends = fields.Selection(
        selection=[
            ("date", "On a day"),
            ("count", "After a number of sessions"),
            ("package", "When the package is used up"),
        ],
        required=True,
        readonly=True,
    )
    date_to = fields.Date(string="Last day", readonly=True)
    occurrence_count = fields.Integer(
        string="Times",
        required=True,
        readonly=True,
        aggregator=None,
        help="Total number of sessions, booked or not.",
    )
    state = fields.Selection(
        string="Status",
        selection=[("active", "Active"), ("paused", "Paused"), ("ended", "Ended")],
        required=True,
        readonly=True,
        default="active",
        index=True,
    )
    session_ids = fields.One2many(
        comodel_name="coaching.session",
        inverse_name="series_id",
        string="Sessions",
        readonly=True,
    )
    gap_ids = fields.One2many(
        comodel_name="coaching.series.gap",
        inverse_name="series_id",
        string="Not booked",
        readonly=True,
    )
    booked_count = fields.Integer(string="Booked", compute="_compute_counts")
    upcoming_count = fields.Integer(string="Upcoming", compute="_compute_counts")
    gap_count = fields.Integer(string="Not booked yet", compute="_compute_counts")
    paused_count = fields.Integer(string="Paused", compute="_compute_counts")
    next_start = fields.Datetime(string="Next session", compute="_compute_counts")

    _check_weekdays = models.Constraint(
        "CHECK (weekdays ~ '^[0-6]{1,7}$')", "A series needs at least one weekday."
    )
    _check_rhythm = models.Constraint(
        "CHECK (start_minute BETWEEN 0 AND 1439 AND interval_weeks BETWEEN 1 AND 52"
        " AND duration_minutes > 0 AND occurrence_count > 0)",
        "A series needs a time of day, a length and at least one session.",
    )
    _check_dates = models.Constraint(
        "CHECK (date_from <= date_to)", "A series must end after it begins."
    )

    def init(self):
        super().init()
        make_undeletable(self.env.cr, self._table)

    # === COMPUTE METHODS === #

    @api.depends("partner_ids.name")
    def _compute_client_names(self):
        for series in self:
            names = series.partner_ids.mapped("name")
            series.client_names = ", ".join(filter(None, names))

    @api.depends("weekdays", "start_minute", "interval_weeks")
    @api.depends_context("lang")
    def _compute_rhythm(self):
        for series in self:
            series.rhythm = series._get_rhythm()

    def _get_rhythm(self):
        """Return its times in the reader's language: Mondays, Thursdays 10:00 AM."""
        self.ensure_one()
        Slot = self.env["coaching.reserved.slot"]
        names = dict(Slot._fields["weekday"]._description_selection(self.env))
        days = ", ".join(names[digit] for digit in sorted(set(self.weekdays or "")))
        clock = self.env["coaching.session"]._format_clock(self.start_minute)
        values = {"days": days, "time": clock}
        if self.interval_weeks == 1:
            return self.env._("%(days)s %(time)s", **values)
        return self.env._(
            "%(days)s %(time)s, every %(weeks)s weeks",
            weeks=self.interval_weeks,
            **values,
        )

    @api.depends("rhythm", "client_names")
    @api.depends_context("uid", "lang")
    def _compute_display_name(self):
        # as on sessions: clients of a group must not read who else is in it
        names_clients = self.env.user.has_group(COACH_GROUP)
        for series in self:
            names = [series._get_rhythm(), names_clients and series.client_names]
            series.display_name = " · ".join(filter(None, names))

    @api.depends("state", "session_ids.state", "session_ids.start", "gap_ids.state")
    def _compute_counts(self):
        now = self.env["coaching.session"]._now()
        gaps = {
            (series, kind): count
            for series, kind, count in self.env["coaching.series.gap"]._read_group(
                [
                    ("series_id", "in", self.ids),
                    ("state", "=", "open"),
                    # of what has ended nothing is booked any more
                    ("series_id.state", "!=", "ended"),
                ],
                ["series_id", "kind"],
                ["__count"],
            )
        }
        for series in self:
            booked = series.session_ids.filtered(
                lambda session: session.state in BLOCKING_STATES
            )
            upcoming = booked.filtered(
                lambda session: session.state == "scheduled" and session.start > now
            )
            series.booked_count = len(booked)
            series.upcoming_count = len(upcoming)
            series.gap_count = gaps.get((series._origin, "conflict"), 0)
            series.paused_count = gaps.get((series._origin, "paused"), 0)
            series.next_start = min(upcoming.mapped("start"), default=False)

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._("Series can't be deleted. End or cancel the series instead.")
        )

    # === BUSINESS METHODS === #

    def _get_staff_message(self):
        return self.env._("Only the coach of the series or a manager can do this.")

    def _get_open_sessions(self, first=None, last=None):
        """Return the sessions to come, in their order.

        :param datetime first: from then on, naive UTC
        :param datetime last: before then, naive UTC
        """
        now = self.env["coaching.session"]._now()
        return self.session_ids.filtered(
            lambda session: session.state == "scheduled"
            and session.start > now
            and (not first or session.start >= first)
            and (not last or session.start < last)
        ).sorted("start")

    def action_view_sessions(self):
        """Open the sessions of this series (R109)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_session_action"
        )
        action["domain"] = [("series_id", "=", self.id)]
        action["context"] = {}
        return action
