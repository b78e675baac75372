from odoo import api, models

from .coaching_video_provider import VideoError


class CoachingVideoProviderCalendar(models.AbstractModel):
    """What services share whose link comes with the coach's synchronised calendar.

    The synchronisation carries the event there and asks for a meeting as it does; here
    it is waited for, and asked for again where that did not work.
    """

    _name = "coaching.video.provider.calendar"
    _inherit = ["coaching.video.provider"]
    _description = "Video Service of a Calendar"

    @api.model
    def _is_remote(self):
        return True

    @api.model
    def _is_link_of(self, url):
        """Return whether an address is one of this service."""
        raise NotImplementedError()

    @api.model
    def _get_new_url(self, meeting, url):
        """Return an address of this service that no earlier meeting had, or nothing."""
        earlier = meeting.session_id.video_meeting_ids - meeting
        if url and self._is_link_of(url) and url not in earlier.mapped("join_url"):
            return url
        return ""

    @api.model
    def _get_event_values(self, meeting):
        """Leave the link that came back on the event, until it is known here."""
        event = meeting.session_id.event_id
        if not meeting.join_url and self._get_new_url(
            meeting, event.videocall_location
        ):
            return {}
        return super()._get_event_values(meeting)

    @api.model
    def _check_connected(self, meeting):
        """Return the login of the coach of the meeting, if it is connected.

        :raise VideoError: when the coach's calendar is not connected
        """
        coach = meeting.coach_id
        # sudo: only whether there is a connection is looked at
        if not self._is_connected(coach.user_id.sudo()):
            raise VideoError(
                self.env._(
                    "%(calendar)s of %(coach)s is not connected. The coach can"
                    " connect it in Odoo's Calendar; then create a new link here.",
                    coach=coach.name,
                    calendar=self._get_calendar_name(),
                )
            )
        return coach.user_id

    @api.model
    def _is_connected(self, user):
        """Return whether a login's calendar is synchronised now.

        :param user: ``res.users`` as superuser
        """
        raise NotImplementedError()

    @api.model
    def _get_calendar_name(self):
        """Return what people call the calendar."""
        raise NotImplementedError()
