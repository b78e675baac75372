from odoo import api, models

from ....tools.zoom import ZoomError, format_dial_in
from ..coaching_video_provider import VideoError

SCHEDULED = 2


class CoachingVideoProviderZoom(models.AbstractModel):
    """Meetings with Zoom, in the coach's name (R84, R90)."""

    _name = "coaching.video.provider.zoom"
    _inherit = ["coaching.video.provider"]
    _description = "Zoom"

    @api.model
    def _is_remote(self):
        return True

    @api.model
    def _get_name(self):
        return "Zoom"

    # === WHAT IS ASKED === #

    @api.model
    def _create_meeting(self, meeting):
        host = self._get_host(meeting)
        answer = self._call(
            meeting, "create_meeting", host, self._prepare_values(meeting)
        )
        return {**self._read_answer(answer), "host": host}

    @api.model
    def _find_meeting(self, meeting):
        host = self._get_host(meeting)
        answer = self._call(meeting, "find_meeting", host, meeting.tag)
        return answer and {**self._read_answer(answer), "host": host}

    @api.model
    def _update_meeting(self, meeting):
        self._call(
            meeting,
            "update_meeting",
            meeting.external_id,
            self._prepare_time(meeting.session_id),
        )
        return {}

    @api.model
    def _delete_meeting(self, meeting):
        self._call(meeting, "delete_meeting", meeting.external_id)

    @api.model
    def _get_host_url(self, meeting):
        """Return a fresh link with which the coach starts the meeting.

        Zoom's are good for two hours and make whoever has them the host: so none is
        kept. Without one the coach starts it with the link that everybody has.
        """
        try:
            answer = self._call(meeting, "get_meeting", meeting.external_id)
        except VideoError:
            return meeting.join_url
        return answer.get("start_url") or meeting.join_url

    @api.model
    def _get_recording(self, meeting):
        try:
            answer = self._call(meeting, "get_recordings", meeting.external_id)
        except VideoError as error:
            if error.kind == "anew":
                return ""  # nothing was recorded, or it is not ready
            raise
        url = answer.get("share_url") or ""
        passcode = answer.get("recording_play_passcode")
        return f"{url}?pwd={passcode}" if url and passcode else url

    # === VALUES === #

    @api.model
    def _get_host(self, meeting):
        """Return the Zoom user whose meeting it is."""
        # not the session's: a substitute may have taken over since it was asked for
        coach = meeting.coach_id
        # with a meeting that is looked for again: whose it was asked for
        host = meeting.host or coach.zoom_user or coach.email
        if not host:
            raise VideoError(
                self.env._(
                    "%(coach)s has no email address, so Zoom can't identify the"
                    " host. Enter the coach's Zoom email address.",
                    coach=coach.name,
                )
            )
        return host.strip()

    @api.model
    def _prepare_time(self, session):
        return {
            "start_time": session.start.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "duration": session.duration_minutes,
            "timezone": "UTC",
        }

    @api.model
    def _prepare_values(self, meeting):
        """Return what Zoom is told about a meeting: not who the client is."""
        session = meeting.session_id
        booking_type = session.booking_type_id
        return {
            "topic": f"{booking_type.name} · {session.name}"[:200],
            "type": SCHEDULED,
            "agenda": meeting.tag,
            **self._prepare_time(session),
            "settings": {
                "waiting_room": booking_type.video_waiting_room,
                "join_before_host": not booking_type.video_waiting_room,
                "auto_recording": booking_type.video_recording,
            },
        }

    @api.model
    def _read_answer(self, answer):
        """Return the values of a meeting from what Zoom says about it."""
        if not answer.get("join_url") or not answer.get("id"):
            raise VideoError(
                self.env._("Zoom's answer contains no link."), kind="later"
            )
        return {
            "external_id": str(answer["id"]),
            "join_url": answer["join_url"],
            "password": answer.get("password") or False,
            "dial_in": format_dial_in(answer) or False,
        }

    # === ERRORS === #

    @api.model
    def _call(self, meeting, method, *args):
        """Ask Zoom, and turn what goes wrong into words.

        :param str method: of ``ZoomClient``
        """
        account = self.env["coaching.zoom.account"]._get_for(meeting.company_id)
        if not account:
            raise VideoError(
                self.env._(
                    "Zoom is not connected. Ask an administrator to enter the"
                    " account in the Coaching settings."
                )
            )
        try:
            return getattr(account._get_client(), method)(*args)
        except ZoomError as error:
            raise self._explain(error, method, args[0]) from None

    @api.model
    def _explain(self, error, method, subject):
        """Return the ``VideoError`` of a ``ZoomError``: what happened, what to do.

        :param str subject: email address or number that the request was about
        """
        reason = f" ({error.reason})" if error.reason else ""
        if error.kind == "unreachable":
            sentence = self.env._("Zoom did not answer.")
            return VideoError(sentence, kind="later")
        if error.kind == "busy":
            sentence = (
                self.env._("Zoom is not accepting requests at the moment.") + reason
            )
            return VideoError(sentence, kind="later", retry_at=error.retry_at)
        if error.kind == "credentials":
            sentence = self.env._(
                "Zoom rejected the account. Ask an administrator to check it in the"
                " Coaching settings."
            )
            return VideoError(sentence + reason)
        about_user = method in ("create_meeting", "find_meeting")
        if error.kind == "missing" and about_user:
            return VideoError(
                self.env._(
                    "Zoom has no user %(user)s. Enter the coach's Zoom email address.",
                    user=subject,
                )
                + reason
            )
        if error.kind == "missing":
            return VideoError(
                self.env._("The meeting no longer exists in Zoom."), "anew"
            )
        sentence = self.env._("Zoom refused the request.") + reason
        return VideoError(sentence, "failed" if about_user else "anew")
