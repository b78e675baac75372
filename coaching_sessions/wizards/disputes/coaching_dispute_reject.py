from odoo import fields, models


class CoachingDisputeReject(models.TransientModel):
    """Dialog that rejects a dispute with a reason."""

    _name = "coaching.dispute.reject"
    _description = "Reject a Dispute"
    _inherit = ["coaching.dialog.mixin"]

    dispute_id = fields.Many2one(
        comodel_name="coaching.dispute", required=True, readonly=True
    )
    claim = fields.Text(related="dispute_id.claim", related_sudo=False)
    resolution = fields.Text(
        string="Why", required=True, help="The client sees it with the answer."
    )

    def action_reject(self):
        """Reject with what the dialog says."""
        self.ensure_one()
        self.dispute_id.action_reject(self.resolution)
        return {"type": "ir.actions.act_window_close"}
