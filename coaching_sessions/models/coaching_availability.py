from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..tools.free_time import CoachTime
from ..tools.local_time import get_weekly_starts
from ..tools.spans import DAY, LocalDays, merge, subtract, to_moment, to_seconds
from .coaching_session import BLOCKING_STATES


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
        """Return what fills in ``CoachTime``, in the order of the reasons people give.

        :return: list of functions that take the query and the times by coach's id
        """
        return [
            self._load_hours,
            self._load_sessions,
            self._load_events,
            self._load_reserved,
            self._load_limits,
            self._load_clients,
        ]

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
        for coach_id, spans in self._get_time_off(query).items():
            time = times[coach_id]
            time.work = subtract(time.work, merge(spans))

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
    def _get_time_off(self, query):
        """Return time off and public holidays, in any order.

        :return: dict of coach's id → list of spans
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT coach.id, time_off.date_from, time_off.date_to
                  FROM coaching_coach coach
                  JOIN resource_resource resource ON resource.id = coach.resource_id
                  JOIN resource_calendar_leaves time_off
                    ON time_off.resource_id = resource.id
                    OR (time_off.resource_id IS NULL
                        AND time_off.company_id = resource.company_id
                        AND (time_off.calendar_id IS NULL
                             OR resource.calendar_id IS NULL
                             OR time_off.calendar_id = resource.calendar_id))
                 WHERE coach.id = ANY(%(coach_ids)s) AND time_off.time_type = 'leave'
                   AND time_off.date_from < %(last)s AND time_off.date_to > %(first)s
                """,
                **self._get_bounds(query),
            )
        )
        result = defaultdict(list)
        for coach_id, date_from, date_to in rows:
            span = (to_seconds(date_from), to_seconds(date_to))
            row = query["rows"][coach_id]
            if not row["calendar"]:
                # whoever has no hours has whole days off, as in Odoo's calendars
                days = row["days"]
                span = days.get_span(days.get_day(span[0]), days.get_day(span[1]))
            result[coach_id].append(span)
        return result

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
    def _load_sessions(self, query, times):
        """Fill in sessions and what is held for others, with what is kept free around.

        Sessions come first: of two reasons people are told the plainer one.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT 'session', coach_id,
                       array_agg(EXTRACT(EPOCH FROM busy_start)::bigint),
                       array_agg(EXTRACT(EPOCH FROM busy_stop)::bigint)
                  FROM coaching_session
                 WHERE coach_id = ANY(%(coach_ids)s)
                   AND state IN ('scheduled', 'completed', 'no_show')
                   AND busy_start < %(last)s AND busy_stop > %(first)s
                   AND NOT id = ANY(%(exclude)s)
                 GROUP BY coach_id
                UNION ALL
                SELECT 'hold', coach_id,
                       array_agg(EXTRACT(EPOCH FROM busy_start)::bigint),
                       array_agg(EXTRACT(EPOCH FROM busy_stop)::bigint)
                  FROM coaching_hold
                 WHERE coach_id = ANY(%(coach_ids)s) AND state = 'held'
                   AND expires_at > %(now)s
                   AND busy_start < %(last)s AND busy_stop > %(first)s
                   AND (partner_id IS NULL OR NOT partner_id = ANY(%(partner_ids)s))
                 GROUP BY coach_id
                """,
                **self._get_bounds(query),
                exclude=query["exclude"].ids,
                now=self.env["coaching.session"]._now(),
                partner_ids=query["partners"].ids,
            )
        )
        for reason, coach_id, starts, stops in sorted(rows, reverse=True):
            times[coach_id].add(reason, zip(starts, stops, strict=True))

    @api.model
    def _load_events(self, query, times):
        """Fill in what else is in the coach's calendar, synchronised or not.

        What is shown as free or was declined takes no time. Sessions are in there too,
        but they have been counted.
        """
        for (
            coach_id,
            start,
            stop,
            allday,
            first_day,
            last_day,
        ) in self.env.execute_query(
            SQL(
                """
                SELECT coach.id, event.start, event.stop, event.allday,
                       event.start_date, event.stop_date
                  FROM calendar_event event
                  JOIN calendar_attendee attendee ON attendee.event_id = event.id
                   AND attendee.state <> 'declined'
                  JOIN coaching_coach coach ON coach.partner_id = attendee.partner_id
                 WHERE coach.id = ANY(%(coach_ids)s) AND event.active
                   AND event.show_as = 'busy'
                   AND event.is_coaching_session IS NOT TRUE
                   AND event.start < %(last)s AND event.stop > %(first)s
                """,
                **self._get_bounds(query),
            )
        ):
            if allday and first_day:
                days = query["rows"][coach_id]["days"]
                span = days.get_span(
                    first_day.toordinal(), (last_day or first_day).toordinal()
                )
            else:
                span = (to_seconds(start), to_seconds(stop))
            times[coach_id].add("event", [span])

    @api.model
    def _load_reserved(self, query, times):
        """Fill in weekly times that are kept for other clients (R59)."""
        bounds = self._get_bounds(query)
        for row in self.env.execute_query_dict(
            SQL(
                """
                SELECT coach_id, weekday::int, start_minute, duration_minutes, tz,
                       date_from, date_to
                  FROM coaching_reserved_slot
                 WHERE coach_id = ANY(%(coach_ids)s) AND state = 'active'
                   AND NOT partner_id = ANY(%(partner_ids)s)
                   AND date_from <= %(last)s
                   AND (date_to IS NULL OR date_to >= %(first)s)
                """,
                **bounds,
                partner_ids=query["partners"].ids,
            )
        ):
            starts = get_weekly_starts(
                row["weekday"],
                row["start_minute"],
                row["tz"],
                max(bounds["first"].date(), row["date_from"]),
                min(bounds["last"].date(), row["date_to"] or bounds["last"].date()),
            )
            length = row["duration_minutes"] * 60
            times[row["coach_id"]].add(
                "reserved",
                [(to_seconds(start), to_seconds(start) + length) for start in starts],
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

    @api.model
    def _load_clients(self, query, times):
        """Fill in when those who ask are in a session themselves."""
        if not query["partners"]:
            return
        rows = self.env.execute_query(
            SQL(
                """
                SELECT start, stop FROM coaching_attendance
                 WHERE partner_id = ANY(%(partner_ids)s) AND state IN %(states)s
                   AND start < %(last)s AND stop > %(first)s
                   AND NOT session_id = ANY(%(exclude)s)
                """,
                partner_ids=query["partners"].ids,
                states=BLOCKING_STATES,
                first=query["first"] - timedelta(days=1),
                last=query["last"] + timedelta(days=1),
                exclude=query["exclude"].ids,
            )
        )
        spans = [(to_seconds(start), to_seconds(stop)) for start, stop in rows]
        for time in times.values():
            time.add("client", spans)

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
        return {
            coach: [
                (max(to_moment(start), first), min(to_moment(stop), last))
                for start, stop in times[coach.id].work
                if to_moment(start) < last and to_moment(stop) > first
            ]
            for coach in coaches
        }
