from collections import defaultdict
from datetime import date, timedelta

from odoo import api, models
from odoo.tools import SQL

from ..tools.free_time import CoachTime
from ..tools.local_time import get_weekly_starts
from ..tools.spans import DAY, LocalDays, merge, subtract, to_moment, to_seconds
from .coaching_session import BLOCKING_STATES

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
    """When coaches are free: a fixed number of queries, whatever their number.

    Everything comes as plain rows and goes into spans of seconds. To add something that
    takes time, extend ``_get_loaders``.
    """

    _name = "coaching.availability"
    _description = "Availability"

    @api.model
    def _load(
        self,
        coaches,
        first,
        last,
        partners=None,
        exclude=None,
        booking_type=None,
        length=0,
    ):
        """Return the time of coaches.

        :param coaches: ``coaching.coach``
        :param datetime first: naive UTC
        :param datetime last: naive UTC
        :param partners: ``res.partner`` who ask: what is kept for them is free, and
            where they are taken themselves, nobody is
        :param exclude: ``coaching.session`` that would move, so that they take nothing
        :param booking_type: ``coaching.booking.type`` to find room for
        :param int length: of a session of that type, in seconds
        :return: dict of coach's id → ``CoachTime``
        """
        query = {
            "coach_ids": coaches.ids,
            "first": first,
            "last": last,
            "partners": partners or self.env["res.partner"],
            "exclude": exclude or self.env["coaching.session"],
            "booking_type": booking_type or self.env["coaching.booking.type"],
            "length": length,
            "days": {},
        }
        self.env.flush_all()
        times = {coach_id: CoachTime() for coach_id in coaches.ids}
        if times:
            query["rows"] = self._get_coach_rows(query)
            for coach_id, row in query["rows"].items():
                times[coach_id].days = row["days"]
                times[coach_id].max_day = row["max_sessions_day"]
                times[coach_id].max_week = row["max_sessions_week"]
            for load in self._get_loaders():
                load(query, times)
        return times

    @api.model
    def _get_loaders(self):
        """Return what fills in ``CoachTime``; a hook.

        :return: list of functions that take the query and the times by coach's id
        """
        return [self._load_hours, self._load_taken, self._load_limits]

    @api.model
    def _get_coach_rows(self, query):
        """Return who the coaches are, by id.

        :return: dict of coach's id → dict with ``calendar`` (None: works any time),
            ``flexible``, ``tz``, ``days``, ``max_sessions_day``,
            ``max_sessions_week``
        """
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT coach.id, calendar.id AS calendar,
                       COALESCE(calendar.flexible_hours, true) AS flexible,
                       COALESCE(resource.tz, 'UTC') AS tz,
                       COALESCE(coach.max_sessions_day, 0) AS max_sessions_day,
                       COALESCE(coach.max_sessions_week, 0) AS max_sessions_week
                  FROM coaching_coach coach
                  JOIN resource_resource resource ON resource.id = coach.resource_id
                  LEFT JOIN resource_calendar calendar
                         ON calendar.id = resource.calendar_id
                 WHERE coach.id = ANY(%s)
                """,
                query["coach_ids"],
            )
        )
        for row in rows:
            tz = row["tz"]
            if tz not in query["days"]:
                query["days"][tz] = LocalDays(tz)
            row["days"] = query["days"][tz]
        return {row["id"]: row for row in rows}

    # === WORKING HOURS === #

    @api.model
    def _get_calendar_periods(self, query):
        """Return which calendar each coach has when; a hook for employment.

        :return: dict of coach's id → list of ``(first, last, calendar's id)`` with days
            as ordinals, either end None; what is left out works by its own calendar
        """
        return {}

    @api.model
    def _load_hours(self, query, times):
        """Fill in working hours, without time off."""
        first, last = to_seconds(query["first"]), to_seconds(query["last"])
        rows, periods = query["rows"], self._get_calendar_periods(query)
        parts = {
            coach_id: periods.get(coach_id)
            or [(None, None, None if row["flexible"] else row["calendar"])]
            for coach_id, row in rows.items()
        }
        weeks = self._get_weeks(
            {part[2] for coach_parts in parts.values() for part in coach_parts}
        )
        expanded = {}
        for coach_id, row in rows.items():
            days = row["days"]
            grids = []
            for begin, end, calendar_id in parts[coach_id]:
                # the hours of many are the same
                key = (row["tz"], begin, end, calendar_id)
                if key not in expanded:
                    one = max(days.get_day(first), begin or 0)
                    other = min(days.get_day(last), end or 1 << 62)
                    expanded[key] = days.expand(weeks[calendar_id], one, other)
                grids += expanded[key]
            times[coach_id].grids = grids
            times[coach_id].work = merge(grids)

    @api.model
    def _get_weeks(self, calendar_ids):
        """Return the hours of two weeks by calendar's id; None is any time.

        :return: dict of calendar's id → 14 lists of spans, see ``LocalDays.expand``
        """
        weeks = {None: [[(0, DAY)]] * 14}
        hours = {
            calendar_id: [[] for _day in range(14)] for calendar_id in calendar_ids
        }
        rows = self.env.execute_query(
            SQL(
                """
                SELECT hours.calendar_id, hours.dayofweek::int, hours.hour_from,
                       hours.hour_to,
                       CASE WHEN calendar.two_weeks_calendar
                            THEN hours.week_type::int END
                  FROM resource_calendar_attendance hours
                  JOIN resource_calendar calendar ON calendar.id = hours.calendar_id
                 WHERE hours.calendar_id = ANY(%s) AND hours.display_type IS NULL
                   AND hours.day_period <> 'lunch'
                """,
                [calendar_id for calendar_id in calendar_ids if calendar_id],
            )
        )
        for calendar_id, weekday, hour_from, hour_to, week_type in rows:
            span = (
                self._to_seconds_of_day(hour_from),
                self._to_seconds_of_day(hour_to),
            )
            for week in (0, 1) if week_type is None else (week_type,):
                hours[calendar_id][weekday + 7 * week].append(span)
        for calendar_id, days in hours.items():
            if calendar_id:
                weeks[calendar_id] = [
                    merge(spans) if len(spans) > 1 else spans for spans in days
                ]
        return weeks

    @staticmethod
    def _to_seconds_of_day(hours):
        """Return a float of hours as seconds, to the minute as calendars show it."""
        return round(hours * 60) * 60

    @api.model
    def _get_bounds(self, query):
        """Return what each statement needs, with a day at each end: zones differ."""
        return {
            "coach_ids": query["coach_ids"],
            "first": query["first"] - timedelta(days=1),
            "last": query["last"] + timedelta(days=1),
        }

    # === WHAT TAKES TIME === #

    @api.model
    def _load_taken(self, query, times):
        """Fill in whatever takes time, all of it in one statement.

        In the order of the sources: of two reasons people are told the first.
        """
        sources = self._get_sources(query)
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

    @api.model
    def _load_limits(self, query, times):
        """Fill in days and weeks in which a coach has as many sessions as he wants."""
        limited = [
            row
            for row in query["rows"].values()
            if row["max_sessions_day"] or row["max_sessions_week"]
        ]
        if not limited:
            return
        rows = self.env.execute_query(
            SQL(
                """
                SELECT coach.id,
                       (session.start AT TIME ZONE 'UTC'
                        AT TIME ZONE resource.tz)::date,
                       count(*)
                  FROM coaching_coach coach
                  JOIN resource_resource resource ON resource.id = coach.resource_id
                  JOIN coaching_session session ON session.coach_id = coach.id
                 WHERE coach.id = ANY(%(coach_ids)s) AND session.state IN %(states)s
                   AND session.start >= %(first)s AND session.start < %(last)s
                   AND session.busy_stop > %(first)s
                   AND NOT session.id = ANY(%(exclude)s)
                 GROUP BY 1, 2
                """,
                coach_ids=[row["id"] for row in limited],
                states=BLOCKING_STATES,
                # whole weeks, wherever on earth
                first=query["first"] - timedelta(days=8),
                last=query["last"] + timedelta(days=8),
                exclude=query["exclude"].ids,
            )
        )
        for coach_id, day, count in rows:
            times[coach_id].counts[day.toordinal()] = count

    # === FOR OTHERS === #

    @api.model
    def _get_work(self, coaches, first, last):
        """Return when coaches work, without time off, whatever is booked.

        :param datetime first: naive UTC
        :param datetime last: naive UTC
        :return: dict of coach → list of ``(start, stop)``, naive UTC
        """
        query = {"coach_ids": coaches.ids, "first": first, "last": last, "days": {}}
        self.env.flush_all()
        times = {coach_id: CoachTime() for coach_id in coaches.ids}
        if times:
            query["rows"] = self._get_coach_rows(query)
            self._load_hours(query, times)
            source = SQL(SOURCES["off"], **self._get_bounds(query))
            for _off, coach_id, *row in self.env.execute_query(source):
                self._add_off(query, times, coach_id, *row)
        return {
            coach: [
                (max(to_moment(start), first), min(to_moment(stop), last))
                for start, stop in times[coach.id].work
                if to_moment(start) < last and to_moment(stop) > first
            ]
            for coach in coaches
        }
