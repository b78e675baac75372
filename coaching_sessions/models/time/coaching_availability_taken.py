from collections import defaultdict
from datetime import date

from odoo import api, models
from odoo.tools import SQL

from ...tools.local_time import get_weekly_starts
from ...tools.spans import merge, subtract, to_seconds
from ...tools.taken_time import FUNCTION, REASONS, make_taken_time


class CoachingAvailability(models.AbstractModel):
    """Whatever takes a coach's time, in one statement with a row of each kind."""

    _inherit = "coaching.availability"
    _database_functions = (FUNCTION,)

    def init(self):
        super().init()
        make_taken_time(self.env.cr)

    @api.model
    def _get_loaders(self):
        return [*super()._get_loaders(), self._load_taken]

    @api.model
    def _load_taken(self, query, times, reasons=REASONS):
        """Fill in whatever takes time, all of it in one statement.

        Of two reasons people are told the first. Where there is a method
        ``_add_<reason>`` it fills them in.

        :param reasons: only these; all by default
        """
        bounds = self._get_bounds(query)
        rows = self.env.execute_query(
            SQL(
                "SELECT reason, coach_id, starts, stops, details"
                "  FROM coaching_taken_time(%s, %s, %s, %s, %s, %s, %s)",
                list(reasons),
                bounds["coach_ids"],
                bounds["first"],
                bounds["last"],
                self.env["coaching.session"]._now(),
                query["exclude"].ids,
                query["partners"].ids,
            )
        )
        by_reason = defaultdict(list)
        for reason, *row in rows:
            by_reason[reason].append(row)
        for reason in reasons:
            add = getattr(self, f"_add_{reason}", None)
            for coach_id, starts, stops, details in by_reason[reason]:
                if add:
                    add(query, times, coach_id, starts, stops, details)
                else:
                    times[coach_id].add(reason, zip(starts, stops, strict=True))

    @api.model
    def _add_off(self, query, times, coach_id, starts, stops, details):
        """Take time off and public holidays from working hours."""
        row, time = query["rows"][coach_id], times[coach_id]
        spans = zip(starts, stops, strict=True)
        if not row["calendar"]:
            # whoever has no hours has whole days off, as in Odoo's calendars
            days = row["days"]
            spans = [
                days.get_span(days.get_day(start), days.get_day(stop))
                for start, stop in spans
            ]
        time.work = subtract(time.work, merge(spans))

    @api.model
    def _add_room(self, query, times, coach_id, starts, stops, details):
        """Note that something is held that this booking may have."""
        times[coach_id].has_room = True

    @api.model
    def _add_client(self, query, times, coach_id, starts, stops, details):
        """Nobody is free for a client who is in a session himself."""
        for time in times.values():
            time.add("client", zip(starts or (), stops or (), strict=True))

    @api.model
    def _add_event(self, query, times, coach_id, starts, stops, details):
        """Add the coach's other events, those of whole days in his own zone."""
        days = query["rows"][coach_id]["days"]
        for start, stop, first, last in details:
            if first:
                first, last = (date.fromisoformat(day) for day in (first, last))
                span = days.get_span(first.toordinal(), last.toordinal())
            else:
                span = (start, stop)
            times[coach_id].add("event", [span])

    @api.model
    def _add_reserved(self, query, times, coach_id, starts, stops, details):
        """Add weekly times that are kept for other clients (R59)."""
        bounds = self._get_bounds(query)
        first, last = bounds["first"].date(), bounds["last"].date()
        for weekday, minute, length, tz, begin, end in details:
            begin = max(first, date.fromisoformat(begin))
            end = min(last, date.fromisoformat(end)) if end else last
            times[coach_id].add(
                "reserved",
                [
                    (to_seconds(start), to_seconds(start) + length * 60)
                    for start in get_weekly_starts(weekday, minute, tz, begin, end)
                ],
            )
