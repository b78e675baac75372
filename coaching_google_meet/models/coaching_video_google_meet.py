import logging

import requests

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.coaching_sessions.models.video.coaching_video_provider import (
    VideoError,
)
from odoo.addons.google_calendar.utils.google_calendar import GoogleCalendarService

_logger = logging.getLogger(__name__)


class CoachingVideoProviderGoogleMeet(models.AbstractModel):
    """A Google Meet conference of the event in the coach's Google calendar.

    Odoo's synchronisation carries the event there, and asks for a conference as it
    does; here it is only waited for, and asked for again where that did not work.
    """

    _name = "coaching.video.provider.google_meet"
    _inherit = ["coaching.video.provider.calendar"]
    _description = "Google Meet"

    @api.model
    def _get_name(self):
        return "Google Meet"

    @api.model
    def _create_meeting(self, meeting):
        event = meeting.session_id.event_id
        url = self._get_new_url(meeting, event.videocall_location)
        if url:
            return {"join_url": url}
        user = self._check_connected(meeting)
        former = meeting._get_former_coach()
        if event.google_id and former:
            self._take_from(former.user_id, event)
        if event.google_id:
            url = self._get_new_url(meeting, self._fetch_url(user, event))
            if url:
                return {"join_url": url}
        # sent after the commit, as that of every event
        event = event.with_user(user).with_context(dont_notify=True)
        event._sync_odoo2google(GoogleCalendarService(self.env["google.service"]))
        raise VideoError(
            self.env._("Google Calendar has not made the link yet."), kind="later"
        )

    @api.model
    def _is_link_of(self, url):
        return self.env["calendar.event"].MEET_ROUTE in url

    @api.model
    def _take_from(self, user, event):
        """Take the event out of the calendar of a coach who no longer holds it."""
        service = GoogleCalendarService(self.env["google.service"])
        old = event.google_id
        event.with_context(dont_notify=True).write(
            {"google_id": False, "need_sync": False}
        )
        try:
            # sudo: as the synchronisation does; the token is that of the calendar
            token = user and user.sudo()._get_google_calendar_token()
            if token:
                service.delete(old, token=token)
        except (UserError, requests.RequestException):
            # it stays there, with a link that nobody has
            _logger.info("Event %s stays in a calendar of Google", event.id)

    @api.model
    def _is_connected(self, user):
        return bool(
            user.google_calendar_rtoken
            and user._get_google_sync_status() == "sync_active"
        )

    @api.model
    def _get_calendar_name(self):
        return self.env._("Google calendar")

    @api.model
    def _fetch_url(self, user, event):
        """Return the conference that Google's event has."""
        service = GoogleCalendarService(self.env["google.service"])
        try:
            token = user._get_google_calendar_token()
            events, _token, _reminders = service.get_events(
                sync_token=token, token=token, event_id=event.google_id
            )
            return next(iter(events)).get_meeting_url()
        except UserError as error:
            raise VideoError(str(error)) from error
        except (requests.RequestException, AttributeError) as error:
            raise VideoError(
                self.env._("Google Calendar did not answer."), kind="later"
            ) from error
