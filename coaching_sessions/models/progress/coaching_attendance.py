from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.arguments import parse_body, parse_date, parse_ids, parse_text


class CoachingAttendance(models.Model):
    """What coach and client take along from a session (R30, R92-R98)."""

    _inherit = "coaching.attendance"

    goal_ids = fields.Many2many(
        comodel_name="coaching.goal",
        relation="coaching_goal_attendance_rel",
        column1="attendance_id",
        column2="goal_id",
        string="Goals",
        readonly=True,
        copy=False,
        help="Goals of the client that this session served.",
    )

    def _check_goals(self, goals):
        """Raise unless these are goals of these sessions' clients.

        :param goals: ``coaching.goal``
        """
        for attendance in self:
            foreign = goals.filtered(
                lambda goal, attendance=attendance: goal.partner_id
                != attendance.partner_id
                or goal.company_id != attendance.company_id
            )
            if foreign:
                raise UserError(
                    self.env._(
                        "“%(goal)s” is not a goal of %(client)s. Choose one of this"
                        " client's goals.",
                        goal=foreign[0].name,
                        client=attendance.partner_id.name,
                    )
                )

    def action_add_note(self, body, private=False, kind="note"):
        """Add a note to each of these sessions, during or after them (R92-R95).

        :param str body: HTML, or text whose lines are kept
        :param bool private: for the author alone; else the client reads it
        :param str kind: of a shared note: ``note``, ``insight``, ``progress``,
            ``homework`` or ``resource``
        :return: ``coaching.note``, or ``coaching.private.note``
        :raise UserError: when nothing is written
        :raise AccessError: unless the user is the coach or a manager
        """
        self.check_access("read")
        self.session_id._check_staff()
        values = {"body": parse_body(self.env, body)}
        model = "coaching.private.note" if private else "coaching.note"
        if not private:
            kinds = self.env[model]._fields["kind"].get_values(self.env)
            if kind not in kinds:
                raise UserError(
                    self.env._(
                        "Unknown kind of note “%(kind)s”. Choose one of: %(kinds)s.",
                        kind=kind,
                        kinds=", ".join(kinds),
                    )
                )
            values["kind"] = kind
        # sudo: rights were checked; coaches with a portal login have no others
        notes = (
            self.env[model]
            .sudo()
            .create([{**values, "attendance_id": attendance.id} for attendance in self])
        )
        return notes.with_env(self.env)

    def action_add_action_item(self, description, due_date=None):
        """Write down what each of these clients does next (R30, R94).

        :param str description: the client reads it
        :param due_date: day until when, none by default
        :return: ``coaching.action.item``
        :raise UserError: without a description, or for a wrong date
        :raise AccessError: unless the user is the coach or a manager
        """
        self.check_access("read")
        self.session_id._check_staff()
        description = parse_text(self.env, description).strip()
        if not description:
            raise UserError(self.env._("Enter what the client does next."))
        due_date = parse_date(self.env, due_date)
        # sudo: rights were checked; coaches with a portal login have no others
        items = (
            self.env["coaching.action.item"]
            .sudo()
            .create(
                [
                    {
                        "attendance_id": attendance.id,
                        "description": description,
                        "due_date": due_date,
                    }
                    for attendance in self
                ]
            )
        )
        return items.with_env(self.env)

    def action_add_goal(self, name, description="", target_date=None):
        """Set a goal with the client of this session, which is linked to it (R96).

        :param str name: the goal in a few words; the client reads it
        :param str description: more about it
        :param target_date: day until when, none by default
        :return: ``coaching.goal``
        :raise UserError: without a name, or for a wrong date
        :raise AccessError: unless the user is the coach or a manager
        """
        self.check_access("read")
        self.ensure_one()
        self.session_id._check_staff()
        name = parse_text(self.env, name).strip()
        if not name:
            raise UserError(self.env._("Enter what the client wants to reach."))
        # sudo: rights were checked; coaches with a portal login have no others
        goal = (
            self.env["coaching.goal"]
            .sudo()
            .create(
                {
                    "name": name,
                    "description": parse_text(self.env, description),
                    "target_date": parse_date(self.env, target_date),
                    "partner_id": self.partner_id.id,
                    "coach_id": self.coach_id.id,
                    "company_id": self.company_id.id,
                    "attendance_ids": [fields.Command.link(self.id)],
                }
            )
        )
        return goal.with_env(self.env)

    def action_link_goals(self, goal_ids):
        """Say which goals of its client this session served (R96).

        What is given replaces what was linked before: an empty list unlinks all.

        :param goal_ids: list of ids of ``coaching.goal``
        :return: True
        :raise UserError: for goals of another client
        :raise AccessError: unless the user is the coach or a manager, and may read
            the goals
        """
        self.check_access("read")
        self.ensure_one()
        self.session_id._check_staff()
        goals = self.env["coaching.goal"].browse(parse_ids(self.env, goal_ids))
        goals.check_access("read")
        # sudo: rights were checked; nobody writes attendances by hand
        attendance, goals = self.sudo(), goals.sudo()
        attendance._check_goals(goals)
        if attendance.goal_ids != goals:
            attendance.goal_ids = goals
            names = ", ".join(goals.mapped("name"))
            self.env["coaching.session.log"].sudo()._add("goals", {attendance: names})
        return True
