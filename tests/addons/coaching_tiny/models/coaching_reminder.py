from odoo import fields, models


class CoachingReminder(models.Model):
    """A reminder channel."""

    _inherit = "coaching.reminder"

    channel = fields.Selection(
        selection_add=[("letter", "Letter")],
        ondelete={"letter": lambda reminders: reminders._archive_channel()},
    )
