from odoo import api, fields, models


class CoachingNotification(models.Model):
    """A message between coach and client, as an email."""

    _inherit = "coaching.notification"

    kind = fields.Selection(
        selection_add=[("message", "Message")], ondelete={"message": "cascade"}
    )

    @api.model
    def _get_templates(self):
        return {
            **super()._get_templates(),
            "message": "coaching_sessions.mail_template_message",
        }

    def _get_sender(self):
        """Return who wrote the message: answers go there."""
        self.ensure_one()
        return self.create_uid.partner_id
