from odoo import Command, api, fields, models


class CoachingSessionCloseGroup(models.TransientModel):
    """Dialog that closes out a session with several clients: one line for each."""

    _name = "coaching.session.close.group"
    _description = "Close Out a Group Session"
    _inherit = ["coaching.dialog.mixin"]

    session_id = fields.Many2one(
        comodel_name="coaching.session", required=True, readonly=True
    )
    actual_start = fields.Datetime(string="Began at")
    actual_stop = fields.Datetime(string="Ended at")
    line_ids = fields.One2many(
        comodel_name="coaching.session.close.group.line",
        inverse_name="dialog_id",
        string="Clients",
    )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        session = self.env["coaching.session"].browse(values.get("session_id"))
        if session:
            session._check_staff()
            values.setdefault("actual_start", session.actual_start or session.start)
            values.setdefault("actual_stop", session.actual_stop or session.stop)
            values["line_ids"] = [
                Command.create(
                    {
                        "attendance_id": attendance.id,
                        "outcome_id": attendance.outcome_id.id,
                        "note": attendance.outcome_note,
                    }
                )
                for attendance in session.attendance_ids
                if attendance._is_blocking()
            ]
        return values

    def action_all_attended(self):
        """Put “completed” on every line; nothing is recorded before Confirm."""
        self.ensure_one()
        outcome = self.env["coaching.outcome"]._get_by_code(
            "completed", self.session_id.company_id
        )
        self.line_ids.outcome_id = outcome
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Close Out"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _get_actual_times(self):
        """Return the times that were corrected; what is as planned is no news."""
        return self.session_id._get_corrected_times(self.actual_start, self.actual_stop)

    def action_close(self):
        """Close out every line that has an outcome, all or none."""
        self.ensure_one()
        answered = self.line_ids.filtered("outcome_id")
        took_place = "completed" in answered.outcome_id.mapped("state")
        for (outcome, note), lines in answered.grouped(
            lambda line: (line.outcome_id, line.note or "")
        ).items():
            times = self._get_actual_times() if outcome.state == "completed" else {}
            lines.attendance_id.action_close(outcome.code, note=note, **times)
        if took_place and self._get_actual_times():
            # a no-show closed after it must not forget when the others met
            # sudo: the right to close was checked by action_close
            self.session_id.sudo().write(self._get_actual_times())
        return {"type": "ir.actions.act_window_close"}
