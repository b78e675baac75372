from odoo import api, fields, models

from ...models.series.coaching_session_series import SCOPES


class CoachingSessionCancel(models.TransientModel):
    """Cancelling asks how much of a series it is about (R115-R117)."""

    _inherit = "coaching.session.cancel"

    in_series = fields.Boolean(string="Part of a series", compute="_compute_in_series")
    scope = fields.Selection(
        selection=SCOPES, string="Cancel", required=True, default="one"
    )

    @api.depends("session_ids")
    def _compute_in_series(self):
        for dialog in self:
            session = dialog.session_ids
            dialog.in_series = len(session) == 1 and bool(session.series_id)

    @api.depends("scope")
    def _compute_consequences(self):
        return super()._compute_consequences()

    def _get_sessions(self):
        sessions = super()._get_sessions()
        if self.scope == "one" or not self.in_series:
            return sessions
        now = self.env["coaching.session"]._now()
        return sessions._get_series_scope(self.scope).filtered(
            lambda one: one.start > now or self.scope == "all"
        )

    def _describe(self, attendance):
        text = super()._describe(attendance)
        if self.scope == "one" or not self.in_series:
            return text
        session = attendance.session_id
        return f"{session._format_time(session.start)}: {text}"

    def action_cancel(self):
        self.ensure_one()
        if self.scope == "one" or not self.in_series:
            return super().action_cancel()
        session = self.session_ids
        session._check_series_staff(self.scope)
        # sudo: rights were checked, to the whole series
        result = session.sudo()._cancel_series(
            self.scope,
            self.reason or "",
            self.refund,
            self.message or "",
            own=False,
            find_code=lambda one: self.outcome_id.code or self._get_code_by_clock(one),
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": session._get_cancelled_message(**result),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
