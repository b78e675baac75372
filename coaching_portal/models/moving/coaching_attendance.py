from odoo import models

from odoo.addons.coaching_sessions.tools.local_time import to_local


class CoachingAttendance(models.Model):
    """How a client moves a session, and why not any more."""

    _inherit = "coaching.attendance"

    def _prepare_portal_moving(self, tz, day=None):
        """Return how the client can move this session, nothing for none (R46, R50).

        :param str tz: zone of the reader
        :param date day: first day of the times that are shown
        :return: dict; ``slots`` is None where no time can be chosen, then ``refused``
            says why
        """
        self.ensure_one()
        session = self.session_id
        # sudo: facts of the client's own session
        if (
            self.state != "scheduled"
            or self.start <= session._now()
            or session.sudo().seats > 1
            or session._is_staff()
        ):
            return {}
        deadline = session.sudo()._get_reschedule_deadline()
        in_time = session.sudo()._is_reschedule_early()
        refused = self._get_portal_refusal(session._check_may_reschedule)
        return {
            "page_url": f"/my/coaching/sessions/{session.id}",
            "url": f"/my/coaching/sessions/{session.id}/move",
            "slots": None if refused else session._prepare_portal_slots(tz, day),
            "shown_day": bool(day),
            "refused": refused,
            "in_time": in_time,
            "note": self._get_portal_moving_note(refused, in_time, deadline, tz),
            "value": to_local(self.start, tz).isoformat(timespec="minutes"),
        }

    def _get_portal_moving_note(self, refused, in_time, deadline, tz):
        """Return in short until when the client can move the session."""
        if refused:
            return self.env._("Too late to change it yourself")
        if in_time:
            until = self.session_id._prepare_portal_moment(deadline, tz)
            return self.env._("Possible until %(moment)s", moment=until)
        return self.env._("Possible until the session begins")

    def _prepare_portal_hint(self):
        """Return why the client can't change this session any more (R47).

        For one that they missed, or that has begun: of what is completed or cancelled
        they want nothing changed.
        """
        self.ensure_one()
        session = self.session_id
        begun = self.state == "scheduled" and self.start <= session._now()
        if session._is_staff() or not (begun or self.state == "no_show"):
            return ""
        return self._get_portal_refusal(session.sudo()._refuse_what_is_over)
