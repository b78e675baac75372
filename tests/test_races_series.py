"""Many book series at once: no deadlock, no half series.

See ``test_races.py`` for how a race works, and for the rules that hold after it. How
long it takes is measured by ``setup/bench bench_series``.
"""

import pytest
from races_world import assert_readable, quiet, race, short_back_off, won  # noqa: F401

TIMES = 10

# no half series: each time of a series is a session or is noted as a gap
HALF_SERIES = """
    SELECT count(*) FROM coaching_series series
     WHERE occurrence_count <> (
           SELECT count(*) FROM coaching_session
            WHERE series_id = series.id AND state = 'scheduled') + (
           SELECT count(*) FROM coaching_series_gap
            WHERE series_id = series.id AND state = 'open')
        OR NOT EXISTS (SELECT FROM coaching_session WHERE series_id = series.id)"""


def booking_series(world, coach_id, client_id, start, count=TIMES, **vals):
    """Return a function of env that books a series, and returns how many times."""
    vals = {
        "booking_type_id": world.type_id("individual"),
        "coach_id": coach_id,
        "partner_ids": [client_id],
        "start": start,
        "count": count,
        **vals,
    }
    return lambda env: len(env["coaching.series"].book(vals)["session_ids"])


def count_half_series(world):
    def count(env):
        env.cr.execute(HALF_SERIES)
        return env.cr.fetchone()[0]

    return world.commit(count)


def count_deadlocks(world):
    def count(env):
        env.cr.execute(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        )
        return env.cr.fetchone()[0]

    return world.commit(count)


@pytest.fixture
def no_deadlock(world):
    before = count_deadlocks(world)
    yield
    assert count_deadlocks(world) == before
    assert count_half_series(world) == 0


@pytest.mark.usefixtures("no_deadlock")
@pytest.mark.parametrize("retried", [True, False], ids=["retried", "bare"])
@pytest.mark.parametrize("on_conflict", ["refuse", "skip"])
def test_the_same_times(world, on_conflict, retried):
    """Of 30 who want the same ten times one gets all of them.

    To see it fail: let `_book` make the series outside of its savepoint, and
    bare losers leave series without a session.
    """
    (coach_id,) = world.coach()
    calls = [
        booking_series(
            world, coach_id, client_id, world.slot(9), on_conflict=on_conflict
        )
        for client_id in world.clients(30, sessions=TIMES)
    ]
    attempts = race(world, calls, retried)
    assert won(attempts) == [TIMES]
    assert_readable(attempts, "Coach Cora")


@pytest.mark.usefixtures("no_deadlock")
@pytest.mark.parametrize("retried", [True, False], ids=["retried", "bare"])
def test_overlapping_times(world, retried):
    """30 series of one coach that cross each other: who is later gets what is left.

    Every time is given once, and nobody who could have had one goes without.
    """
    (coach_id,) = world.coach()
    calls = [
        booking_series(
            world,
            coach_id,
            client_id,
            # two begin at a time, each a week after the ones before
            world.slot(9, day=1 + 7 * (number // 2)),
            on_conflict="skip",
        )
        for number, client_id in enumerate(world.clients(30, sessions=TIMES))
    ]
    attempts = race(world, calls, retried)
    assert_readable(attempts, "Coach Cora")
    booked = world.count("coaching.session", ("coach_id", "=", coach_id))
    assert booked == sum(won(attempts)) == 14 + TIMES


@pytest.mark.usefixtures("no_deadlock")
def test_each_his_own_coach(world):
    """30 who are in nobody's way all get what they want."""
    calls = [
        booking_series(world, coach_id, client_id, world.slot(9))
        for coach_id, client_id in zip(
            world.coach(30), world.clients(30, sessions=TIMES), strict=True
        )
    ]
    attempts = race(world, calls)
    assert won(attempts) == [TIMES] * 30


@pytest.mark.usefixtures("no_deadlock")
def test_one_package(world):
    """A client's package of 25 is booked up by four series at once, and no further."""
    (client_id,) = world.clients(1, sessions=25)
    calls = [
        booking_series(
            world, coach_id, client_id, world.slot(9 + number), on_conflict="skip"
        )
        for number, coach_id in enumerate(world.coach(4))
    ]
    attempts = race(world, calls)
    assert sum(won(attempts)) == 25
    assert_readable(attempts, "package")
