from odoo import models


class CoachingAttendance(models.Model):
    """How a client joins on video, and the recording that is shared with them."""

    _inherit = "coaching.attendance"

    def _prepare_portal_row(self, tz):
        return {**super()._prepare_portal_row(tz), **self._prepare_portal_joining(tz)}

    def _prepare_portal_joining(self, tz):
        """Return how the client joins the session on video, and its recording."""
        self.ensure_one()
        session = self.session_id
        joining = self.state == "scheduled"
        shared = session.recording_shared and self._is_blocking()
        return {
            "join_url": joining and session._get_portal_join_url(),
            "join_from": joining and session._get_portal_join_time(tz),
            "video": session._prepare_portal_video() if joining else {},
            "recording_url": shared and session.recording_url or "",
        }
