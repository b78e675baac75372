"""A coach falls ill while somebody books or moves: who is later looks again.

See ``test_races.py`` for how a race works, and for the rules that hold after it.
"""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from races_world import (  # noqa: F401
    assert_readable,
    quiet,
    race_until_answered,
    short_back_off,
)

# in time off of the coach, which was entered in the same moment
IN_TIME_OFF = """
    SELECT count(*) FROM coaching_session session
      JOIN coaching_coach coach ON coach.id = session.coach_id
      JOIN resource_calendar_leaves time_off
        ON time_off.resource_id = coach.resource_id
     WHERE session.state = 'scheduled' AND session.start < time_off.date_to
       AND session.stop > time_off.date_from"""
WAITING = """
    SELECT count(*) FROM pg_locks
      JOIN pg_database ON pg_database.oid = pg_locks.database
     WHERE NOT granted AND locktype = 'advisory' AND datname = current_database()"""
# what is proposed for a session that is another one now
STALE = """
    SELECT count(*) FROM coaching_proposal proposal
      JOIN coaching_session session ON session.id = proposal.session_id
     WHERE proposal.state = 'open' AND (
           session.state <> 'scheduled' OR session.coach_id <> proposal.coach_id
           OR session.start <> proposal.session_start)"""


@pytest.fixture
def office(world):
    """Two coaches, and sessions of the first one on five days."""
    coach_id, other_id = world.coach(2)
    session_ids = [
        world.book(coach_id, client_id, world.slot(9, day))
        for day, client_id in enumerate(world.clients(5), 1)
    ]
    return coach_id, other_id, session_ids


def count(world, query):
    def ask(env):
        env.cr.execute(query)
        return env.cr.fetchone()[0]

    return world.commit(ask)


def absence(world, coach_id, mode):
    """Return a function of env: the coach is not there on these five days."""
    first, last = world.slot(0, 1).date(), world.slot(0, 5).date()
    return (
        lambda env: env["coaching.coach"]
        .browse(coach_id)
        .action_absent(first, last, mode=mode)
    )


def booking(world, coach_id, start):
    (client_id,) = world.clients(1)
    values = {
        "booking_type_id": world.type_id("individual"),
        "coach_id": coach_id,
        "partner_ids": [client_id],
        "start": start,
    }
    return lambda env: env["coaching.session"].book(values).id


def one_waits_for_the_other(world, first, second):
    """Let the second one begin while the first one is at it; returns its Attempt."""
    from odoo import api

    with (
        ThreadPoolExecutor(1) as thread,
        world.registry.cursor() as cr,
    ):
        first(api.Environment(cr, world.manager_id, {"tz": "UTC"}))
        cr.flush()
        later = thread.submit(race_until_answered, world, [second])
        waited_since = time.monotonic()
        while not count(world, WAITING):
            assert not later.done(), "nobody waited"
            assert time.monotonic() - waited_since < 30, "nobody waited"
            time.sleep(0.02)
        cr.commit()
        (attempt,) = later.result(60)
    return attempt


def test_who_books_later_is_refused(world, office):
    """A booking does not see the absence that was recorded while it waited.

    To see it fail: let `_take_turns` not read the coach.
    """
    coach_id, _other_id, _session_ids = office
    attempt = one_waits_for_the_other(
        world,
        absence(world, coach_id, "cancel"),
        booking(world, coach_id, world.slot(12, 3)),
    )
    assert attempt.error is not None
    assert_readable([attempt], "Coach Cora", "not work")
    assert count(world, f"{IN_TIME_OFF} AND coach.id = {coach_id}") == 0


def test_who_booked_before_is_told(world, office):
    """What was booked while the absence waited is cancelled with the others.

    To see it fail: let `_lock_period` not look again.
    """
    coach_id, _other_id, session_ids = office
    attempt = one_waits_for_the_other(
        world,
        booking(world, coach_id, world.slot(12, 3)),
        absence(world, coach_id, "cancel"),
    )
    assert attempt.error is None
    assert len(attempt.value["cancelled"]) == len(session_ids) + 1
    assert count(world, f"{IN_TIME_OFF} AND coach.id = {coach_id}") == 0


@pytest.mark.parametrize("what", ["moved", "given", "cancelled"])
def test_offered_while_it_changes(world, office, what):
    """No other times are offered for what is another session at that moment.

    To see it fail: let `coaching.proposal._open` not write the session.
    """
    coach_id, other_id, session_ids = office

    def change(env):
        session = env["coaching.session"].browse(session_ids[2])
        if what == "moved":
            session.action_reschedule(world.slot(9, 20))
        elif what == "given":
            session.action_substitute(other_id)
        else:
            session.action_cancel("client_emergency")

    attempts = race_until_answered(
        world, [absence(world, coach_id, "offer"), change, change]
    )
    assert attempts[0].error is None
    assert count(world, STALE) == 0
