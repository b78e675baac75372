from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.database import make_undeletable
from ..catalog.coaching_outcome import SESSION_STATES
from .lifecycle import BLOCKING_STATES, OPEN, get_act


class CoachingAttendance(models.Model):
    """One client in one session: what they attend with and what happened.

    Closing it (``coaching_attendance_close.py``) is the one fact that everything else
    follows from; the ledgers hold what followed.
    """

    _name = "coaching.attendance"
    _description = "Attendance"
    _order = "start desc, id desc"
    _check_company_auto = True

    session_id = fields.Many2one(
        comodel_name="coaching.session",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Client",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    company_id = fields.Many2one(
        related="session_id.company_id", store=True, precompute=True, index=True
    )
    coach_id = fields.Many2one(
        related="session_id.coach_id", store=True, precompute=True, index=True
    )
    booking_type_id = fields.Many2one(
        related="session_id.booking_type_id", store=True, precompute=True
    )
    # the session's, kept here for the exclusion constraint
    start = fields.Datetime(required=True, readonly=True)
    stop = fields.Datetime(string="End", required=True, readonly=True)
    state = fields.Selection(
        string="Status",
        selection=[(OPEN, "Scheduled"), *SESSION_STATES],
        required=True,
        default=OPEN,
        readonly=True,
        index=True,
    )
    # what was recorded
    outcome_id = fields.Many2one(
        comodel_name="coaching.outcome",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    outcome_note = fields.Text(
        string="What happened",
        readonly=True,
        groups="coaching_sessions.group_coaching_coach",
        help="Comment from whoever closed the session. Clients don't see it.",
    )
    closed_by_id = fields.Many2one(
        string="Closed by", comodel_name="res.users", readonly=True
    )
    closed_at = fields.Datetime(string="Closed at", readonly=True)
    note = fields.Text(
        string="Client's subject", readonly=True, help="The client's own words."
    )

    _client_busy_index = models.Index(
        "(partner_id, stop) WHERE state IN ('scheduled', 'completed', 'no_show')"
    )
    _client_no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(partner_id, partner_id, '[]') WITH =,"
        " tsrange(start, stop, '[)') WITH &&)"
        " WHERE (state IN ('scheduled', 'completed', 'no_show'))",
        "The client already has a session at that time. Choose another time.",
    )
    _session_client_unique = models.UniqueIndex(
        "(session_id, partner_id) WHERE state IN ('scheduled', 'completed', 'no_show')",
        "The client already takes part in this session.",
    )
    _check_outcome = models.Constraint(
        "CHECK ((state = 'scheduled') = (outcome_id IS NULL))",
        "A closed session needs an outcome.",
    )

    def init(self):
        super().init()
        make_undeletable(self.env.cr, self._table)

    @api.depends("session_id.name", "partner_id")
    def _compute_display_name(self):
        for attendance in self:
            names = (attendance.session_id.name, attendance.partner_id.display_name)
            attendance.display_name = " · ".join(filter(None, names))

    def write(self, vals):
        if not self.env.su:
            raise UserError(
                self.env._(
                    "Attendances can't be edited. Close out the session, or close it"
                    " out again to correct it."
                )
            )
        if "state" in vals:
            self._check_transition(vals["state"])
        return super().write(vals)

    def _check_transition(self, state):
        """Raise unless an act leads from the state of each of these to another.

        :param str state: see ``lifecycle.py``
        """
        for old, attendances in self.grouped("state").items():
            if not get_act(old, state):
                names = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(session)s is “%(old)s” and can't become “%(new)s”.",
                        session=attendances[0].session_id.name,
                        old=names[old],
                        new=names.get(state, state),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._("Sessions can't be deleted. Cancel the session instead.")
        )

    # === BUSINESS METHODS === #

    def _is_blocking(self):
        """Return whether coach and client are taken for this attendance."""
        self.ensure_one()
        return self.state in BLOCKING_STATES

    def _post_booking(self, request):
        """Do what follows from a booking, in its transaction; a hook.

        :param self: new attendances, alike but for the time
        :param BookingRequest request: what was asked for
        """
        self.env["coaching.session.log"]._add("booked", dict.fromkeys(self, ""))

    def _get_local_date(self):
        """Return the day of the session in the coach's time zone.

        The day that validity and pay are reckoned by.
        """
        self.ensure_one()
        return self.coach_id._get_local_date(self.start)

    def action_view_session(self):
        """Open the session."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "coaching.session",
            "res_id": self.session_id.id,
            "view_mode": "form",
        }
