from odoo import fields, models

from .coaching_notification import TEMPLATES

TEMPLATES.update(message="coaching_sessions.mail_template_message")


class CoachingNotification(models.Model):
    """A message between coach and client, as a mail."""

    _inherit = "coaching.notification"

    kind = fields.Selection(
        selection_add=[("message", "Message")], ondelete={"message": "cascade"}
    )

    def _is_still_true(self):
        return self.kind == "message" or super()._is_still_true()

    def _get_sender(self):
        """Return who wrote the message: answers go there."""
        self.ensure_one()
        return self.create_uid.partner_id
