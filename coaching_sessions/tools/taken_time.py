"""Whatever takes coaches' time, found by one function in the database.

It is many statements in one. Planning them takes several times as long as running them
does; PostgreSQL plans what is in a function once for each connection. Which statements
they are is said by ``coaching.availability._get_taken_sources``.
"""

from odoo.tools import SQL

FUNCTION = "coaching_taken_time"
TAKEN = """
    SELECT '{reason}', {coach}, array_agg(EXTRACT(EPOCH FROM {start})::bigint),
           array_agg(EXTRACT(EPOCH FROM {stop})::bigint), NULL::jsonb
      {source} {group}
"""


def select_taken(reason, source, start, stop, coach="coach_id"):
    """Return a statement of what takes time from one moment to another.

    :param str reason: the word for it
    :param str source: SQL from ``FROM`` to the end of ``WHERE``
    :param str start: column or expression of what begins it, naive UTC
    :param str stop: what ends it, naive UTC
    :param str coach: whose time it is, id of ``coaching.coach``; empty for nobody's
    """
    return TAKEN.format(
        reason=reason,
        source=source,
        start=start,
        stop=stop,
        coach=coach or "NULL::int",
        group=f"GROUP BY {coach}" if coach else "",
    )


def make_taken_time(cr, sources):
    """Create the function, or replace it by what it is now.

    It takes reasons to look for, ids of coaches, the bounds and the present moment
    (naive UTC), ids of sessions that take nothing, and ids of the clients who ask. It
    returns rows of a reason, a coach's id, starts and stops in seconds since 1970, and
    what else the reason needs. Of a source whose table is gone nobody asks: its addon
    is uninstalled, and what is not asked for is not planned.

    :param dict sources: reason → SQL, as ``_get_taken_sources`` returns
    """
    statements = SQL("\n").join(
        SQL("IF %s = ANY(reasons) THEN RETURN QUERY %s; END IF;", reason, SQL(source))
        for reason, source in sources.items()
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
