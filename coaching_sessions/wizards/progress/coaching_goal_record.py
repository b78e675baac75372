from odoo import api, fields, models


class CoachingGoalRecord(models.TransientModel):
    """Dialog that records how far a goal is, and closes or reopens it (R97, R145)."""

    _name = "coaching.goal.record"
    _description = "Record Progress"
    _inherit = ["coaching.dialog.mixin"]

    goal_id = fields.Many2one(
        comodel_name="coaching.goal", required=True, readonly=True
    )
    partner_id = fields.Many2one(related="goal_id.partner_id", related_sudo=False)
    percent = fields.Integer(
        string="Progress (%)",
        compute="_compute_percent",
        store=True,
        readonly=False,
        precompute=True,
    )
    attendance_id = fields.Many2one(
        comodel_name="coaching.attendance",
        string="Observed in session",
        domain="[('partner_id', '=', partner_id)]",
    )
    reached = fields.Boolean(string="The goal is reached")
    note = fields.Text(help="The client sees it.")

    @api.depends("goal_id")
    def _compute_percent(self):
        for wizard in self:
            wizard.percent = wizard.goal_id.progress_percent

    def action_record(self):
        """Record what the dialog says."""
        self.ensure_one()
        self.goal_id.action_record_progress(
            self.percent, note=self.note or "", attendance_id=self.attendance_id.id
        )
        if self.reached:
            self.goal_id.action_reach()
        return {"type": "ir.actions.act_window_close"}
