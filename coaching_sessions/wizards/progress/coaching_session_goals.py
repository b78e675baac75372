from odoo import api, fields, models


class CoachingSessionGoals(models.TransientModel):
    """Dialog that says which goals of the client a session served (R75, R96)."""

    _name = "coaching.session.goals"
    _description = "Link Goals"
    _inherit = ["coaching.dialog.mixin"]

    # where the caller is, to choose a client of a group
    session_id = fields.Many2one(comodel_name="coaching.session", readonly=True)
    attendance_id = fields.Many2one(
        comodel_name="coaching.attendance",
        string="Client's session",
        required=True,
        domain="[('session_id', '=', session_id)]",
    )
    partner_id = fields.Many2one(related="attendance_id.partner_id", related_sudo=False)
    coach_id = fields.Many2one(related="attendance_id.coach_id", related_sudo=False)
    goal_ids = fields.Many2many(
        comodel_name="coaching.goal",
        string="Goals",
        compute="_compute_goal_ids",
        store=True,
        readonly=False,
        domain="[('partner_id', '=', partner_id)]",
    )

    new_goal = fields.Char(string="Another goal", help="Created here and linked.")

    @api.depends("attendance_id")
    def _compute_goal_ids(self):
        for wizard in self:
            wizard.goal_ids = wizard.attendance_id.goal_ids

    def action_link(self):
        """Link what was chosen."""
        self.ensure_one()
        self.attendance_id.action_link_goals(self.goal_ids.ids)
        if (self.new_goal or "").strip():
            self.attendance_id.action_add_goal(self.new_goal)
        return {"type": "ir.actions.act_window_close"}
