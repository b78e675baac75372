from odoo import models


class CoachingAttendance(models.Model):
    """What is closed needs nobody's attention any more."""

    _inherit = "coaching.attendance"

    def _post_consequences(self):
        result = super()._post_consequences()
        # the activity goes as well, after the commit
        if any(session.changed_since for session in self.session_id):
            self.env["coaching.session"]._look_for_changes_soon()
        return result
