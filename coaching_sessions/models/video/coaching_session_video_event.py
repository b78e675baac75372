from odoo import models

from ..calendar.coaching_session_event import SILENT


class CoachingSession(models.Model):
    """What waits for a video link: the calendar event and the emails (R86, R87)."""

    _inherit = "coaching.session"

    # === FROM THE SERVICES === #

    def _on_video_ready(self):
        """Do what waits for the link: both calendars, and the emails (R86, R87)."""
        self.ensure_one()
        self._update_video_of_event()
        self.env["coaching.notification"]._release_waiting(self)

    def _on_video_failed(self, sentence):
        """Tell coach or manager that there is no link, and let the emails go."""
        self.ensure_one()
        self.env["coaching.notification"]._queue_video_failed(self, sentence)
        self.env["coaching.notification"]._release_waiting(self)
        user = self.coach_id.user_id
        if user and user._is_internal():
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=user.id,
                summary=self.env._("No video link"),
                note=sentence,
            )

    # === CALENDAR === #

    def _update_projections(self):
        # sudo: what a session needs on video follows from what it is
        self.env["coaching.video.meeting"].sudo()._plan(self.sudo())
        return super()._update_projections()

    def _prepare_event_values(self):
        return {**super()._prepare_event_values(), **self._get_video_event_values()}

    def _get_video_event_values(self):
        """Return what the calendar event says about video; nothing without a meeting.

        A link that somebody typed into the calendar stays then.
        """
        meeting = self._get_video_meeting()
        if not meeting:
            return {}
        return meeting._get_provider()._get_event_values(meeting)

    def _update_video_of_event(self):
        """Make the calendar event show the link there is now."""
        self.ensure_one()
        event = self.event_id.with_context(coaching_projection=True, **SILENT)
        values = self._get_video_event_values()
        values = {name: value for name, value in values.items() if event[name] != value}
        if event and values:
            event.write(values)
            self._touch_calendar_entry()

    def _get_ics_location(self):
        return super()._get_ics_location() or self._get_video_meeting().join_url or ""

    def _get_ics_url(self):
        return super()._get_ics_url() or self._get_video_meeting().join_url or ""
