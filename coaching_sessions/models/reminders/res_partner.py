from odoo import fields, models


class ResPartner(models.Model):
    """A client who does not want to be reminded."""

    _inherit = "res.partner"

    coaching_no_reminders = fields.Boolean(
        string="No reminders",
        groups="coaching_sessions.group_coaching_manager",
        help="Send this person no session reminders.",
    )
