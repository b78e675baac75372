"""Many who book at once: times, packages, make-ups, seats."""

import contextlib

import pytest
from races_world import (  # noqa: F401
    assert_readable,
    quiet,
    race,
    race_until_answered,
    short_back_off,
    without_check_free,
    won,
)

# === BOOKING === #


def race_for_one_slot(world, bookers=40, retried=True):
    """Each of the bookers wants the same hour of the same coach, for themselves."""
    (coach_id,) = world.coach()
    start = world.slot(9)
    attempts = race(
        world,
        [
            world.booking(coach_id, client_id, start)
            for client_id in world.clients(bookers)
        ],
        retried,
    )
    return coach_id, attempts


@pytest.mark.parametrize(
    ("checked", "retried"),
    [(True, True), (False, True), (True, False), (False, False)],
    ids=["as-is", "constraint-alone", "without-retrying", "neither"],
)
def test_one_slot(world, checked, retried):
    """Of 40 bookers of one slot one gets it, 39 read why not, nothing is left of them.

    With the look before booking or without it, with Odoo's retrying or without it.
    To see it fail: drop the constraint coaching_session_coach_no_overlap, and there
    are 40 sessions and 780 overlapping pairs, with or without the look.
    """
    with contextlib.nullcontext() if checked else without_check_free(world):
        coach_id, attempts = race_for_one_slot(world, retried=retried)
    assert len(won(attempts)) == 1
    assert_readable(attempts, "Coach Cora", "already has a session")
    sessions = [("coach_id", "=", coach_id)]
    in_sessions = [("session_id.coach_id", "=", coach_id)]
    assert world.count("coaching.session", *sessions) == 1
    assert world.count("coaching.attendance", *in_sessions) == 1
    in_moves = [("attendance_id.session_id.coach_id", "=", coach_id)]
    assert world.count("coaching.package.move", *in_moves) == 1
    in_events = [("coaching_session_ids.coach_id", "=", coach_id)]
    assert world.count("calendar.event", *in_events) == 1


def test_losers_leave_no_event_or_hold(world):
    """What a loser had begun is undone: no orphan event, hold or email that is due.

    To see it fail: commit inside of `_create_session`, and each loser leaves some.
    """
    models = ("calendar.event", "coaching.package.move", "coaching.notification")
    (coach_id,) = world.coach()
    calls = [
        world.booking(coach_id, client_id, world.slot(9))
        for client_id in world.clients(20)
    ]
    before = {model: world.count(model) for model in models}
    attempts = race(world, calls)
    assert len(won(attempts)) == 1
    # the one email is the client's: a coach without an address gets none
    assert {model: world.count(model) - before[model] for model in models} == {
        model: 1 for model in models
    }


def race_for_one_client(world, coaches=10):
    """One client is booked by several coaches for the same hour."""
    (client_id,) = world.clients(1, sessions=0)
    start = world.slot(11)
    # free of charge: a package of all of them would be in each other's way
    calls = [
        world.booking(coach_id, client_id, start, "consultation")
        for coach_id in world.coach(coaches)
    ]
    return client_id, race(world, calls)


def test_one_client(world):
    """Ten coaches book one client for one hour: one of them succeeds.

    To see it fail: drop coaching_attendance_client_no_overlap; the client has all ten.
    """
    client_id, attempts = race_for_one_client(world)
    assert len(won(attempts)) == 1
    assert_readable(attempts, "Client", "already has a session")
    assert world.count("coaching.attendance", ("partner_id", "=", client_id)) == 1


def race_for_one_package(world, bookers=40, sessions=10):
    """One client books more sessions, at as many times, than the package has."""
    coach_ids = world.coach(4)
    (client_id,) = world.clients(1, sessions=sessions)
    mine = [("partner_id", "=", client_id)]
    package_id = world.commit(lambda env: env["coaching.package"].search(mine).id)
    calls = [
        world.booking(
            coach_ids[n % 4],
            client_id,
            world.slot(n % 20, 1 + n // 20),
            package_id=package_id,
        )
        for n in range(bookers)
    ]

    def look(env):
        return env["coaching.package"].browse(package_id).remaining

    attempts = race_until_answered(world, calls, look)
    held = world.commit(lambda env: env["coaching.package"].browse(package_id).held)
    booked = world.count("coaching.attendance", ("partner_id", "=", client_id))
    return attempts, held, booked


def test_one_package(world):
    """Of 40 bookings on a package of ten, ten get a session and 30 read why not.

    To see it fail: let `_count` look at the moves instead of the guarded update, and
    drop coaching_package_check_counters: 40 are booked on ten, the balance is -30.
    """
    attempts, held, booked = race_for_one_package(world)
    assert_readable(attempts, "session")
    assert (len(won(attempts)), held, booked) == (10, 10, 10)


def race_for_what_may_be_owed(world, bookers=12, limit=3):
    """A client without a package books more sessions than they may owe."""
    coach_ids = world.coach(4)
    (client_id,) = world.clients(1, sessions=0)

    def allow(env):
        env["res.partner"].browse(client_id).coaching_owed_limit = limit

    world.commit(allow)
    calls = [
        world.booking(coach_ids[n % 4], client_id, world.slot(n))
        for n in range(bookers)
    ]
    attempts = race(world, calls)
    mine = ("partner_id", "=", client_id)
    owed = world.count("coaching.attendance", mine, ("owed", "=", True))
    return attempts, owed, world.count("coaching.attendance", mine)


def test_what_may_be_owed(world):
    """Of 12 bookings of a client who may owe three, three are booked.

    To see it fail: drop coaching_attendance_owed_once, so that all who looked at the
    same moment take the same number.
    """
    attempts, owed, booked = race_for_what_may_be_owed(world)
    assert_readable(attempts, "no package")
    assert (len(won(attempts)), owed, booked) == (3, 3, 3)


def race_for_one_makeup(world, bookers=10):
    """One make-up credit, booked for several times at once."""
    coach_ids = world.coach(2)
    (client_id,) = world.clients(1)
    missed_id = world.missed(coach_ids[0], client_id, world.slot(8))
    calls = [
        world.booking(
            coach_ids[n % 2],
            client_id,
            world.slot(n, 3),
            "makeup",
            makeup_of_id=missed_id,
        )
        for n in range(bookers)
    ]

    def look(env):
        return env["coaching.attendance"].browse(missed_id).makeup_id.state

    return missed_id, race(world, calls, look=look)


def test_one_makeup(world):
    """Of ten bookings with one make-up credit one gets it.

    To see it fail: let `_take` update without `state = 'issued'` under READ COMMITTED,
    and ten sessions are made up for one that was missed.
    """
    missed_id, attempts = race_for_one_makeup(world)
    assert len(won(attempts)) == 1
    assert_readable(attempts, "make-up", "is already used by")
    assert world.count("coaching.attendance", ("makeup_of_id", "=", missed_id)) == 1


def race_for_seats(world, bookers=20, seats=3):
    """A group session that nobody has booked yet, wanted by more than it holds."""
    (coach_id,) = world.coach()
    group_id = world.type_id("group")
    world.commit(
        lambda env: env["coaching.booking.type"]
        .browse(group_id)
        .write({"max_participants": seats})
    )
    calls = [
        world.booking(coach_id, client_id, world.slot(9), "group")
        for client_id in world.clients(bookers)
    ]
    return coach_id, race(world, calls)


def test_last_seats(world):
    """Of 20 who want one of three seats three get one, all in the same session.

    To see it fail: let `_take_seats` update without its condition and drop
    coaching_session_check_seats: more clients than seats.
    """
    coach_id, attempts = race_for_seats(world)
    assert len(won(attempts)) == 3
    assert len(set(won(attempts))) == 1
    assert_readable(attempts, "seat")
    assert world.count("coaching.session", ("coach_id", "=", coach_id)) == 1
    assert world.count("coaching.attendance", ("coach_id", "=", coach_id)) == 3


def race_to_join_twice(world, clicks=5):
    """One client books a seat of one group session several times at once."""
    (coach_id,) = world.coach()
    (client_id,) = world.clients(1)
    booking = world.booking(coach_id, client_id, world.slot(9), "group")
    return client_id, race(world, [booking] * clicks)


def test_joining_twice(world):
    """A client who clicks five times has one seat, one hold, and reads why not two.

    To see it fail: drop coaching_attendance_session_client_unique and
    coaching_attendance_client_no_overlap. Either of the two is enough to hold it.
    """
    client_id, attempts = race_to_join_twice(world)
    assert len(won(attempts)) == 1
    assert_readable(attempts, "already")
    assert world.count("coaching.attendance", ("partner_id", "=", client_id)) == 1
