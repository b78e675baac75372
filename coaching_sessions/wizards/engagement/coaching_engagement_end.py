from odoo import fields, models


class CoachingEngagementEnd(models.TransientModel):
    """Dialog that ends the coaching of a client (R66)."""

    _name = "coaching.engagement.end"
    _description = "End Coaching of a Client"
    _inherit = ["coaching.dialog.mixin"]

    engagement_id = fields.Many2one(
        comodel_name="coaching.engagement",
        string="Client",
        required=True,
        readonly=True,
    )
    reason = fields.Text()

    def action_end(self):
        """End it."""
        self.ensure_one()
        self.engagement_id.action_end(self.reason or "")
        return {"type": "ir.actions.act_window_close"}
