from odoo import api, models


class MailThread(models.AbstractModel):
    """An email that comes back to the server is told to the outbox."""

    _inherit = "mail.thread"

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        result = super()._routing_handle_bounce(email_message, message_dict)
        message = message_dict.get("bounced_message")
        if message and message.model == "coaching.notification":
            # sudo: the gateway reads the email as whoever it is
            notifications = (
                self.env["coaching.notification"]
                .sudo()
                .search(
                    [
                        ("mail_id.mail_message_id", "in", message.ids),
                        ("state", "=", "sent"),
                    ]
                )
            )
            notifications._on_mail_bounced(message_dict.get("bounced_email"))
        return result
