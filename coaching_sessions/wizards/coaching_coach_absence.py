from odoo import api, fields, models
from odoo.exceptions import UserError


class CoachingCoachAbsence(models.TransientModel):
    """Dialog for days on which a coach is not there: first see, then decide (24)."""

    _name = "coaching.coach.absence"
    _description = "Coach Is Not There"
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
            ("substitute", "Another coach gives them"),
        ],
        string="What becomes of the sessions",
        required=True,
        default="cancel",
        help="Cancelled at the coach's account: clients lose nothing. Other times are"
        " held for the client until he chooses one; where there are none, and for"
        " groups, the session is cancelled.",
    )
    substitute_id = fields.Many2one(
        comodel_name="coaching.coach",
        string="Given by",
        domain="[('company_id', '=', company_id), ('id', '!=', coach_id)]",
    )
    reason = fields.Char(help="Kept with the sessions; clients don't read it.")
    message = fields.Text(
        string="Message to the clients", help="Each client has one mail about it all."
    )
    session_ids = fields.Many2many(
        comodel_name="coaching.session",
        string="Sessions",
        compute="_compute_session_ids",
    )
    session_count = fields.Integer(compute="_compute_session_ids")
    result = fields.Text(string="What was done", readonly=True)

    @api.model
    def _get_own_coach(self):
        """Return the user as a coach, if he is one."""
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

    def action_apply(self):
        """Do it, and show what came of each session."""
        self.ensure_one()
        values = {"reason": self.reason or "", "message": self.message or ""}
        if self.mode == "substitute":
            if not self.substitute_id:
                raise UserError(self.env._("Say who gives the sessions."))
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
            "name": self.env._("What was done"),
        }

    def _describe(self, result):
        """Return what was done as lines."""
        lines = []
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
                    "Given by %(coach)s: %(count)s",
                    coach=self.substitute_id.name,
                    count=len(result["done"]),
                )
            )
        sessions = self.env["coaching.session"]
        for session_id, text in result["failed"].items():
            name = sessions.browse(session_id).display_name
            lines.append(f"{name}: {text}")
        return "\n".join(lines) or self.env._("No session was booked then.")
