from odoo import api, models


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
        """Return whether a meeting belongs to its coach, and not to a substitute."""
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
