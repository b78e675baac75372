from odoo import models


class CoachingAttendance(models.Model):
    """A consequence of closing, and a reason to leave pay out."""

    _inherit = "coaching.attendance"

    def _post_consequences(self):
        result = super()._post_consequences()
        self.env["tiny.points"]._post_for(self)
        return result

    def _get_exclusion(self, earning=None):
        if self.session_id.note == "voluntary":
            return "held without pay"
        return super()._get_exclusion(earning)
