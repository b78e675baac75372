"""All locks, and the order in which they are taken. Nobody else writes lock clauses.

A transaction takes what it needs of these from the top down, and several of one kind
in the order of their ids, so that nobody waits in a circle:

1. the **turns** of coaches, then of clients (``lock_turns``): whoever writes into their
   time queues up;
2. the **coaches** (``FOR_SHARE`` by bookings, ``touch`` by absence), the **order
   lines** that grant packages and the **terms** that are accepted;
3. **held times**, released by a guarded update (``coaching.hold._release``);
4. **seats** of a group, counted by a guarded update (``coaching.session._take_seats``);
5. **attendances**, then their **sessions**: closing writes them in this order, what
   completes by itself locks them in this order (``SKIP_LOCKED``), disputes and pay
   ``touch`` those that are looked at together;
6. the ledgers: counters of **packages** (guarded update in ``coaching.package.move``),
   **make-ups**, then **remuneration lines**;
7. what waits for a cron, one row a transaction: **proposals**, **waiting list**,
   **video links** (guarded updates, or ``SKIP_LOCKED``).

A *guarded update* says in its ``WHERE`` what must be so, and looks at how many rows it
changed: of two who want the same, one gets it.

Odoo's transactions see the database as it was when they began (``REPEATABLE READ``).
So a row that both sides write, or one shares and the other writes, makes the later one
fail, and Odoo tries it again with what is there now: that is what ``FOR_SHARE`` and
``touch`` are for.
"""

from odoo.tools import SQL

# to be put at the end of a SELECT, behind its ORDER BY
FOR_UPDATE = SQL("FOR UPDATE")
FOR_NO_KEY_UPDATE = SQL("FOR NO KEY UPDATE")
FOR_SHARE = SQL("FOR SHARE")
# of a cron: what somebody is at is left alone; with a name where tables are joined
SKIP_LOCKED = SQL("FOR UPDATE SKIP LOCKED")
SKIP_LOCKED_SESSION = SQL("FOR UPDATE OF session SKIP LOCKED")


def _get_turns(coaches, partners):
    """Return the query of whose turns these are; the tables stand for the kinds."""
    return SQL(
        """
        SELECT 'coaching_session'::regclass::oid::int AS kind, id
          FROM unnest(%s::int[]) AS id
        UNION ALL
        SELECT 'coaching_attendance'::regclass::oid::int, id
          FROM unnest(%s::int[]) AS id
         ORDER BY kind, id
        """,
        coaches.ids,
        partners.ids,
    )


def lock_turns(coaches, partners):
    """Wait until it is our turn with the time of coaches and clients; until the commit.

    Coaches are shared as well, in the same round trip.

    :param coaches: ``coaching.coach``
    :param partners: ``res.partner``
    """
    coaches.env.cr.execute(
        SQL(
            """
            SELECT pg_advisory_xact_lock(kind, id) FROM (%s) AS wanted;
            SELECT FROM coaching_coach WHERE id = ANY(%s) ORDER BY id %s
            """,
            _get_turns(coaches, partners),
            coaches.ids,
            FOR_SHARE,
        )
    )


def try_turns(coaches, partners):
    """Return whether it is our turn at once; some of them may be ours even if not.

    :param coaches: ``coaching.coach``
    :param partners: ``res.partner``
    """
    ((free,),) = coaches.env.execute_query(
        SQL(
            "SELECT bool_and(pg_try_advisory_xact_lock(kind, id)) FROM (%s) AS wanted",
            _get_turns(coaches, partners),
        )
    )
    return free


def touch(records):
    """Write rows as they are: whoever writes or shares one of them has to look again.

    :param records: of any model; what they wait to write is to be flushed before
    """
    if records:
        records.env.cr.execute(
            SQL(
                """
                UPDATE %(table)s SET write_date = write_date WHERE id IN (
                       SELECT id FROM %(table)s
                        WHERE id = ANY(%(ids)s) ORDER BY id %(lock)s)
                """,
                table=SQL.identifier(records._table),
                ids=records.ids,
                lock=FOR_NO_KEY_UPDATE,
            )
        )


def lock(records):
    """Wait for whoever writes these rows, and keep others from it until the commit.

    :param records: of any model
    """
    if records:
        records.env.cr.execute(
            SQL(
                "SELECT FROM %(table)s WHERE id = ANY(%(ids)s) ORDER BY id %(lock)s",
                table=SQL.identifier(records._table),
                ids=records.ids,
                lock=FOR_NO_KEY_UPDATE,
            )
        )
