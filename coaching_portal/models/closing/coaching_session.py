from odoo import models


class CoachingSession(models.Model):
    """Where an email leads a coach who has to close out a session (R13)."""

    _inherit = "coaching.session"

    def _get_confirm_url(self):
        self.ensure_one()
        if self.coach_id.user_id.share:
            return f"{self.get_base_url()}/my/coaching/coach/confirm/{self.id}"
        return super()._get_confirm_url()
