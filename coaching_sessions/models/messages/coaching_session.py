from odoo import models


class CoachingSession(models.Model):
    _inherit = "coaching.session"

    def action_open_message(self):
        """Open the dialog that writes to the client of this session."""
        self.ensure_one()
        return self.attendance_id.action_open_message()
