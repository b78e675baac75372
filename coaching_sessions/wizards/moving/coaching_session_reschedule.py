from odoo import fields, models


class CoachingSessionReschedule(models.TransientModel):
    """Dialog that moves a session."""

    _name = "coaching.session.reschedule"
    _description = "Reschedule a Session"
    _inherit = ["coaching.dialog.mixin"]

    session_id = fields.Many2one(
        comodel_name="coaching.session", required=True, readonly=True
    )
    # what the free times are looked for
    booking_type_id = fields.Many2one(
        related="session_id.booking_type_id", related_sudo=False
    )
    coach_id = fields.Many2one(related="session_id.coach_id", related_sudo=False)
    partner_id = fields.Many2one(
        related="session_id.attendance_id.partner_id", related_sudo=False
    )
    start = fields.Datetime(string="New start", required=True)
    reason = fields.Char()
    message = fields.Text(
        string="Message to the client", help="Added to the email with the new time."
    )

    def action_reschedule(self):
        """Move the session."""
        self.ensure_one()
        self.session_id.action_reschedule(
            self.start, reason=self.reason or "", message=self.message or ""
        )
        return {"type": "ir.actions.act_window_close"}
