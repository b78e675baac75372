from odoo import fields, models


class CoachingReminder(models.Model):
    """Reminders by text message."""

    _inherit = "coaching.reminder"

    channel = fields.Selection(
        selection_add=[("sms", "Text message")],
        ondelete={"sms": lambda reminders: reminders._archive_text_messages()},
    )

    def _archive_text_messages(self):
        """Keep what was sent when this addon goes, but send no more of it."""
        self.write({"channel": "email", "active": False})
