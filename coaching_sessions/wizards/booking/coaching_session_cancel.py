from odoo import Command, api, fields, models


class CoachingSessionCancel(models.TransientModel):
    """Dialog that cancels sessions to come, for all their clients (R103)."""

    _name = "coaching.session.cancel"
    _description = "Cancel Sessions"
    _inherit = ["coaching.dialog.mixin"]

    session_ids = fields.Many2many(
        string="Sessions", comodel_name="coaching.session", required=True, readonly=True
    )
    outcome_id = fields.Many2one(
        comodel_name="coaching.outcome",
        string="Because",
        domain="[('before_start', '=', True),"
        " ('state', 'not in', ('early_cancel', 'late_cancel'))]",
        help="Empty: the client cancels, early or late by the time.",
    )
    reason = fields.Char(help="Kept with the session. Clients don't see it.")
    refund = fields.Selection(
        selection=[
            ("policy", "As the policy says"),
            ("full", "Return the session"),
            ("none", "The session is used"),
        ],
        string="The package",
        required=True,
        default="policy",
    )
    message = fields.Text(
        string="Message to the client", help="Added to the email to the client."
    )
    consequences = fields.Text(
        string="What will happen", compute="_compute_consequences"
    )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "coaching.session":
            session_ids = self.env.context.get("active_ids") or []
            values.setdefault("session_ids", [Command.set(session_ids)])
        return values

    @api.depends("session_ids", "outcome_id", "refund")
    def _compute_consequences(self):
        for wizard in self:
            wizard.consequences = "\n".join(
                wizard._describe(attendance)
                for attendance in wizard._get_sessions().attendance_ids
                if attendance.state == "scheduled"
            )

    def _get_sessions(self):
        """Return the sessions that are cancelled; a hook."""
        self.ensure_one()
        return self.session_ids._origin

    def _describe(self, attendance):
        """Return what cancelling means for one client, as a sentence."""
        session = attendance.session_id
        outcome = self.outcome_id
        if not outcome:
            code = self._get_code_by_clock(session)
            outcome = outcome._get_by_code(code, attendance.company_id)
        sentences = [f"{attendance.partner_id.name}: {outcome.name}."]
        if self.refund == "policy":
            sentences += attendance._get_consequences(outcome)
        elif self.refund == "full":
            sentences.append(self.env._("The session is returned to the package."))
            sentences += attendance._describe_kept(outcome)
        else:
            sentences.append(self.env._("The session is used."))
        return " ".join(sentences)

    def action_cancel(self):
        """Cancel the sessions."""
        self.ensure_one()
        for session in self.session_ids:
            session._cancel_one(
                self.reason or "",
                self.refund,
                self.message or "",
                code=self.outcome_id.code or self._get_code_by_clock(session),
            )
        return {"type": "ir.actions.act_window_close"}

    def _get_code_by_clock(self, session):
        """Return the outcome of a client's cancellation at this moment."""
        return session._get_code_by_clock()
