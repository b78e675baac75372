from odoo import Command, api, fields, models


class CoachingSessionMark(models.TransientModel):
    """Dialog that closes out many sessions with one outcome (R44)."""

    _name = "coaching.session.mark"
    _description = "Close Out Sessions"
    _inherit = ["coaching.dialog.mixin"]

    session_ids = fields.Many2many(
        string="Sessions", comodel_name="coaching.session", required=True, readonly=True
    )
    session_count = fields.Integer(
        string="Number of sessions", compute="_compute_session_count"
    )
    outcome_id = fields.Many2one(comodel_name="coaching.outcome", required=True)
    note_required = fields.Boolean(related="outcome_id.note_required")
    note = fields.Text(string="What happened")
    consequences = fields.Text(
        string="What will happen", compute="_compute_consequences"
    )
    closed_count = fields.Integer(string="Closed count", readonly=True)
    failures = fields.Text(string="Not closed", readonly=True)
    done = fields.Boolean(readonly=True)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "coaching.session":
            session_ids = self.env.context.get("active_ids") or []
            values.setdefault("session_ids", [Command.set(session_ids)])
        code = self.env.context.get("outcome_code")
        if code and "outcome_id" in fields_list:
            values["outcome_id"] = (
                self.env["coaching.outcome"]._get_by_code(code, self.env.company).id
            )
        return values

    @api.depends("session_ids")
    def _compute_session_count(self):
        for wizard in self:
            wizard.session_count = len(wizard.session_ids)

    @api.depends("session_ids", "outcome_id")
    def _compute_consequences(self):
        for wizard in self:
            wizard.consequences = bool(wizard.outcome_id) and wizard._describe()

    def _describe(self):
        """Return what closing leads to, in numbers: there may be a thousand."""
        outcome = self.outcome_id
        attendances = self.session_ids._origin.attendance_ids
        able = attendances.filtered(
            lambda attendance: not attendance._get_mark_obstacle(outcome, "-")
            and attendance.outcome_id != outcome
        )
        used = makeups = 0
        for company, in_company in able.grouped("company_id").items():
            # by the outcome of that company's vocabulary
            own = outcome._get_by_code(outcome.code, company)
            for batch in in_company.grouped("booking_type_id").values():
                # sudo: the policy in numbers; who may read the sessions was checked
                judged = batch.sudo()._judge(own).values()
                used += sum(values["uses_session"] for values in judged)
                makeups += sum(values["issues_makeup"] for values in judged)
        sentences = [
            self.env._(
                "%(count)s are closed as “%(outcome)s”: %(used)s used, %(back)s"
                " returned.",
                count=len(able),
                outcome=outcome.name,
                used=used,
                back=len(able) - used,
            )
        ]
        if makeups:
            sentences.append(
                self.env._("The policy issues up to %(count)s make-ups.", count=makeups)
            )
        if len(able) < len(attendances):
            sentences.append(
                self.env._(
                    "%(count)s don't change: already closed, or upcoming.",
                    count=len(attendances) - len(able),
                )
            )
        return "\n".join(sentences)

    def action_mark(self):
        """Close out, and say which could not be."""
        self.ensure_one()
        result = self.session_ids.action_mark(self.outcome_id.code, self.note or "")
        if not result["failed"]:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "success",
                    "message": self.env._(
                        "%(count)s closed as “%(outcome)s”.",
                        count=result["closed"],
                        outcome=self.outcome_id.name,
                    ),
                    "next": {"type": "ir.actions.act_window_close"},
                },
            }
        self.write(
            {
                "done": True,
                "closed_count": result["closed"],
                "failures": "\n".join(
                    dict.fromkeys(failure["reason"] for failure in result["failed"])
                ),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Close Out Sessions"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
