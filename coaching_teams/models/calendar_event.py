from odoo import models


class CalendarEvent(models.Model):
    """Which events of sessions get a Teams meeting, and what comes back."""

    _inherit = "calendar.event"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("videocall_location") or vals.get("ms_universal_event_id"):
            # sudo: whoever synchronises; they are told nothing
            self.env["coaching.video.meeting"].sudo().search(
                [
                    ("session_id.event_id", "in", self.ids),
                    ("provider", "=", "teams"),
                    ("state", "=", "pending"),
                ]
            )._look_now()
        return result

    def _microsoft_values(self, fields_to_sync, initial_values=()):
        """Ask for an online meeting where the session takes place there, else none."""
        values = super()._microsoft_values(fields_to_sync, initial_values)
        # sudo: as whoever synchronises
        session = self.sudo().coaching_session_ids[:1]
        if session and "subject" in values:
            # the coach's own calendar; what is stored here names no client
            values["subject"] = session._get_calendar_title()
        if session and session._get_video_meeting().provider != "teams":
            values["isOnlineMeeting"] = False
            values.pop("onlineMeetingProvider", None)
        return values
