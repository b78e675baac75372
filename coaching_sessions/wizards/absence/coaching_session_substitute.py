from odoo import fields, models


class CoachingSessionSubstitute(models.TransientModel):
    """Dialog that lets another coach take over a session (rank 17)."""

    _name = "coaching.session.substitute"
    _description = "Another Coach"
    _inherit = ["coaching.dialog.mixin"]

    session_id = fields.Many2one(
        comodel_name="coaching.session", required=True, readonly=True
    )
    company_id = fields.Many2one(related="session_id.company_id")
    coach_id = fields.Many2one(
        comodel_name="coaching.coach",
        string="Taken over by",
        required=True,
        domain="[('company_id', '=', company_id)]",
    )
    reason = fields.Char(help="Kept with the session. Clients don't see it.")
    message = fields.Text(string="Message to the client")

    def action_substitute(self):
        """Let the other coach take it over."""
        self.ensure_one()
        self.session_id.action_substitute(
            self.coach_id.id, reason=self.reason or "", message=self.message or ""
        )
        return {"type": "ir.actions.act_window_close"}
