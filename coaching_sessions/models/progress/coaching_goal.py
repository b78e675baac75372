from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.arguments import parse_ids, parse_percent, parse_text
from ...tools.database import make_undeletable
from ..base.groups import MANAGER_GROUP

GOAL_STATES = [("open", "Open"), ("reached", "Reached"), ("dropped", "Dropped")]
# Changed by methods, which keep who, when and why.
METHOD_FIELDS = {"state", "progress_percent", "attendance_ids", "progress_ids"}
FIXED_FIELDS = {"partner_id", "company_id"}


class CoachingGoal(models.Model):
    """What a client wants to reach, and the sessions that served it (R96-R98)."""

    _name = "coaching.goal"
    _description = "Goal"
    _inherit = ["coaching.target.mixin", "coaching.staff.mixin"]
    _order = "target_date, id"
    _check_company_auto = True

    name = fields.Char(string="Goal", required=True)
    description = fields.Text(help="The client sees it.")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Client",
        required=True,
        index=True,
        ondelete="restrict",
    )
    coach_id = fields.Many2one(
        comodel_name="coaching.coach",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        default=lambda self: self._get_own_coach(),
        help="The coach working on it with the client; coaches of linked sessions can"
        " also work on it.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    target_date = fields.Date(string="Target date")
    state = fields.Selection(
        string="Status",
        selection=GOAL_STATES,
        required=True,
        readonly=True,
        default="open",
        index=True,
        copy=False,
        group_expand=True,
    )
    progress_percent = fields.Integer(
        string="Progress (%)", readonly=True, copy=False, aggregator="avg"
    )
    progress_ids = fields.One2many(
        comodel_name="coaching.goal.progress",
        inverse_name="goal_id",
        string="History",
        readonly=True,
    )
    attendance_ids = fields.Many2many(
        comodel_name="coaching.attendance",
        relation="coaching_goal_attendance_rel",
        column1="goal_id",
        column2="attendance_id",
        string="Sessions",
        readonly=True,
        copy=False,
    )
    session_count = fields.Integer(
        string="Sessions held",
        compute="_compute_session_count",
        # sudo: a coach sees how many there were, not the sessions of others
        compute_sudo=True,
        help="Linked sessions that took place.",
    )

    _check_percent = models.Constraint(
        "CHECK (progress_percent BETWEEN 0 AND 100)",
        "Progress is a number from 0 to 100.",
    )

    def init(self):
        super().init()
        make_undeletable(self.env.cr, self._table)

    @api.model
    def _get_own_coach(self):
        """Return the coach that the user is in this company, if any."""
        return self.env["coaching.coach"].search(
            [("user_id", "=", self.env.uid), ("company_id", "=", self.env.company.id)],
            limit=1,
        )

    @api.depends("attendance_ids.state")
    def _compute_session_count(self):
        held = dict(
            self.env["coaching.attendance"]._read_group(
                [("goal_ids", "in", self.ids), ("state", "=", "completed")],
                ["goal_ids"],
                ["__count"],
            )
        )
        for goal in self:
            goal.session_count = held.get(goal._origin, 0)

    @api.constrains("attendance_ids", "partner_id")
    def _check_attendances(self):
        # sudo: also sessions of other coaches are this client's
        for goal in self.sudo():
            goal.attendance_ids._check_goals(goal)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su:
            return super().create(vals_list)
        for vals in vals_list:
            self._check_by_method(vals)
            self._check_named(vals)
        return super().create(
            [{**self._get_initial_values(METHOD_FIELDS), **vals} for vals in vals_list]
        )

    def write(self, vals):
        self._check_by_method(vals, fixed=FIXED_FIELDS)
        moved = "coach_id" in vals and not self.env.su
        if moved and not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(
                self.env._("Only a manager can assign a goal to another coach.")
            )
        return super().write(vals)

    @api.model
    def _check_by_method(self, vals, fixed=()):
        """Raise when values hold what only methods, or nobody, may set."""
        locked = (METHOD_FIELDS | set(fixed)) & set(vals)
        if locked and not self.env.su:
            raise UserError(
                self.env._(
                    "%(field)s of a goal can't be edited. Record progress or link"
                    " sessions instead.",
                    field=self._fields[min(locked)]._description_string(self.env),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("Goals can't be deleted. Drop the goal instead."))

    # === BUSINESS METHODS === #

    def _get_staff_coaches(self):
        return self.coach_id | self.attendance_ids.coach_id

    def _get_staff_message(self):
        return self.env._("Only the coach of the goal or a manager can do this.")

    def action_record_progress(self, percent, note="", attendance_id=None):
        """Record how far open goals are, into their history (R97, R145).

        :param percent: whole number from 0 to 100
        :param str note: what was achieved; the client reads it
        :param int attendance_id: the session it was seen in; it is linked to the goal
        :return: True
        :raise UserError: for a closed goal, a wrong percentage, or another client's
            session
        :raise AccessError: unless the user is a coach of the goal or a manager
        """
        self._check_staff()
        percent = parse_percent(self.env, percent)
        note = parse_text(self.env, note)
        attendance = self.env["coaching.attendance"].browse(
            parse_ids(self.env, [attendance_id] if attendance_id else [])
        )
        attendance.check_access("read")
        closed = self.filtered(lambda goal: goal.state != "open")
        if closed:
            raise UserError(
                self.env._(
                    "“%(goal)s” is closed. Reopen it first.", goal=closed[0].name
                )
            )
        # sudo: rights were checked; nobody writes progress by hand
        goals = self.sudo()
        values = {"progress_percent": percent}
        if attendance:
            values["attendance_ids"] = [fields.Command.link(attendance.id)]
        goals.write(values)
        goals._log_progress(note, attendance)
        return True

    def action_reach(self, note=""):
        """Close open goals as reached; see ``_close``."""
        return self._close("reached", note)

    def action_drop(self, note=""):
        """Close open goals that are pursued no more; see ``_close``."""
        return self._close("dropped", note)

    def action_reopen(self, note=""):
        """Open closed goals again; see ``_close``."""
        return self._close("open", note)

    def _close(self, state, note=""):
        """Change the state and keep who, when and why; what has it stays as it is.

        :param str note: why; the client reads it
        :return: True
        :raise AccessError: unless the user is a coach of the goal or a manager
        """
        self._check_staff()
        note = parse_text(self.env, note)
        # sudo: rights were checked; nobody writes the state by hand
        goals = self.sudo().filtered(lambda goal: goal.state != state)
        goals.write({"state": state})
        goals._log_progress(note)
        return True

    def _log_progress(self, note="", attendance=None):
        """Add how these goals stand now to their history."""
        self.env["coaching.goal.progress"].create(
            [
                {
                    "goal_id": goal.id,
                    "attendance_id": attendance.id if attendance else False,
                    "percent": goal.progress_percent,
                    "state": goal.state,
                    "note": note or False,
                }
                for goal in self
            ]
        )

    def action_view_sessions(self):
        """Open the sessions that served this goal."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_session_action"
        )
        action["domain"] = [("attendance_ids.goal_ids", "in", self.ids)]
        action["context"] = {}
        return action
