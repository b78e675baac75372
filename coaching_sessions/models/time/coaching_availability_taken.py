from collections import defaultdict
from datetime import datetime

from odoo import api, models
from odoo.tools import SQL

from ...tools.local_time import get_whole_days
from ...tools.spans import merge, subtract
from ...tools.taken_time import FUNCTION, make_taken_time, select_taken

EPOCH = datetime(1970, 1, 1)
TIME_OFF = """
    FROM coaching_coach coach
    JOIN resource_resource resource ON resource.id = coach.resource_id
    JOIN resource_calendar_leaves leaves ON leaves.resource_id = resource.id
   WHERE coach.id = ANY(wanted_ids) AND leaves.time_type = 'leave'
     AND leaves.date_from < until AND leaves.date_to > since
"""
# nobody's own: with the zones in which somebody may have entered them. Days elsewhere
# begin up to 26 hours earlier or later.
HOLIDAYS = """
    SELECT 'off', coach.id, NULL::bigint[], NULL::bigint[],
           jsonb_agg(jsonb_build_array(
               leaves.date_from, leaves.date_to,
               jsonb_build_array(calendar.tz, company_calendar.tz, creator.tz)))
      FROM coaching_coach coach
      JOIN resource_resource resource ON resource.id = coach.resource_id
      JOIN resource_calendar_leaves leaves
        ON leaves.resource_id IS NULL
       AND leaves.company_id = resource.company_id
       AND (leaves.calendar_id IS NULL OR resource.calendar_id IS NULL
            OR leaves.calendar_id = resource.calendar_id)
      JOIN res_company company ON company.id = leaves.company_id
      LEFT JOIN resource_calendar calendar ON calendar.id = leaves.calendar_id
      LEFT JOIN resource_calendar company_calendar
        ON company_calendar.id = company.resource_calendar_id
      LEFT JOIN res_users users ON users.id = leaves.create_uid
      LEFT JOIN res_partner creator ON creator.id = users.partner_id
     WHERE coach.id = ANY(wanted_ids) AND leaves.time_type = 'leave'
       AND leaves.date_from < until + interval '26 hours'
       AND leaves.date_to > since - interval '26 hours'
     GROUP BY coach.id
"""
SESSIONS = """
    FROM coaching_session
   WHERE coach_id = ANY(wanted_ids) AND state IN ('scheduled', 'completed', 'no_show')
     AND busy_start < until AND busy_stop > since AND NOT id = ANY(moving_ids)
"""
HELD = """
    FROM coaching_hold
   WHERE coach_id = ANY(wanted_ids) AND state = 'held'
     AND busy_start < until AND busy_stop > since
"""
# held for others, with what is kept free around it
HELD_FOR_OTHERS = f"""{HELD}
     AND expires_at > moment
     AND (partner_id IS NULL OR NOT partner_id = ANY(client_ids))
"""
# held for who asks, or for nobody any more
ROOM = f"""{HELD}
     AND (expires_at <= moment OR partner_id = ANY(client_ids))
"""
AS_A_CLIENT = """
    FROM coaching_coach coach
    JOIN coaching_attendance attendance ON attendance.partner_id = coach.partner_id
   WHERE coach.id = ANY(wanted_ids)
     AND attendance.state IN ('scheduled', 'completed', 'no_show')
     AND start < until AND stop > since AND NOT session_id = ANY(moving_ids)
"""
IN_OTHER_COMPANIES = """
    FROM coaching_coach coach
    JOIN coaching_coach other
      ON other.partner_id = coach.partner_id AND other.id <> coach.id
    JOIN coaching_session session ON session.coach_id = other.id
   WHERE coach.id = ANY(wanted_ids)
     AND session.state IN ('scheduled', 'completed', 'no_show')
     AND busy_start < until AND busy_stop > since AND NOT session.id = ANY(moving_ids)
"""
# whoever asks is somewhere else: nobody's time is taken by that, but nobody is free
CLIENT = """
    FROM coaching_attendance
   WHERE partner_id = ANY(client_ids) AND state IN ('scheduled', 'completed', 'no_show')
     AND start < until AND stop > since AND NOT session_id = ANY(moving_ids)
"""
BUSY = ("busy_start", "busy_stop")


class CoachingAvailability(models.AbstractModel):
    """Whatever takes a coach's time, in one statement with a row of each kind."""

    _inherit = "coaching.availability"
    _database_functions = (FUNCTION,)

    def init(self):
        super().init()
        make_taken_time(self.env.cr, self._get_all_sources())

    @api.model
    def _get_taken_sources(self):
        """Return what takes coaches' time; a hook for floors above and other addons.

        Each source is a statement that returns, for each coach, a reason, the coach's
        id, starts and stops (``bigint[]``, seconds since 1970), and ``jsonb`` for what
        ``_add_<reason>`` makes spans of, NULL without such a method. In most cases
        ``tools.taken_time.select_taken`` writes it. It finds these names:
        ``wanted_ids`` (of coaches), ``since`` and ``until`` (the bounds, naive UTC),
        ``moment`` (now), ``moving_ids`` (sessions that take nothing), ``client_ids``
        (partners who ask). It becomes part of a function in the database as the addon
        is installed or updated.

        What is added here keeps a time from being offered and from being booked. The
        sentence for it is ``coaching.session._get_obstacle_message``. It is a look, no
        guard: two who write at the same moment are judged by constraints only, see
        ``tools/coach_time.py``. What no statement can say is added to the spans by a
        loader, see ``_get_loaders``.

        :return: dict of reason → SQL text, in the order in which people are told
        """
        elsewhere = (
            select_taken("elsewhere", AS_A_CLIENT, "start", "stop", "coach.id"),
            select_taken("elsewhere", IN_OTHER_COMPANIES, *BUSY, "coach.id"),
        )
        off = (
            select_taken("off", TIME_OFF, "date_from", "date_to", "coach.id"),
            HOLIDAYS,
        )
        return {
            "off": " UNION ALL ".join(off),
            "session": select_taken("session", SESSIONS, *BUSY),
            "hold": select_taken("hold", HELD_FOR_OTHERS, *BUSY),
            "room": select_taken("room", ROOM, *BUSY),
            "elsewhere": " UNION ALL ".join(elsewhere),
        }

    @api.model
    def _get_all_sources(self):
        """Return what takes coaches' time, and last what takes that of who asks."""
        client = select_taken("client", CLIENT, "start", "stop", coach="")
        return {**self._get_taken_sources(), "client": client}

    @api.model
    def _get_loaders(self):
        return [*super()._get_loaders(), self._load_taken]

    @api.model
    def _load_taken(self, query, times):
        """Fill in whatever takes time, all of it in one statement.

        Of two reasons people are told the first. Where there is a method
        ``_add_<reason>`` it fills them in.
        """
        reasons = list(self._get_all_sources())
        bounds = self._get_bounds(query)
        rows = self.env.execute_query(
            SQL(
                "SELECT reason, coach_id, starts, stops, details"
                "  FROM coaching_taken_time(%s, %s, %s, %s, %s, %s, %s)",
                reasons,
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
        if details:
            spans = [self._get_holiday(row, *holiday) for holiday in details]
        else:
            spans = list(zip(starts, stops, strict=True))
        if not row["calendar"]:
            # whoever has no hours has whole days off, as in Odoo's calendars
            days = row["days"]
            spans = [
                days.get_span(days.get_day(start), days.get_day(stop))
                for start, stop in spans
            ]
        spans = merge(spans)
        time.work = subtract(time.work, spans)
        # what is kept free around a session is not kept free in time off
        time.add("off", spans)

    @api.model
    def _get_holiday(self, row, start, stop, zones):
        """Return the span of a holiday for one coach.

        Whole days where it was entered are whole days where the coach is: a holiday is
        a day off, and not two halves. What is shorter is from one moment to another.

        :param dict row: of the coach
        :param str start: naive UTC
        :param str stop: naive UTC
        :param list zones: names of zones it may have been entered in
        """
        start, stop = datetime.fromisoformat(start), datetime.fromisoformat(stop)
        days = get_whole_days(start, stop, zones)
        if days:
            return row["days"].get_span(*(day.toordinal() for day in days))
        return tuple(int((one - EPOCH).total_seconds()) for one in (start, stop))

    @api.model
    def _add_room(self, query, times, coach_id, starts, stops, details):
        """Note that something is held that this booking may have."""
        times[coach_id].meets_holds = True

    @api.model
    def _add_client(self, query, times, coach_id, starts, stops, details):
        """Nobody is free for a client who is in a session at that time."""
        for time in times.values():
            time.add("client", zip(starts or (), stops or (), strict=True))
