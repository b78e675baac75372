import uuid

from odoo import api, models

from ...tools.links import is_link


class VideoError(Exception):
    """Something that a video service could not do.

    :ivar str sentence: for coach and managers: what happened and what to do
    :ivar str kind: ``later`` (try again), ``anew`` (this meeting is gone or can't be
        changed, another one may do) or ``failed`` (asking again does not help)
    :ivar retry_at: naive UTC before which not to ask again, or None
    """

    def __init__(self, sentence, kind="failed", retry_at=None):
        super().__init__(sentence)
        self.sentence = sentence
        self.kind = kind
        self.retry_at = retry_at


class CoachingVideoProvider(models.AbstractModel):
    """What every video service can do; each is a model ``coaching.video.provider.X``.

    ``X`` is a value of ``coaching.booking.type.video_provider``: an addon adds the
    value and the model. Services that are asked over the network are asked by a cron,
    one meeting in a transaction; they raise ``VideoError``. The values they return are
    written to the meeting.
    """

    _name = "coaching.video.provider"
    _description = "Video Service"

    @api.model
    def _get(self, code):
        """Return the service of a code; links of one that is gone stay as they are."""
        name = f"coaching.video.provider.{code}"
        return self.env[name if name in self.env else f"{self._name}.backup"]

    @api.model
    def _is_remote(self):
        """Return whether somebody has to be asked; else the link is there at once."""
        return False

    @api.model
    def _is_of_coach(self):
        """Return whether a meeting is its coach's, and nobody's who stands in."""
        return True

    @api.model
    def _get_name(self):
        """Return what people call the service."""
        raise NotImplementedError()

    @api.model
    def _create_meeting(self, meeting):
        """Make a meeting.

        :param meeting: ``coaching.video.meeting``
        :return: dict with at least ``join_url``
        :raise VideoError: when there can't be one now, or at all
        """
        raise NotImplementedError()

    @api.model
    def _find_meeting(self, meeting):
        """Return the values of a meeting that was asked for without an answer.

        :return: dict as of ``_create_meeting``, or None where there is none
        """
        return None

    @api.model
    def _update_meeting(self, meeting):
        """Tell the service the new time of a meeting.

        :return: dict of what changed
        :raise VideoError: of kind ``anew`` another one is made
        """
        return {}

    @api.model
    def _delete_meeting(self, meeting):
        """Take a meeting away."""

    @api.model
    def _get_host_url(self, meeting):
        """Return where the coach starts the meeting."""
        return meeting.join_url

    @api.model
    def _get_recording(self, meeting):
        """Return the link to what was recorded, or an empty text."""
        return ""

    @api.model
    def _get_event_values(self, meeting):
        """Return what the calendar event says about the meeting (R87)."""
        return {"videocall_location": meeting.join_url or False}


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
        """Return the login of the coach whose meeting it is, if he is connected.

        :raise VideoError: when his calendar is not
        """
        coach = meeting.coach_id
        # sudo: only whether there is a connection is looked at
        if not self._is_connected(coach.user_id.sudo()):
            raise VideoError(
                self.env._(
                    "%(coach)s's %(calendar)s is not connected. The coach connects it"
                    " in Odoo's calendar; then make a new link here.",
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


class CoachingVideoProviderDiscuss(models.AbstractModel):
    """A call in Odoo itself, as its calendar makes one; needs no account."""

    _name = "coaching.video.provider.discuss"
    _inherit = ["coaching.video.provider"]
    _description = "Odoo Discuss"

    @api.model
    def _is_of_coach(self):
        return False

    @api.model
    def _get_name(self):
        return self.env._("Odoo Discuss")

    @api.model
    def _create_meeting(self, meeting):
        # the event's access token; whoever has it may join, it is one session's
        token = uuid.uuid4().hex
        route = self.env["calendar.event"].DISCUSS_ROUTE
        base_url = meeting.session_id.get_base_url()
        return {"external_id": token, "join_url": f"{base_url}/{route}/{token}"}

    @api.model
    def _get_event_values(self, meeting):
        values = super()._get_event_values(meeting)
        event = meeting.session_id.event_id
        if meeting.external_id and event.access_token != meeting.external_id:
            values["access_token"] = meeting.external_id
            # who has the link of an earlier token must not end up in the same call
            values["videocall_channel_id"] = False
        return values


class CoachingVideoProviderFixed(models.AbstractModel):
    """The same link each time: a coach's own room, wherever that is."""

    _name = "coaching.video.provider.fixed"
    _inherit = ["coaching.video.provider"]
    _description = "Fixed Video Link"

    @api.model
    def _get_name(self):
        return self.env._("Video call")

    @api.model
    def _create_meeting(self, meeting):
        session = meeting.session_id
        url = session.coach_id.video_url or session.booking_type_id.video_url
        if not is_link(url):
            raise VideoError(
                self.env._(
                    "%(coach)s has no video link, and neither has “%(booking_type)s”."
                    " Enter one there, then make a new link here.",
                    coach=session.coach_id.name,
                    booking_type=session.booking_type_id.name,
                )
            )
        return {"join_url": url}


class CoachingVideoProviderBackup(models.AbstractModel):
    """A link that somebody pasted for one session (R89)."""

    _name = "coaching.video.provider.backup"
    _inherit = ["coaching.video.provider"]
    _description = "Backup Video Link"

    @api.model
    def _is_of_coach(self):
        return False

    @api.model
    def _get_name(self):
        return self.env._("Video call")

    @api.model
    def _create_meeting(self, meeting):
        if not meeting.join_url:
            # pending when the addon of its service was uninstalled
            raise VideoError(
                self.env._(
                    "This video service is no longer installed. Make a new link."
                )
            )
        return {"join_url": meeting.join_url}
