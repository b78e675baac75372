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
        string="If a session can't be moved",
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
