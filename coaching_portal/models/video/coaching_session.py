from odoo import models


class CoachingSession(models.Model):
    """Joining a session on video, and its recording, as the coach's pages show it."""

    _inherit = "coaching.session"

    def _prepare_portal_coach_row(self, tz):
        return {
            **super()._prepare_portal_coach_row(tz),
            "join_url": self._get_portal_join_url(),
            "join_from": self._get_portal_join_time(tz),
            "video": self._prepare_portal_video(),
            "recording_url": self.recording_url or "",
        }

    def _get_portal_join_url(self):
        """Return where to join the session on video, while people can (R69, R88)."""
        self.ensure_one()
        return self._get_join_url() if self._is_join_time() else ""

    def _get_portal_join_time(self, tz):
        """Return from when on a session to come can be joined; empty when it can be.

        :param str tz: zone of the reader
        """
        self.ensure_one()
        start = self._get_join_start()
        if self.state != "scheduled" or start <= self._now():
            return ""
        meeting = self._get_video_meeting()
        if not (self._get_join_url() or meeting):
            return ""
        return self._prepare_portal_moment(start, tz)

    def _prepare_portal_video(self):
        """Return what those who join need beside the link, while they can (R79)."""
        self.ensure_one()
        meeting = self._get_video_meeting()
        if not (meeting.join_url and self._is_join_time()):
            return {}
        return meeting._get_details()
