from odoo import api, fields, models


class CoachingSessionClose(models.TransientModel):
    """Dialog that closes out one client's session and says what it leads to (R29)."""

    _name = "coaching.session.close"
    _description = "Close Out a Session"
    _inherit = ["coaching.dialog.mixin"]

    attendance_id = fields.Many2one(
        comodel_name="coaching.attendance", required=True, readonly=True
    )
    outcome_id = fields.Many2one(
        comodel_name="coaching.outcome",
        required=True,
        domain="[('id', 'in', allowed_outcome_ids)]",
    )
    allowed_outcome_ids = fields.Many2many(
        comodel_name="coaching.outcome", compute="_compute_allowed_outcome_ids"
    )
    note_required = fields.Boolean(related="outcome_id.note_required")
    note = fields.Text(string="What happened")
    actual_start = fields.Datetime(string="Began at")
    actual_stop = fields.Datetime(string="Ended at")
    took_place = fields.Boolean(compute="_compute_took_place")
    consequences = fields.Text(string="This leads to", compute="_compute_consequences")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        attendance = self.env["coaching.attendance"].browse(values.get("attendance_id"))
        session = attendance.session_id
        code = self.env.context.get("outcome_code")
        if not code and attendance and session.start > session._now():
            code = (
                "client_early_cancel" if session._is_early() else "client_late_cancel"
            )
        if code and attendance:
            values["outcome_id"] = (
                self.env["coaching.outcome"]
                ._get_by_code(code, attendance.company_id)
                .id
            )
        elif attendance.outcome_id:
            values["outcome_id"] = attendance.outcome_id.id
        if attendance:
            values.setdefault("note", attendance.outcome_note)
            values.setdefault("actual_start", session.actual_start or session.start)
            values.setdefault("actual_stop", session.actual_stop or session.stop)
        return values

    @api.depends("attendance_id")
    def _compute_allowed_outcome_ids(self):
        for wizard in self:
            session = wizard.attendance_id.session_id
            domain = [("company_id", "in", (session.company_id.id, False))]
            if session.start and session.start > session._now():
                domain.append(("before_start", "=", True))
            wizard.allowed_outcome_ids = self.env["coaching.outcome"].search(domain)

    @api.depends("outcome_id")
    def _compute_took_place(self):
        for wizard in self:
            wizard.took_place = wizard.outcome_id.state == "completed"

    @api.depends("attendance_id", "outcome_id")
    def _compute_consequences(self):
        for wizard in self:
            attendance, outcome = wizard.attendance_id, wizard.outcome_id
            sentences = []
            if outcome:
                sentences = attendance._get_consequences(outcome)
                sentences += attendance._get_pay_consequences(outcome)
            wizard.consequences = "\n".join(sentences)

    def _get_actual_times(self):
        """Return the times that were corrected; what is as planned is no news."""
        session = self.attendance_id.session_id
        planned = (session.start, session.stop)
        actual = (self.actual_start, self.actual_stop)
        if not self.took_place or actual == planned:
            return {}
        return {"actual_start": self.actual_start, "actual_stop": self.actual_stop}

    def action_close(self):
        """Close out with what the dialog says."""
        self.ensure_one()
        self.attendance_id.action_close(
            self.outcome_id.code,
            note=self.note or "",
            **self._get_actual_times(),
        )
        return {"type": "ir.actions.act_window_close"}
