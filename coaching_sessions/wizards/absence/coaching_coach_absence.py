from odoo import api, fields, models
from odoo.exceptions import UserError


class CoachingCoachAbsence(models.TransientModel):
    """Dialog for days on which a coach is not there: first see, then decide (24)."""

    _name = "coaching.coach.absence"
    _description = "Coach Absence"
    _inherit = ["coaching.dialog.mixin"]

    coach_id = fields.Many2one(
        comodel_name="coaching.coach",
        required=True,
        default=lambda self: self._get_own_coach(),
    )
    company_id = fields.Many2one(related="coach_id.company_id")
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(string="To", required=True, default=fields.Date.context_today)
    mode = fields.Selection(
        selection=[
            ("cancel", "Cancel the sessions"),
            ("offer", "Offer other times"),
            ("substitute", "Another coach takes over"),
            ("back", "None: the coach is available again"),
        ],
        string="What to do",
        required=True,
        default="cancel",
        help="The sessions count as cancelled by the coach: clients lose nothing. Other"
        " times are held for each client until they choose one. Where no time is"
        " free, and for groups, the session is cancelled.",
    )
    substitute_id = fields.Many2one(
        comodel_name="coaching.coach",
        string="Taken over by",
        domain="[('company_id', '=', company_id), ('id', '!=', coach_id)]",
    )
    reason = fields.Char(help="Kept with the sessions. Clients don't see it.")
    message = fields.Text(
        string="Message to the clients", help="Each client gets one email."
    )
    session_ids = fields.Many2many(
        comodel_name="coaching.session",
        string="Sessions",
        compute="_compute_session_ids",
    )
    session_count = fields.Integer(
        string="Number of sessions", compute="_compute_session_ids"
    )
    time_off = fields.Text(string="Absent", compute="_compute_time_off")
    consequences = fields.Text(compute="_compute_consequences")
    result = fields.Text(readonly=True)

    @api.model
    def _get_own_coach(self):
        """Return the user as a coach, if they are one."""
        return self.env["coaching.coach"].search(
            [("user_id", "=", self.env.uid)], limit=1
        )

    @api.depends("coach_id", "date_from", "date_to")
    def _compute_session_ids(self):
        for wizard in self:
            sessions = self.env["coaching.session"]
            coach = wizard.coach_id._origin
            if coach and wizard.date_from and wizard.date_to:
                try:
                    start, stop = coach._parse_period(wizard.date_from, wizard.date_to)
                    sessions = coach._get_affected_sessions(start, stop)
                except UserError:
                    # while it is typed; the button says what is wrong
                    sessions = sessions.browse()
            wizard.session_ids = sessions
            wizard.session_count = len(sessions)

    @api.depends("coach_id")
    def _compute_time_off(self):
        for wizard in self:
            coach = wizard.coach_id._origin
            lines = []
            if coach:
                coach._check_may_be_absent()
                # sudo: when a coach is absent, for the coach and for managers
                lines = [one["label"] for one in coach.sudo()._describe_time_off()]
            wizard.time_off = "\n".join(lines)

    @api.depends("session_ids")
    def _compute_consequences(self):
        """Say what cancelling leads to, by the policy."""
        for wizard in self:
            wizard.consequences = False
            attendances = wizard.session_ids._origin.attendance_ids.filtered(
                lambda attendance: attendance.state == "scheduled"
            )
            if attendances:
                outcome = self.env["coaching.outcome"]._get_by_code(
                    "coach_emergency", wizard.company_id
                )
                # sudo: the policy in numbers; the sessions are the coach's own
                judged = attendances.sudo()._judge(outcome.sudo()).values()
                used = sum(values["uses_session"] for values in judged)
                wizard.consequences = self.env._(
                    "Cancelled sessions are closed as “%(outcome)s”: %(back)s are"
                    " returned to the clients, %(used)s are used.",
                    outcome=outcome.name,
                    back=len(attendances) - used,
                    used=used,
                )
                # whoever loses something is named before, each with why
                wizard.consequences = "\n".join(
                    [wizard.consequences, *wizard._describe_lost(attendances, outcome)]
                )

    @api.model
    def _describe_lost(self, attendances, outcome):
        """Return who can't use any more what is returned to them, a sentence each.

        :param attendances: ``coaching.attendance`` that would be cancelled
        :param outcome: ``coaching.outcome`` they would be closed with
        """
        # sudo: what the coach's own clients attend with
        return [
            " ".join(
                [f"{attendance.partner_id.name}:", *attendance._describe_kept(outcome)]
            )
            for attendance in attendances.sudo()
            if not attendance._loses_nothing(outcome.sudo())
        ]

    def action_apply(self):
        """Do it, and show what came of each session."""
        self.ensure_one()
        values = {"reason": self.reason or "", "message": self.message or ""}
        if self.mode == "back":
            result = self.coach_id.action_back(self.date_from)
        elif self.mode == "substitute":
            if not self.substitute_id:
                raise UserError(self.env._("Choose the new coach of the sessions."))
            result = self.coach_id.action_substitute(
                self.substitute_id.id, self.date_from, self.date_to, **values
            )
        else:
            result = self.coach_id.action_absent(
                self.date_from, self.date_to, mode=self.mode, **values
            )
        self.result = self._describe(result)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Coach Absence"),
        }

    def _describe(self, result):
        """Return what was done as lines, and what was not and why."""
        lines = []
        if self.mode == "back":
            lines.append(self.env._("The coach can be booked again."))
        elif self.mode != "substitute":
            lines.append(self.env._("The time off is recorded."))
        if result.get("restored"):
            lines.append(
                self.env._(
                    "Sessions that will take place after all: %(count)s",
                    count=len(result["restored"]),
                )
            )
        if result.get("cancelled"):
            lines.append(
                self.env._("Cancelled: %(count)s", count=len(result["cancelled"]))
            )
        if result.get("offered"):
            lines.append(
                self.env._(
                    "Other times offered: %(count)s", count=len(result["offered"])
                )
            )
        if result.get("done"):
            lines.append(
                self.env._(
                    "Taken over by %(coach)s: %(count)s",
                    coach=self.substitute_id.name,
                    count=len(result["done"]),
                )
            )
        sessions = self.env["coaching.session"]
        failed = result.get("failed") or {}
        if failed and not (result.get("done") or lines):
            lines.append(self.env._("Nothing was changed."))
        if failed:
            lines.append(self.env._("Not changed: %(count)s", count=len(failed)))
        for session_id, text in failed.items():
            name = sessions.browse(session_id).display_name
            lines.append(f"{name}: {text}")
        if not any(result.values()) and self.mode != "back":
            lines.append(self.env._("No sessions were booked."))
        return "\n".join(lines)
