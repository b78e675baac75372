from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.arguments import parse_ids, parse_text
from ..base.groups import COACH_GROUP


class CoachingSession(models.Model):
    """The reminders of a session: its type's, its own or none (R133)."""

    _inherit = "coaching.session"

    reminder_mode = fields.Selection(
        selection=[
            ("type", "As the booking type says"),
            ("own", "Own"),
            ("none", "None"),
        ],
        string="Reminders",
        required=True,
        readonly=True,
        default="type",
        copy=False,
    )
    own_reminder_ids = fields.Many2many(
        comodel_name="coaching.reminder",
        relation="coaching_session_reminder_rel",
        column1="session_id",
        column2="reminder_id",
        string="Own reminders",
        groups=COACH_GROUP,
        readonly=True,
        copy=False,
        check_company=True,
    )
    reminders_since = fields.Datetime(
        string="Reminders since", readonly=True, copy=False
    )
    reminder_ids = fields.Many2many(
        comodel_name="coaching.reminder",
        compute="_compute_reminder_ids",
        string="Is reminded by",
        groups=COACH_GROUP,
    )
    notification_ids = fields.Many2many(
        comodel_name="coaching.notification",
        compute="_compute_notification_ids",
        string="Messages sent",
        groups=COACH_GROUP,
        help="Emails to client and coach about this session.",
    )
    reconfirmed_at = fields.Datetime(related="attendance_id.reconfirmed_at")

    @api.depends("reminder_mode", "own_reminder_ids", "booking_type_id.reminder_ids")
    def _compute_reminder_ids(self):
        for session in self:
            session.reminder_ids = {
                "type": session.booking_type_id.reminder_ids,
                "own": session.own_reminder_ids,
            }.get(session.reminder_mode)

    def _compute_notification_ids(self):
        notifications = self.env["coaching.notification"].search(
            [
                "|",
                ("session_id", "in", self.ids),
                ("attendance_id.session_id", "in", self.ids),
            ],
            order="id desc",
        )
        by_session = notifications.grouped(
            lambda row: row.session_id or row.attendance_id.session_id
        )
        for session in self:
            session.notification_ids = by_session.get(session._origin)

    def action_set_reminders(self, mode, reminder_ids=()):
        """Say how clients and coach are reminded of these sessions (R133).

        Reminders whose time is over already are not made up for.

        :param str mode: ``type`` (as the booking type says), ``own`` or ``none``
        :param reminder_ids: with ``own``, ids of ``coaching.reminder``
        :return: True
        :raise UserError: when the mode or a reminder does not exist
        :raise AccessError: unless the user is the coach or a manager
        """
        self._check_staff()
        mode = parse_text(self.env, mode)
        modes = dict(self._fields["reminder_mode"].selection)
        if mode not in modes:
            raise UserError(
                self.env._(
                    "Unknown reminder mode “%(mode)s”. Choose one of: %(modes)s.",
                    mode=mode,
                    modes=", ".join(modes),
                )
            )
        wanted = parse_ids(self.env, reminder_ids) if mode == "own" else []
        # those the user may use: of their companies
        reminders = self.env["coaching.reminder"].search([("id", "in", wanted)])
        if len(reminders) != len(wanted) or (mode == "own" and not wanted):
            raise UserError(self.env._("Choose existing reminders, or none."))
        # sudo: the right was checked; nobody writes sessions by hand
        self.sudo().write(
            {
                "reminder_mode": mode,
                "own_reminder_ids": [fields.Command.set(reminders.ids)],
                "reminders_since": self._now(),
            }
        )
        return True

    def action_open_reminders(self):
        """Open the dialog that changes the reminders of this session."""
        self.ensure_one()
        self._check_staff()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_session_remind_action"
        )
        action["context"] = {"default_session_id": self.id}
        return action
