"""Whatever takes coaches' time, found by one function in the database.

It is eight statements in one. Planning them takes several times as long as running them
does; PostgreSQL plans what is in a function once for each connection.
"""

from odoo.tools import SQL

FUNCTION = "coaching_taken_time"
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
         WHERE coach.id = ANY(wanted_ids) AND time_off.time_type = 'leave'
           AND time_off.date_from < until AND time_off.date_to > since
         GROUP BY coach.id
    """,
    "session": f"""
        SELECT 'session', coach_id, {BUSY}
          FROM coaching_session
         WHERE coach_id = ANY(wanted_ids)
           AND state IN ('scheduled', 'completed', 'no_show')
           AND busy_start < until AND busy_stop > since
           AND NOT id = ANY(moving_ids)
         GROUP BY coach_id
    """,
    # held for others, with what is kept free around it
    "hold": f"""
        SELECT 'hold', coach_id, {BUSY}
          FROM coaching_hold
         WHERE coach_id = ANY(wanted_ids) AND state = 'held'
           AND expires_at > moment
           AND busy_start < until AND busy_stop > since
           AND (partner_id IS NULL OR NOT partner_id = ANY(client_ids))
         GROUP BY coach_id
    """,
    # held for who asks, or for nobody any more
    "room": f"""
        SELECT 'room', coach_id, {BUSY}
          FROM coaching_hold
         WHERE coach_id = ANY(wanted_ids) AND state = 'held'
           AND busy_start < until AND busy_stop > since
           AND (expires_at <= moment OR partner_id = ANY(client_ids))
         GROUP BY coach_id
    """,
    # as a client himself, or as a coach of another company
    "elsewhere": f"""
        SELECT 'elsewhere', coach.id, {TIMES.format(start="start", stop="stop")}
          FROM coaching_coach coach
          JOIN coaching_attendance attendance
            ON attendance.partner_id = coach.partner_id
         WHERE coach.id = ANY(wanted_ids)
           AND attendance.state IN ('scheduled', 'completed', 'no_show')
           AND start < until AND stop > since
           AND NOT session_id = ANY(moving_ids)
         GROUP BY coach.id
        UNION ALL
        SELECT 'elsewhere', coach.id, {BUSY}
          FROM coaching_coach coach
          JOIN coaching_coach other
            ON other.partner_id = coach.partner_id AND other.id <> coach.id
          JOIN coaching_session session ON session.coach_id = other.id
         WHERE coach.id = ANY(wanted_ids)
           AND session.state IN ('scheduled', 'completed', 'no_show')
           AND busy_start < until AND busy_stop > since
           AND NOT session.id = ANY(moving_ids)
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
         WHERE coach.id = ANY(wanted_ids) AND event.active
           AND event.show_as = 'busy' AND event.is_coaching_session IS NOT TRUE
           AND event.start < until AND event.stop > since
         GROUP BY coach.id
    """,
    "reserved": """
        SELECT 'reserved', coach_id, NULL::bigint[], NULL::bigint[],
               jsonb_agg(jsonb_build_array(weekday::int, start_minute,
                   duration_minutes, tz, date_from, date_to))
          FROM coaching_reserved_slot
         WHERE coach_id = ANY(wanted_ids) AND state = 'active'
           AND NOT partner_id = ANY(client_ids)
           AND date_from <= until AND (date_to IS NULL OR date_to >= since)
         GROUP BY coach_id
    """,
    "client": f"""
        SELECT 'client', NULL::int, {TIMES.format(start="start", stop="stop")}
          FROM coaching_attendance
         WHERE partner_id = ANY(client_ids)
           AND state IN ('scheduled', 'completed', 'no_show')
           AND start < until AND stop > since
           AND NOT session_id = ANY(moving_ids)
    """,
}
# in the order in which people are told
REASONS = tuple(SOURCES)


def make_taken_time(cr):
    """Create the function, or replace it by what it is now.

    It takes reasons to look for, ids of coaches, the bounds and the present moment
    (naive UTC), ids of sessions that take nothing, and ids of the clients who ask. It
    returns rows of a reason, a coach's id, starts and stops in seconds since 1970, and
    what else the reason needs.
    """
    statements = SQL("\n").join(
        SQL("IF %s = ANY(reasons) THEN RETURN QUERY %s; END IF;", reason, SQL(source))
        for reason, source in SOURCES.items()
    )
    cr.execute(SQL("DROP FUNCTION IF EXISTS %s", SQL.identifier(FUNCTION)))
    cr.execute(
        SQL(
            """
            CREATE FUNCTION %(name)s(
                reasons text[], wanted_ids int[], since timestamp, until timestamp,
                moment timestamp, moving_ids int[], client_ids int[])
            RETURNS TABLE (
                reason text, coach_id int, starts bigint[], stops bigint[],
                details jsonb)
            AS $$
            #variable_conflict use_column
            BEGIN
                %(statements)s
            END $$ LANGUAGE plpgsql STABLE PARALLEL SAFE
            """,
            name=SQL.identifier(FUNCTION),
            statements=statements,
        )
    )
