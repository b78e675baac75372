from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.arguments import check_there
from ...tools.database import make_undeletable
from ..base.groups import MANAGER_GROUP

# Changed by methods, which keep who and when.
METHOD_FIELDS = {"state", "done_at", "done_by_id"}
FIXED_FIELDS = {"partner_id", "company_id", "attendance_id", "session_id"}


class CoachingActionItem(models.Model):
    """What a client does next, agreed on in a session or between them (R30, R94)."""

    _name = "coaching.action.item"
    _description = "Next Step"
    _inherit = ["coaching.target.mixin", "coaching.staff.mixin"]
    _order = "state desc, due_date, id"
    _rec_name = "description"
    _check_company_auto = True

    description = fields.Text(
        string="Next step", required=True, help="The client sees it."
    )
    attendance_id = fields.Many2one(
        comodel_name="coaching.attendance",
        string="Client's session",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        help="The session in which it was agreed, if any.",
    )
    # not precomputed: that would leave unsaved records in the session's steps
    session_id = fields.Many2one(
        related="attendance_id.session_id", store=True, index="btree_not_null"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Client",
        required=True,
        index=True,
        ondelete="restrict",
        compute="_compute_from_attendance",
        store=True,
        readonly=False,
        precompute=True,
    )
    coach_id = fields.Many2one(
        comodel_name="coaching.coach",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        compute="_compute_from_attendance",
        store=True,
        readonly=False,
        precompute=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        ondelete="restrict",
        compute="_compute_from_attendance",
        store=True,
        precompute=True,
    )
    due_date = fields.Date(string="Due date", index="btree_not_null")
    state = fields.Selection(
        string="Status",
        selection=[("open", "Open"), ("done", "Done"), ("dropped", "Dropped")],
        required=True,
        readonly=True,
        default="open",
        index=True,
        copy=False,
        group_expand=True,
    )
    done_at = fields.Datetime(string="Done at", readonly=True, copy=False)
    done_by_id = fields.Many2one(
        string="Done by",
        comodel_name="res.users",
        readonly=True,
        ondelete="restrict",
        copy=False,
    )
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )

    _check_done = models.Constraint(
        "CHECK ((state = 'done') = (done_at IS NOT NULL)"
        " AND (state = 'done') = (done_by_id IS NOT NULL))",
        "A completed step needs who did it and when.",
    )

    def init(self):
        super().init()
        make_undeletable(self.env.cr, self._table)

    # === COMPUTE METHODS === #

    @api.depends("attendance_id")
    def _compute_from_attendance(self):
        own = self.env["coaching.goal"]._get_own_coach()
        for item in self:
            attendance = item.attendance_id
            item.partner_id = attendance.partner_id or item.partner_id
            item.coach_id = attendance.coach_id or item.coach_id or own
            item.company_id = attendance.company_id or self.env.company

    @api.depends("state", "due_date")
    @api.depends_context("tz")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for item in self:
            item.is_overdue = bool(
                item.state == "open" and item.due_date and item.due_date < today
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        return [("state", "=", "open"), ("due_date", "<", today)]

    @api.constrains("attendance_id", "partner_id", "coach_id")
    def _check_attendance(self):
        for item in self:
            attendance = item.attendance_id
            if attendance and attendance.partner_id != item.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(session)s was not a session of %(client)s. Choose one of"
                        " this client's sessions.",
                        session=attendance.session_id.name,
                        client=item.partner_id.name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su:
            return super().create(vals_list)
        for vals in vals_list:
            self._check_by_method(vals)
            self._check_named(vals)
        # what defaults say is looked at like what the caller says
        vals_list = [
            self._add_missing_default_values(
                {**self._get_initial_values(METHOD_FIELDS), **vals}
            )
            for vals in vals_list
        ]
        attendances = self.env["coaching.attendance"].browse(
            {vals["attendance_id"] for vals in vals_list if vals.get("attendance_id")}
        )
        attendances.check_access("read")
        if attendances:
            attendances.session_id._check_staff()
        return super().create(vals_list)

    def write(self, vals):
        self._check_by_method(vals, fixed=FIXED_FIELDS)
        moved = "coach_id" in vals and not self.env.su
        if moved and not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(
                self.env._("Only a manager can assign a next step to another coach.")
            )
        return super().write(vals)

    @api.model
    def _check_by_method(self, vals, fixed=()):
        """Raise when values hold what only methods, or nobody, may set."""
        locked = (METHOD_FIELDS | set(fixed)) & set(vals)
        if locked and not self.env.su:
            raise UserError(
                self.env._(
                    "%(field)s of a next step can't be edited. Use its buttons, or"
                    " add a new step.",
                    field=self._fields[min(locked)]._description_string(self.env),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._("Next steps can't be deleted. Drop the step instead.")
        )

    # === BUSINESS METHODS === #

    def _check_rights(self, client=False):
        """Raise unless the user is staff, or the client where clients may.

        :param bool client: whether clients may
        :raise AccessError: also for steps the user may not even read
        """
        self.check_access("read")
        own = client and self.partner_id == self.env.user.partner_id
        if self and not own and not self._is_staff():
            raise AccessError(
                self.env._("Only the coach of the next step or a manager can do this.")
            )

    def action_done(self):
        """Mark open steps as done; the client may (R94). Done ones stay as they are.

        :return: True
        :raise UserError: for a step that was dropped
        :raise AccessError: unless the user is the client, the coach or a manager
        """
        check_there(self)
        self._check_rights(client=True)
        dropped = self.filtered(lambda item: item.state == "dropped")
        if dropped:
            raise UserError(
                self.env._(
                    "“%(step)s” was dropped. Your coach can reopen it.",
                    step=dropped[0].description,
                )
            )
        # sudo: rights were checked; nobody writes the state by hand
        self.sudo().filtered(lambda item: item.state == "open").write(
            {
                "state": "done",
                "done_at": self.env["coaching.session"]._now(),
                "done_by_id": self.env.uid,
            }
        )
        return True

    def action_undo(self):
        """Open steps again: done ones, for staff also dropped ones.

        :return: True
        :raise AccessError: unless the user is the client, the coach or a manager
        """
        check_there(self)
        dropped = self.filtered(lambda item: item.state == "dropped")
        dropped._check_rights()
        (self - dropped)._check_rights(client=True)
        # sudo: rights were checked; nobody writes the state by hand
        self.sudo().write({"state": "open", "done_at": False, "done_by_id": False})
        return True

    def action_drop(self):
        """Give up open steps; done ones stay as they are.

        :return: True
        :raise AccessError: unless the user is the coach or a manager
        """
        check_there(self)
        self._check_rights()
        # sudo: rights were checked; nobody writes the state by hand
        self.sudo().filtered(lambda item: item.state == "open").write(
            {"state": "dropped"}
        )
        return True
