from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...models.series.coaching_session_series import SCOPES


class CoachingSessionReschedule(models.TransientModel):
    """Moving asks whether it is about one session or its series (R110, R111)."""

    _inherit = "coaching.session.reschedule"

    series_position = fields.Char(related="session_id.series_position")
    scope = fields.Selection(
        selection=SCOPES, string="Move", required=True, default="one"
    )
    on_conflict = fields.Selection(
        selection=[
            ("refuse", "Move nothing"),
            ("skip", "Move the others"),
        ],
        string="If one can't be moved",
        required=True,
        default="refuse",
    )
    preview = fields.Html(
        string="New times", compute="_compute_preview", sanitize=False, readonly=True
    )

    @api.depends("session_id", "start", "scope")
    def _compute_preview(self):
        Dialog = self.env["coaching.series.book"]
        for dialog in self:
            session = dialog.session_id
            dialog.preview = False
            if not (session.series_id and dialog.start and dialog.scope != "one"):
                continue
            try:
                plan = session.plan_move_series(dialog.start, dialog.scope)
            except (AccessError, UserError) as error:
                dialog.preview = Dialog._render_problem(str(error))
                continue
            rows = [
                (
                    one["new_start"],
                    "danger" if one["conflict"] else "success",
                    self.env._("Can't be moved")
                    if one["conflict"]
                    else self.env._("Free"),
                    one["conflict"] or "",
                )
                for one in plan
            ]
            free = sum(not one["conflict"] for one in plan)
            title = self.env._(
                "%(free)s of %(count)s sessions can be moved.",
                free=free,
                count=len(plan),
            )
            dialog.preview = Dialog.new(
                {"coach_id": session.coach_id.id}
            )._render_times(title, rows)

    def action_reschedule(self):
        self.ensure_one()
        if self.scope == "one" or not self.session_id.series_id:
            return super().action_reschedule()
        self.session_id.action_move_series(
            self.start,
            self.scope,
            reason=self.reason or "",
            message=self.message or "",
            on_conflict=self.on_conflict,
        )
        return {"type": "ir.actions.act_window_close"}


class CoachingSessionCancel(models.TransientModel):
    """Cancelling asks how much of a series it is about (R115-R117)."""

    _inherit = "coaching.session.cancel"

    in_series = fields.Boolean(compute="_compute_in_series")
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
