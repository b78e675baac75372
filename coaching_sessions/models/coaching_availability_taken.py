from collections import defaultdict
from datetime import date

from odoo import api, models
from odoo.tools import SQL

from ..tools.local_time import get_weekly_starts
from ..tools.spans import merge, subtract, to_seconds

# What takes a coach's time: (reason, coach, starts, stops, details) of each source.
TIMES = """
       array_agg(EXTRACT(EPOCH FROM {start})::bigint),
       array_agg(EXTRACT(EPOCH FROM {stop})::bigint), NULL::jsonb
"""
BUSY = TIMES.format(start="busy_start", stop="busy_stop")
SOURCES = {
    "off": f"""
        SELECT 'off', coach.id, {TIMES.format(start="date_from", stop="date_to")}
          FROM coaching_coach coach
          JOIN resource_resource resource ON resource.id = coach.resource_id
          JOIN resource_calendar_leaves time_off
            ON time_off.resource_id = resource.id
            OR (time_off.resource_id IS NULL
                AND time_off.company_id = resource.company_id
                AND (time_off.calendar_id IS NULL OR resource.calendar_id IS NULL
                     OR time_off.calendar_id = resource.calendar_id))
         WHERE coach.id = ANY(%(coach_ids)s) AND time_off.time_type = 'leave'
           AND time_off.date_from < %(last)s AND time_off.date_to > %(first)s
         GROUP BY coach.id
    """,
    "session": f"""
        SELECT 'session', coach_id, {BUSY}
          FROM coaching_session
         WHERE coach_id = ANY(%(coach_ids)s)
           AND state IN ('scheduled', 'completed', 'no_show')
           AND busy_start < %(last)s AND busy_stop > %(first)s
           AND NOT id = ANY(%(exclude)s)
         GROUP BY coach_id
    """,
    # held for others, with what is kept free around it
    "hold": f"""
        SELECT 'hold', coach_id, {BUSY}
          FROM coaching_hold
         WHERE coach_id = ANY(%(coach_ids)s) AND state = 'held'
           AND expires_at > %(now)s
           AND busy_start < %(last)s AND busy_stop > %(first)s
           AND (partner_id IS NULL OR NOT partner_id = ANY(%(partner_ids)s))
         GROUP BY coach_id
    """,
    # held for who asks, or for nobody any more
    "room": f"""
        SELECT 'room', coach_id, {BUSY}
          FROM coaching_hold
         WHERE coach_id = ANY(%(coach_ids)s) AND state = 'held'
           AND busy_start < %(last)s AND busy_stop > %(first)s
           AND (expires_at <= %(now)s OR partner_id = ANY(%(partner_ids)s))
         GROUP BY coach_id
    """,
    # as a client himself, or as a coach of another company
    "elsewhere": f"""
        SELECT 'elsewhere', coach.id, {TIMES.format(start="start", stop="stop")}
          FROM coaching_coach coach
          JOIN coaching_attendance attendance
            ON attendance.partner_id = coach.partner_id
         WHERE coach.id = ANY(%(coach_ids)s)
           AND attendance.state IN ('scheduled', 'completed', 'no_show')
           AND start < %(last)s AND stop > %(first)s
           AND NOT session_id = ANY(%(exclude)s)
         GROUP BY coach.id
        UNION ALL
        SELECT 'elsewhere', coach.id, {BUSY}
          FROM coaching_coach coach
          JOIN coaching_coach other
            ON other.partner_id = coach.partner_id AND other.id <> coach.id
          JOIN coaching_session session ON session.coach_id = other.id
         WHERE coach.id = ANY(%(coach_ids)s)
           AND session.state IN ('scheduled', 'completed', 'no_show')
           AND busy_start < %(last)s AND busy_stop > %(first)s
           AND NOT session.id = ANY(%(exclude)s)
         GROUP BY coach.id
    """,
    # what else is in the calendar, synchronised or not: not what is shown as free or
    # was declined, nor sessions, which have been counted
    "event": """
        SELECT 'event', coach.id, NULL::bigint[], NULL::bigint[],
               jsonb_agg(jsonb_build_array(
                   EXTRACT(EPOCH FROM event.start)::bigint,
                   EXTRACT(EPOCH FROM event.stop)::bigint,
                   CASE WHEN event.allday THEN event.start_date END,
                   COALESCE(event.stop_date, event.start_date)))
          FROM calendar_event event
          JOIN calendar_attendee attendee ON attendee.event_id = event.id
           AND attendee.state <> 'declined'
          JOIN coaching_coach coach ON coach.partner_id = attendee.partner_id
         WHERE coach.id = ANY(%(coach_ids)s) AND event.active
           AND event.show_as = 'busy' AND event.is_coaching_session IS NOT TRUE
           AND event.start < %(last)s AND event.stop > %(first)s
         GROUP BY coach.id
    """,
    "reserved": """
        SELECT 'reserved', coach_id, NULL::bigint[], NULL::bigint[],
               jsonb_agg(jsonb_build_array(weekday::int, start_minute,
                   duration_minutes, tz, date_from, date_to))
          FROM coaching_reserved_slot
         WHERE coach_id = ANY(%(coach_ids)s) AND state = 'active'
           AND NOT partner_id = ANY(%(partner_ids)s)
           AND date_from <= %(last)s AND (date_to IS NULL OR date_to >= %(first)s)
         GROUP BY coach_id
    """,
    "client": f"""
        SELECT 'client', NULL::int, {TIMES.format(start="start", stop="stop")}
          FROM coaching_attendance
         WHERE partner_id = ANY(%(partner_ids)s)
           AND state IN ('scheduled', 'completed', 'no_show')
           AND start < %(last)s AND stop > %(first)s
           AND NOT session_id = ANY(%(exclude)s)
    """,
}


class CoachingAvailability(models.AbstractModel):
    """Whatever takes a coach's time, in one statement with a row of each kind."""

    _inherit = "coaching.availability"

    @api.model
    def _get_loaders(self):
        return [*super()._get_loaders(), self._load_taken]

    @api.model
    def _load_taken(self, query, times, reasons=None):
        """Fill in whatever takes time, all of it in one statement.

        In the order of the sources: of two reasons people are told the first.

        :param reasons: only these; all by default
        """
        sources = self._get_sources(query)
        if reasons:
            sources = {reason: sources[reason] for reason in reasons}
        rows = self.env.execute_query(
            SQL(" UNION ALL ").join(SQL("(%s)", source) for source in sources.values())
        )
        by_reason = defaultdict(list)
        for reason, *row in rows:
            by_reason[reason].append(row)
        for reason in sources:
            add = getattr(self, f"_add_{reason}", None)
            for coach_id, starts, stops, details in by_reason[reason]:
                if add:
                    add(query, times, coach_id, starts, stops, details)
                else:
                    times[coach_id].add(reason, zip(starts, stops, strict=True))

    @api.model
    def _get_sources(self, query):
        """Return what takes time; a hook.

        :return: dict of reason → ``SQL`` of rows (reason, coach's id, starts and stops
            as arrays of seconds, more of it as jsonb); where there is a method
            ``_add_<reason>`` it fills them in
        """
        bounds = {
            **self._get_bounds(query),
            "exclude": query["exclude"].ids,
            "now": self.env["coaching.session"]._now(),
            "partner_ids": query["partners"].ids,
        }
        return {reason: SQL(source, **bounds) for reason, source in SOURCES.items()}

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
