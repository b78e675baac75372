from odoo import fields, models
from odoo.tools import groupby

from odoo.addons.coaching_sessions.tools.local_time import to_local


class CoachingBookingType(models.Model):
    """Free times as pages show them, day by day."""

    _inherit = "coaching.booking.type"

    def _prepare_portal_days(self, slots, tz, chosen=None, url=None):
        """Return times by day in the reader's zone, for ``slot_picker``.

        :param slots: what ``get_slots`` returns, or dicts with ``start`` and ``stop``,
            naive UTC, as text or datetime
        :param str tz: zone of the reader
        :param datetime chosen: naive UTC, the time that is chosen already
        :param url: function of the value of a time, returning its address; without it
            the times are choices of a form
        :return: list of dict: ``date`` (ISO), ``label``, ``times``
        """
        # a group that has begun to fill comes first, and is what booking joins
        first = {slot["start"]: slot for slot in reversed(slots)}
        times = [
            self._prepare_portal_slot(first[start], tz, url) for start in sorted(first)
        ]
        for time in times:
            time["chosen"] = bool(chosen) and time["moment"] == chosen
        return [
            {
                "date": day.isoformat(),
                "label": rows[0]["date"],
                "weekday": rows[0]["weekday"],
                "times": rows,
            }
            for day, rows in groupby(times, key=lambda time: time["day"])
        ]

    def _prepare_portal_slot(self, slot, tz, url=None):
        """Return one time that can be chosen, as plain values."""
        start = fields.Datetime.to_datetime(slot["start"])
        stop = fields.Datetime.to_datetime(slot["stop"])
        parts = self.env["coaching.session"]._describe_time(start, stop, tz)
        value = start.isoformat(timespec="minutes")
        seats = slot.get("seats") or 1
        return {
            "moment": start,
            "day": to_local(start, tz).date(),
            "value": value,
            "url": url(value) if url else "",
            "date": parts["date"],
            "weekday": parts["weekday"],
            "start": parts["start"],
            "stop": parts["stop"],
            "seats": seats,
            "joins": bool(slot.get("joins")),
            "coaches": len(slot.get("coach_ids") or ()),
        }
