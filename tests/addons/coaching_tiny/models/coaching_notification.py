from odoo import fields, models


class CoachingNotification(models.Model):
    """Reminders by letter; without a street they go by email."""

    _inherit = "coaching.notification"

    channel = fields.Selection(
        selection_add=[("letter", "Letter")], ondelete={"letter": "set default"}
    )

    def _deliver_letter(self):
        self.ensure_one()
        if self.partner_id.street:
            self.state = "sent"
        else:
            self._fall_back_to_mail("There is no street.")
