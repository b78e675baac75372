from odoo import api, fields, models

from ...tools.local_time import to_local


class CoachingSeriesChange(models.TransientModel):
    """Dialog that pauses, resumes or ends a series (R112, R113)."""

    _name = "coaching.series.change"
    _description = "Change a Series"
    _inherit = ["coaching.dialog.mixin"]

    series_id = fields.Many2one(
        comodel_name="coaching.series", required=True, readonly=True
    )
    action = fields.Selection(
        selection=[("pause", "Pause"), ("resume", "Resume"), ("end", "End")],
        required=True,
        readonly=True,
        default="pause",
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(
        string="Until", help="Last day of the pause. Empty: no end date."
    )
    reason = fields.Char(help="Kept in the log. Clients don't see it.")
    message = fields.Text(
        string="Message to the client", help="Added to the email to the client."
    )
    sessions = fields.Integer(compute="_compute_sessions")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        series = self.env["coaching.series"].browse(values.get("series_id") or ())
        if series:
            series.check_access("read")
            now = self.env["coaching.session"]._now()
            values.setdefault("date_from", to_local(now, series.tz).date())
        return values

    @api.depends("series_id", "action", "date_from", "date_to")
    def _compute_sessions(self):
        for dialog in self:
            series = dialog.series_id
            dialog.sessions = 0
            if not (series and dialog.date_from):
                continue
            begin = series._get_day_start(dialog.date_from)
            if dialog.action == "resume":
                found = series.gap_ids.filtered(
                    lambda gap, begin=begin: gap.state == "open"
                    and gap.kind == "paused"
                    and gap.start >= begin
                )
            else:
                last = dialog.action == "pause" and dialog.date_to
                found = series._get_open_sessions(
                    begin,
                    last and series._get_day_start(fields.Date.add(last, days=1)),
                )
            dialog.sessions = len(found)

    def action_confirm(self):
        """Do it."""
        self.ensure_one()
        reason, message = self.reason or "", self.message or ""
        if self.action == "pause":
            self.series_id.action_pause(self.date_from, self.date_to, reason, message)
        elif self.action == "resume":
            self.series_id.action_resume(self.date_from)
        else:
            self.series_id.action_end(self.date_from, reason, message)
        return {"type": "ir.actions.act_window_close"}
