"""One table for everything that takes a coach's time.

An exclusion constraint looks into one table only, and a look into two of them is a
race. So sessions and held times are mirrored into a third one by triggers: whoever
writes either of them, the ORM or SQL by hand, is judged there.
"""

import logging

from odoo.tools import SQL

_logger = logging.getLogger(__name__)

TABLE = "coaching_coach_time"
CONSTRAINT = "coaching_coach_time_no_overlap"
# table that is mirrored → states in which a row takes the coach's time
MIRRORED = {
    "coaching_session": ("scheduled", "completed", "no_show"),
    "coaching_hold": ("held",),
}
KEPT = f"{TABLE}_kept"
GUARDS = (CONSTRAINT, *(f"{table}_coach_time" for table in MIRRORED))


def make_coach_time(cr):
    """Create the table, its constraint and the triggers, and fill in what is missing.

    Done again at every upgrade, whatever state the database is in.
    """
    cr.execute("SELECT FROM pg_constraint WHERE conname = %s", (CONSTRAINT,))
    if not cr.rowcount:
        # a mirror without its constraint is worth nothing: it is filled in anew
        cr.execute(
            """
            DROP TABLE IF EXISTS coaching_coach_time;
            CREATE TABLE coaching_coach_time (
                id serial PRIMARY KEY,
                coach_id integer NOT NULL,
                session_id integer UNIQUE
                    REFERENCES coaching_session ON DELETE CASCADE,
                hold_id integer UNIQUE REFERENCES coaching_hold ON DELETE CASCADE,
                span tsrange NOT NULL,
                CHECK (num_nonnulls(session_id, hold_id) = 1),
                CONSTRAINT coaching_coach_time_no_overlap EXCLUDE USING gist (
                    int4range(coach_id, coach_id, '[]') WITH =, span WITH &&)
            )
            """
        )
    for table, states in MIRRORED.items():
        _make_trigger(cr, table, states)
        _fill_in(cr, table, states)
    _make_kept(cr)


def _make_kept(cr):
    """Let PostgreSQL refuse to take away or change what a session or hold still says.

    A mirror without a row would let two people have one time.
    """
    conditions = [
        SQL(
            """
            EXISTS (SELECT FROM %(table)s row
                     WHERE row.id = OLD.%(column)s AND row.state IN %(states)s
                       AND row.coach_id = OLD.coach_id
                       AND tsrange(row.busy_start, row.busy_stop, '[)') = OLD.span)
            """,
            table=SQL.identifier(table),
            column=_get_column(table),
            states=states,
        )
        for table, states in MIRRORED.items()
    ]
    cr.execute(
        SQL(
            """
            CREATE OR REPLACE FUNCTION %(name)s() RETURNS trigger AS $$
            BEGIN
                IF TG_OP = 'TRUNCATE' THEN
                    RAISE EXCEPTION 'Rows of %% follow sessions', TG_TABLE_NAME
                        USING ERRCODE = 'restrict_violation';
                END IF;
                IF %(said)s THEN
                    RAISE EXCEPTION 'Rows of %% follow sessions', TG_TABLE_NAME
                        USING ERRCODE = 'restrict_violation';
                END IF;
                RETURN NULL;
            END $$ LANGUAGE plpgsql;
            DROP TRIGGER IF EXISTS %(name)s ON %(table)s;
            CREATE TRIGGER %(name)s AFTER UPDATE OR DELETE ON %(table)s
                FOR EACH ROW EXECUTE FUNCTION %(name)s();
            DROP TRIGGER IF EXISTS %(truncate)s ON %(table)s;
            CREATE TRIGGER %(truncate)s BEFORE TRUNCATE ON %(table)s
                FOR EACH STATEMENT EXECUTE FUNCTION %(name)s();
            """,
            name=SQL.identifier(KEPT),
            truncate=SQL.identifier(f"{KEPT}_all"),
            table=SQL.identifier(TABLE),
            said=SQL(" OR ").join(conditions),
        )
    )


def find_unmirrored(cr):
    """Return the ids of sessions and holds whose time is not kept as they say.

    :return: dict of table → list of ids
    """
    found = {}
    for table, states in MIRRORED.items():
        cr.execute(
            SQL(
                """
                SELECT row.id FROM %(table)s row
                  LEFT JOIN coaching_coach_time mirrored
                         ON mirrored.%(column)s = row.id
                 WHERE (row.state IN %(states)s AND (mirrored.id IS NULL
                        OR mirrored.coach_id <> row.coach_id
                        OR mirrored.span
                           <> tsrange(row.busy_start, row.busy_stop, '[)')))
                    OR (row.state NOT IN %(states)s AND mirrored.id IS NOT NULL)
                 ORDER BY row.id
                """,
                table=SQL.identifier(table),
                column=_get_column(table),
                states=states,
            )
        )
        found[table] = [row_id for (row_id,) in cr.fetchall()]
    return found


def _get_column(table):
    return SQL.identifier(f"{table.removeprefix('coaching_')}_id")


def _make_trigger(cr, table, states):
    cr.execute(
        SQL(
            """
            CREATE OR REPLACE FUNCTION %(name)s() RETURNS trigger AS $$
            BEGIN
                IF NEW.state = ANY (TG_ARGV::text[]) THEN
                    INSERT INTO coaching_coach_time AS known
                           (coach_id, %(column)s, span)
                    VALUES (NEW.coach_id, NEW.id,
                            tsrange(NEW.busy_start, NEW.busy_stop, '[)'))
                    ON CONFLICT (%(column)s) DO UPDATE
                       SET coach_id = EXCLUDED.coach_id, span = EXCLUDED.span
                     WHERE (known.coach_id, known.span)
                           IS DISTINCT FROM (EXCLUDED.coach_id, EXCLUDED.span);
                ELSIF TG_OP = 'UPDATE' THEN
                    DELETE FROM coaching_coach_time WHERE %(column)s = NEW.id;
                END IF;
                RETURN NULL;
            END $$ LANGUAGE plpgsql;
            DROP TRIGGER IF EXISTS %(name)s ON %(table)s;
            CREATE TRIGGER %(name)s
                AFTER INSERT OR UPDATE OF coach_id, busy_start, busy_stop, state
                ON %(table)s
                FOR EACH ROW EXECUTE FUNCTION %(name)s(%(states)s);
            """,
            name=SQL.identifier(f"{table}_coach_time"),
            table=SQL.identifier(table),
            column=_get_column(table),
            states=SQL(", ").join(SQL("%s", state) for state in states),
        )
    )


def _fill_in(cr, table, states):
    """Mirror what was there before the trigger; what overlaps already is only told."""
    values = {
        "table": SQL.identifier(table),
        "column": _get_column(table),
        "states": states,
    }
    cr.execute(
        SQL(
            """
            DELETE FROM coaching_coach_time mirrored USING %(table)s row
             WHERE row.id = mirrored.%(column)s
               AND (row.state NOT IN %(states)s OR row.coach_id <> mirrored.coach_id
                    OR tsrange(row.busy_start, row.busy_stop, '[)') <> mirrored.span)
            """,
            **values,
        )
    )
    cr.execute(
        SQL(
            """
            INSERT INTO coaching_coach_time (coach_id, %(column)s, span)
            SELECT coach_id, id, tsrange(busy_start, busy_stop, '[)')
              FROM %(table)s row
             WHERE state IN %(states)s AND NOT EXISTS (
                   SELECT FROM coaching_coach_time WHERE %(column)s = row.id)
             ORDER BY busy_start, id
                ON CONFLICT DO NOTHING
            """,
            **values,
        )
    )
    cr.execute(
        SQL(
            """
            SELECT array_agg(id ORDER BY id) FROM %(table)s row
             WHERE state IN %(states)s AND NOT EXISTS (
                   SELECT FROM coaching_coach_time WHERE %(column)s = row.id)
            """,
            **values,
        )
    )
    (left,) = cr.fetchone()
    if left:
        _logger.error(
            "Rows %s of %s overlap others of the same coach, so their time is not"
            " protected. Cancel or move them, then upgrade coaching_sessions.",
            left,
            table,
        )
