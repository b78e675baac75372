from odoo import models


class CoachingNotification(models.Model):
    """Emails to clients end with what cancelling means (R54)."""

    _inherit = "coaching.notification"

    def _get_small_print(self):
        sentences = super()._get_small_print()
        if self.attendance_id:
            sentences = [*sentences, *self.attendance_id._describe_terms()]
        return sentences
