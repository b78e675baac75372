from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ...tools.free_time import CoachTime
from ...tools.spans import DAY, LocalDays, merge, to_seconds
from ..session.lifecycle import BLOCKING_STATES


class CoachingAvailability(models.AbstractModel):
    """When coaches are free: a fixed number of queries, whatever their number.

    Everything comes as plain rows and goes into spans of seconds. To add something that
    takes time, extend ``_get_taken_sources``; where a query can't say it, extend
    ``_get_loaders``.
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

        A loader asks the database once, however many coaches there are, and adds spans
        with ``CoachTime.add`` or ``add_starts``, for a reason of its own.

        :return: list of functions that take the query and the times by coach's id
        """
        return [self._load_hours, self._load_limits]

    @api.model
    def _get_coach_rows(self, query):
        """Return who the coaches are, by id.

        :return: dict of coach's id → dict with ``company``, ``calendar`` (None: works
            any time), ``flexible``, ``tz``, ``days``, ``max_sessions_day``,
            ``max_sessions_week``
        """
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT coach.id, coach.company_id AS company,
                       calendar.id AS calendar,
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
    def _load_limits(self, query, times):
        """Fill in days and weeks in which a coach has the maximum of sessions."""
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
