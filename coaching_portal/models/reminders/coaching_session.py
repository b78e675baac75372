from odoo import models


class CoachingSession(models.Model):
    """Whether a client has said that they will come, in the coach's list."""

    _inherit = "coaching.session"

    def _prepare_portal_coach_row(self, tz):
        return {
            **super()._prepare_portal_coach_row(tz),
            "reconfirmed": self.state == "scheduled"
            and bool(self.attendance_ids.filtered("reconfirmed_at")),
        }
