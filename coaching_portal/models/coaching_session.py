from odoo import models
from odoo.tools.misc import babel_locale_parse, get_lang

from ..tools.local_time import describe_span, format_day

BADGES = {
    "scheduled": "info",
    "completed": "success",
    "no_show": "danger",
    "early_cancel": "muted",
    "late_cancel": "warning",
    "cancelled": "muted",
}


class CoachingSession(models.Model):
    """What pages tell of sessions, as plain values: templates never get records."""

    _inherit = "coaching.session"

    def _format_day(self, day):
        """Return a date in the reader's language, nothing for none."""
        locale = babel_locale_parse(get_lang(self.env).code)
        return format_day(day, locale) if day else ""

    def _describe_time(self, start, stop, tz):
        """Return the parts of a time in the reader's zone and language."""
        locale = babel_locale_parse(get_lang(self.env).code)
        return describe_span(start, stop, tz, locale)

    def _get_portal_states(self):
        """Return the words a client or coach reads for each state."""
        return {
            "scheduled": self.env._("Booked"),
            "completed": self.env._("Completed"),
            "no_show": self.env._("Missed"),
            "early_cancel": self.env._("Cancelled in time"),
            "late_cancel": self.env._("Cancelled late"),
            "cancelled": self.env._("Cancelled"),
        }

    def _prepare_portal_state(self, state, start, stop, coach=False):
        """Return label and badge colour of a state.

        :param bool coach: whether the coach reads it, else the client
        """
        now = self._now()
        if state == "scheduled" and stop <= now:
            label = (
                self.env._("To close out")
                if coach
                else self.env._("Waiting for your coach")
            )
            return {"label": label, "badge": "warning"}
        if state == "no_show" and coach:
            return {"label": self.env._("No-show"), "badge": BADGES[state]}
        if state == "scheduled" and start <= now:
            return {"label": self.env._("Now"), "badge": "success"}
        return {"label": self._get_portal_states()[state], "badge": BADGES[state]}

    def _prepare_portal_coach_rows(self, tz):
        """Return what the coach reads of these sessions in a list (R31, R68-R71).

        :param str tz: zone of the reader
        """
        now = self._now()
        rows = []
        # sudo: found by the coach's own rules; of the booking type only the name
        for session in self.sudo():
            attendances = session.attendance_ids
            scheduled = attendances.filtered(lambda a: a.state == "scheduled")
            rows.append(
                {
                    "id": session.id,
                    "url": f"/my/coaching/coach/{session.id}",
                    "name": session.name,
                    "clients": session.client_names,
                    "booking_type": session.booking_type_id.name,
                    "time": self._describe_time(session.start, session.stop, tz),
                    "minutes": session.duration_minutes,
                    "state": self._prepare_portal_state(
                        session.state, session.start, session.stop, coach=True
                    ),
                    "group": session.seats > 1,
                    "title": session.booking_type_id.name
                    if session.seats > 1
                    else session.client_names,
                    "seats_taken": session.seats_taken,
                    "seats": session.seats,
                    "open_count": len(scheduled),
                    "awaiting": session.state == "scheduled" and session.stop <= now,
                    "upcoming": session.state == "scheduled" and session.stop > now,
                    "join_url": session._get_portal_join_url(),
                    "reconfirmed": session.state == "scheduled"
                    and bool(attendances.filtered("reconfirmed_at")),
                    "join_from": session._get_portal_join_time(tz),
                    "video": session._prepare_portal_video(),
                    "recording_url": session.recording_url or "",
                    "removed_slot": session.removed_slot_message,
                }
            )
        return rows

    def _get_confirm_url(self):
        self.ensure_one()
        if self.coach_id.user_id.share:
            return f"{self.get_base_url()}/my/coaching/coach/confirm/{self.id}"
        return super()._get_confirm_url()

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
        time = self._describe_time(start, start, tz)
        return f"{time['short_date']}, {time['time'].split(' – ')[0]}"

    def _prepare_portal_video(self):
        """Return what those who join need beside the link, while they can (R79)."""
        self.ensure_one()
        meeting = self._get_video_meeting()
        if not (meeting.join_url and self._is_join_time()):
            return {}
        return meeting._get_details()
