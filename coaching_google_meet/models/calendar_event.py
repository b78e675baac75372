from odoo import models


class CalendarEvent(models.Model):
    """Which events of sessions get a Google Meet conference, and what comes back."""

    _inherit = "calendar.event"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("videocall_location"):
            self._get_waiting_meetings()._look_now()
        return result

    def _get_waiting_meetings(self):
        """Return the video meetings that wait for Google's link to these events."""
        return (
            # sudo: whoever synchronises; they are told nothing
            self.env["coaching.video.meeting"]
            .sudo()
            .search(
                [
                    ("session_id.event_id", "in", self.ids),
                    ("provider", "=", "google_meet"),
                    ("state", "=", "pending"),
                ]
            )
        )

    def _google_values(self):
        """Ask for a conference where the session takes place there, else for none."""
        values = super()._google_values()
        # sudo: as whoever synchronises
        session = self.sudo().coaching_session_ids[:1]
        if session and "summary" in values:
            # the coach's own calendar; what is stored here names no client
            values["summary"] = session._get_calendar_title()
        meeting = session and session._get_video_meeting()
        if session and meeting.provider != "google_meet":
            if values.get("conferenceData"):
                del values["conferenceData"]
        elif meeting and not meeting.join_url and not self.videocall_location:
            # the same id asks for the same conference: Google makes it once
            values["conferenceData"] = {"createRequest": {"requestId": meeting.tag}}
        return values

    def _get_post_sync_values(self, request_values, google_values):
        values = super()._get_post_sync_values(request_values, google_values)
        url = google_values.get("hangoutLink")
        if url and self._get_waiting_meetings():
            values["videocall_location"] = url
        return values
