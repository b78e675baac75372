from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.database import make_undeletable

CONTINUE_WISHES = [
    ("yes", "Yes, continue"),
    ("unsure", "Unsure"),
    ("no", "No, I don't want to rebook"),
]
SLOT_WISHES = [
    ("same", "The same weekly time"),
    ("different", "A different time"),
]


class CoachingEngagement(models.Model):
    """A client and a coach who work together (R34-R36, R60, R61, R66, R76).

    Comes to be with their first booking. It says what the client wishes and whether the
    coaching has ended; it never keeps anybody from booking.
    """

    _name = "coaching.engagement"
    _description = "Client of a Coach"
    _inherit = ["mail.thread", "coaching.staff.mixin"]
    _order = "state, id desc"
    _rec_name = "partner_id"
    _check_company_auto = True
    # nobody writes engagements by hand, whoever reads one may talk about it
    _mail_post_access = "read"

    message_ids = fields.One2many(groups="base.group_user")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Client",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    coach_id = fields.Many2one(
        comodel_name="coaching.coach",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    # the coach's as they began: who changes company takes no history along
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    state = fields.Selection(
        string="Status",
        selection=[("active", "Active"), ("ended", "Ended")],
        required=True,
        readonly=True,
        default="active",
        index=True,
    )
    start_date = fields.Date(
        string="Since", required=True, readonly=True, help="Day of the first session."
    )
    last_booked_at = fields.Datetime(string="Last booking", readonly=True)
    ended_at = fields.Datetime(string="Ended on", readonly=True)
    ended_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Ended by",
        readonly=True,
        ondelete="restrict",
    )
    end_reason = fields.Text(string="Why it ended", readonly=True)
    # what the client said last; the sessions' logs keep earlier wishes
    continue_wish = fields.Selection(
        selection=CONTINUE_WISHES, string="Wants to continue", readonly=True
    )
    slot_wish = fields.Selection(
        selection=SLOT_WISHES, string="When to meet", readonly=True
    )
    wish_note = fields.Text(string="Wishes", readonly=True)
    wished_at = fields.Datetime(string="Wishes recorded at", readonly=True)
    wished_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Recorded by",
        readonly=True,
        ondelete="restrict",
    )
    slot_ids = fields.One2many(
        comodel_name="coaching.reserved.slot",
        inverse_name="engagement_id",
        string="Reserved slots",
        readonly=True,
    )
    attendance_ids = fields.Many2many(
        comodel_name="coaching.attendance",
        string="Sessions",
        compute="_compute_attendance_ids",
    )
    session_count = fields.Integer(
        string="Sessions held",
        compute="_compute_sessions",
        help="Completed sessions with this coach.",
    )
    missed_count = fields.Integer(string="Missed", compute="_compute_sessions")
    upcoming_count = fields.Integer(string="Booked", compute="_compute_sessions")
    last_session = fields.Datetime(
        string="Last session",
        compute="_compute_sessions",
        help="The last session that took place.",
    )
    next_session = fields.Datetime(
        string="Next session",
        compute="_compute_sessions",
        search="_search_next_session",
    )
    remaining = fields.Integer(
        string="Sessions left",
        compute="_compute_remaining",
        help="Sessions left in the client's packages, less the sessions owed.",
    )
    remaining_minutes = fields.Integer(
        string="Minutes left", compute="_compute_remaining"
    )

    _client_coach_unique = models.UniqueIndex(
        "(partner_id, coach_id, company_id)",
        "This client already works with this coach.",
    )
    _check_ended = models.Constraint(
        "CHECK ((state = 'ended') = (ended_at IS NOT NULL))",
        "Ended coaching needs an end date.",
    )

    def init(self):
        super().init()
        make_undeletable(self.env.cr, self._table)

    # === COMPUTE METHODS === #

    @api.depends("partner_id.name", "coach_id.name")
    def _compute_display_name(self):
        for engagement in self:
            # sudo: who reads this row knows both; a coach with a portal login may
            # not read contacts
            known = engagement.sudo()
            names = (known.partner_id.name, known.coach_id.name)
            engagement.display_name = " · ".join(filter(None, names))

    def _get_attendance_domain(self):
        """Return a domain of at least the attendances of these engagements."""
        return [
            ("partner_id", "in", self.partner_id.ids),
            ("coach_id", "in", self.coach_id.ids),
            ("company_id", "in", self.company_id.ids),
        ]

    def _get_key(self):
        """Return what attendances are found by."""
        self.ensure_one()
        return (self.partner_id, self.coach_id, self.company_id)

    def _compute_attendance_ids(self):
        groups = {
            tuple(key): attendances
            for *key, attendances in self.env["coaching.attendance"]._read_group(
                self._get_attendance_domain(),
                ["partner_id", "coach_id", "company_id"],
                ["id:recordset"],
            )
        }
        for engagement in self:
            attendances = groups.get(engagement._get_key())
            engagement.attendance_ids = attendances and attendances.sorted(
                "start", reverse=True
            )

    def _compute_sessions(self):
        now = self.env["coaching.session"]._now()
        Attendance = self.env["coaching.attendance"]
        keys = ["partner_id", "coach_id", "company_id"]
        domain = self._get_attendance_domain()
        held = {
            tuple(key): values
            for *key, count, last in Attendance._read_group(
                [*domain, ("state", "=", "completed")], keys, ["__count", "start:max"]
            )
            for values in [(count, last)]
        }
        missed = {
            tuple(key): count
            for *key, count in Attendance._read_group(
                [*domain, ("state", "=", "no_show")], keys, ["__count"]
            )
        }
        booked = {
            tuple(key): values
            for *key, count, first in Attendance._read_group(
                [*domain, ("state", "=", "scheduled"), ("start", ">", now)],
                keys,
                ["__count", "start:min"],
            )
            for values in [(count, first)]
        }
        for engagement in self:
            key = engagement._get_key()
            count, last = held.get(key, (0, False))
            engagement.session_count = count
            engagement.last_session = last
            engagement.missed_count = missed.get(key, 0)
            count, first = booked.get(key, (0, False))
            engagement.upcoming_count = count
            engagement.next_session = first

    def _search_next_session(self, operator, value):
        """Support “booked” and “nothing booked”, which is what lists ask for."""
        if operator != "in" or set(value) != {False}:
            return NotImplemented
        now = self.env["coaching.session"]._now()
        # sudo: only ids come out, and rules say which of them the user sees
        self.env["coaching.attendance"].flush_model()
        booked = SQL(
            """
            SELECT engagement.id
              FROM coaching_engagement engagement
              JOIN coaching_attendance attendance USING (
                   partner_id, coach_id, company_id)
             WHERE attendance.state = 'scheduled' AND attendance.start > %s
            """,
            now,
        )
        return [("id", "not in", booked)]

    def _compute_remaining(self):
        domain = [
            ("partner_id", "in", self.partner_id.ids),
            ("company_id", "in", self.company_id.ids),
        ]
        keys = ["partner_id", "company_id"]
        # sudo: how much a client has left is shown to the coach, also before the first
        # session of that package
        packages = self.env["coaching.package"].sudo()
        left = {
            tuple(key): total
            for *key, total in packages._read_group(
                [*domain, ("state", "=", "active")],
                [*keys, "unit"],
                ["remaining:sum"],
            )
        }
        owed = {
            tuple(key): total
            for *key, total in self.env["coaching.attendance"]
            .sudo()
            ._read_group(
                [*domain, ("owed", "=", True)], keys, ["sessions_deducted:sum"]
            )
        }
        for engagement in self:
            key = (engagement.partner_id, engagement.company_id)
            engagement.remaining = left.get((*key, "sessions"), 0) - owed.get(key, 0)
            engagement.remaining_minutes = left.get((*key, "minutes"), 0)

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._("Clients of a coach can't be deleted. End the coaching instead.")
        )

    # === BUSINESS METHODS === #

    def _log(self, sentence):
        """Write a sentence under these engagements, in the user's name."""
        for engagement in self:
            engagement._message_log(body=sentence)
