from odoo import models

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

    def _get_portal_states(self):
        """Return the words a client or coach reads for each state."""
        return {
            "scheduled": self.env._("Booked"),
            "completed": self.env._("Completed"),
            "no_show": self.env._("Missed"),
            "early_cancel": self.env._("Early cancellation"),
            "late_cancel": self.env._("Late cancellation"),
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
        # sudo: found by the coach's own rules; of the booking type only the name
        return [session._prepare_portal_coach_row(tz) for session in self.sudo()]

    def _prepare_portal_coach_row(self, tz):
        """Return what the coach reads of one; what lies above adds its own."""
        self.ensure_one()
        now = self._now()
        scheduled = self.attendance_ids.filtered(lambda a: a.state == "scheduled")
        group = self.seats > 1
        booking_type = self.booking_type_id.name
        return {
            "id": self.id,
            "url": f"/my/coaching/coach/{self.id}",
            "name": self.name,
            "clients": self.client_names,
            "booking_type": booking_type,
            "time": self._describe_time(self.start, self.stop, tz),
            "minutes": self.duration_minutes,
            "state": self._prepare_portal_state(
                self.state, self.start, self.stop, coach=True
            ),
            "group": group,
            "title": booking_type if group else self.client_names,
            "seats_taken": self.seats_taken,
            "seats": self.seats,
            "open_count": len(scheduled),
            "awaiting": self.state == "scheduled" and self.stop <= now,
            "upcoming": self.state == "scheduled" and self.stop > now,
        }
