from odoo import fields, models


class CoachingReminder(models.Model):
    """Reminders by text message."""

    _inherit = "coaching.reminder"

    channel = fields.Selection(
        selection_add=[("sms", "Text message")],
        ondelete={"sms": lambda reminders: reminders._archive_channel()},
    )
