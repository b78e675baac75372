from datetime import timedelta

from odoo import fields, models

from odoo.addons.coaching_sessions.tools.local_time import to_local

# days that a page offers times of, at a time
SHOWN_DAYS = 14


class CoachingSession(models.Model):
    """The times at which a session can be moved, as pages show them."""

    _inherit = "coaching.session"

    def _prepare_portal_slots(self, tz, day=None, apart=False):
        """Return the free times of two weeks, day by day.

        :param str tz: zone of the reader
        :param date day: first day, today by default
        :param bool apart: without those that overlap the session itself
        :return: dict with ``days``, and the first day of what comes before and after
        """
        self.ensure_one()
        # sudo: when the coach of the reader's own session is free; for whom it is not
        # is told to nobody. A client is asked for by their own rules
        session = self.sudo()
        today = to_local(self._now(), tz).date()
        first = max(day or today, today)
        slots = session._get_portal_slots(first, tz)
        days = {}
        for slot in slots:
            start = fields.Datetime.to_datetime(slot["start"])
            stop = fields.Datetime.to_datetime(slot["stop"])
            busy = session.busy_start < stop and start < session.busy_stop
            if start == session.start or (apart and busy):
                continue
            parts = self._describe_time(start, stop, tz)
            shown = days.setdefault(parts["date"], {"date": parts["date"], "slots": []})
            shown["slots"].append({"value": slot["start"], "time": parts["time"]})
        return {
            "days": list(days.values()),
            "earlier": first > today and max(first - timedelta(SHOWN_DAYS), today),
            "later": first + timedelta(SHOWN_DAYS),
        }

    def _get_portal_slots(self, first, tz):
        """Return what ``get_slots`` has for the client of this session."""
        self.ensure_one()
        client = self.attendance_ids.filtered(
            lambda attendance: attendance.state == "scheduled"
        ).partner_id[:1]
        types = self.env["coaching.booking.type"]
        if client == self.env.user.partner_id:
            # as they are: by the rules for clients
            types = types.sudo(False)
        return types.get_slots(
            self.booking_type_id.id,
            first,
            first + timedelta(SHOWN_DAYS - 1),
            coach_ids=self.coach_id.ids,
            tz=tz,
            partner_id=client.id,
            session_id=self.id,
        )
