from odoo import api, fields, models


class CoachingSessionMessage(models.TransientModel):
    """Dialog that writes to a client about a session (R43)."""

    _name = "coaching.session.message"
    _description = "Message a Client"
    _inherit = ["coaching.dialog.mixin"]

    attendance_id = fields.Many2one(
        comodel_name="coaching.attendance", required=True, readonly=True
    )
    partner_id = fields.Many2one(
        related="attendance_id.partner_id", related_sudo=False, string="To"
    )
    body = fields.Text(string="Message", required=True)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        attendance = self.env["coaching.attendance"].browse(values.get("attendance_id"))
        if attendance and not values.get("body"):
            values["body"] = attendance._get_message_draft()
        return values

    def action_send(self):
        """Send the message."""
        self.ensure_one()
        self.attendance_id.action_send_message(self.body)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The message to %(client)s will be sent shortly.",
                    client=self.partner_id.name,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
