"""Held times and bookings at once: one table judges both (R99).

See ``test_races.py`` for how a race works, and for the rules that hold after it.
"""

# Over 300 lines: each race stands beside the mutant that breaks it.

from datetime import timedelta

import pytest
from races_world import (  # noqa: F401
    World,
    assert_readable,
    quiet,
    race,
    short_back_off,
    without_check_free,
    won,
)
from test_races_mutants import Mutant, database_copy, mutated


def holding(world, coach_id, start, client_id=None, hours=240, code="individual"):
    """Return a function of env that keeps an hour of a coach, and returns the id."""
    type_id = world.type_id(code)

    def hold(env):
        env = env(su=True)
        Hold = env["coaching.hold"]
        expires_at = env["coaching.session"]._now() + timedelta(hours=hours)
        return Hold._hold(
            env["coaching.booking.type"].browse(type_id),
            env["coaching.coach"].browse(coach_id),
            [start],
            expires_at,
            env["res.partner"].browse(client_id or ()),
        ).id

    return hold


def race_for_a_held_time(world, bookers=12, holders=8):
    """Bookers and those who want to keep it, all for one hour of one coach."""
    (coach_id,) = world.coach()
    start = world.slot(9)
    bookings = [
        world.booking(coach_id, client_id, start)
        for client_id in world.clients(bookers)
    ]
    holds = [
        holding(world, coach_id, start, client_id)
        for client_id in world.clients(holders, sessions=0)
    ]
    return coach_id, bookings, holds


def taken(world, coach_id):
    """Return how many sessions and held times a coach has."""
    mine = ("coach_id", "=", coach_id)
    return (
        world.count("coaching.session", mine, ("state", "=", "scheduled")),
        world.count("coaching.hold", mine, ("state", "=", "held")),
    )


@pytest.mark.parametrize("retried", [True, False], ids=["retried", "bare"])
def test_booked_or_held(world, retried):
    """Of 20 who book or keep one hour one gets it, whichever it is.

    To see it fail: drop coaching_coach_time_no_overlap.
    """
    coach_id, bookings, holds = race_for_a_held_time(world)
    # turn by turn, so that neither is there first
    calls = [*holds]
    for number, booking in enumerate(bookings):
        calls.insert(2 * number, booking)
    attempts = race(world, calls, retried)
    assert len(won(attempts)) == 1
    assert_readable(attempts, "Coach Cora", "already has a session")
    assert sum(taken(world, coach_id)) == 1


@pytest.mark.parametrize("retried", [True, False], ids=["retried", "bare"])
def test_held_too_long(world, retried):
    """Many book what is held too long: one gets it, whoever lets go of it.

    To see it fail: let `_release_at_once` not look after who was faster, and bare
    writers read of serialization.
    """
    (coach_id,) = world.coach()
    hold_id = world.commit(holding(world, coach_id, world.slot(9), hours=-1))
    calls = [
        world.booking(coach_id, client_id, world.slot(9))
        for client_id in world.clients(10)
    ]
    calls.insert(5, lambda env: env["coaching.hold"].sudo()._cron_expire())
    attempts = race(world, calls, [*[retried] * 5, True, *[retried] * 5])
    booked = [value for value in won(attempts) if value]
    assert len(booked) == 1
    assert_readable(attempts, "already has a session")
    assert taken(world, coach_id) == (1, 0)
    state = world.commit(lambda env: env["coaching.hold"].browse(hold_id).state)
    assert state == "expired"


def test_own_held_time_and_others(world):
    """The client it is held for books it, with ten others at once, and gets it.

    To see it fail: let `_make_room` release what is held for anybody.
    """
    (coach_id,) = world.coach()
    client_ids = world.clients(11)
    hold = holding(world, coach_id, world.slot(9), client_ids[5])
    hold_id = world.commit(hold)
    attempts = race(
        world,
        [world.booking(coach_id, id_, world.slot(9)) for id_ in client_ids],
    )
    assert [bool(attempt.value) for attempt in attempts].index(True) == 5
    assert len(won(attempts)) == 1
    assert_readable(attempts, "Coach Cora")
    state = world.commit(lambda env: env["coaching.hold"].browse(hold_id).state)
    assert state == "taken"


def test_moved_into_a_held_time(world):
    """Sessions that are moved and times that are kept: one gets the hour."""
    (coach_id,) = world.coach()
    client_ids = world.clients(6)
    session_ids = [
        world.book(coach_id, client_id, world.slot(10 + number))
        for number, client_id in enumerate(client_ids)
    ]
    start = world.slot(9)

    def moving(session_id):
        def move(env):
            env["coaching.session"].browse(session_id).action_reschedule(start)
            return session_id

        return move

    calls = [moving(session_id) for session_id in session_ids]
    calls += [holding(world, coach_id, start, id_) for id_ in client_ids]
    attempts = race(world, calls[::2] + calls[1::2])
    assert len(won(attempts)) == 1
    assert_readable(attempts, "already has a session")


# === PROPOSALS === #


def proposed(world, hours=240, times=3):
    """Return coach, session, the starts that are offered for it, and the proposal."""
    (coach_id,) = world.coach()
    (client_id,) = world.clients(1)
    session_id = world.book(coach_id, client_id, world.slot(9, 5))
    starts = [world.slot(9 + 2 * number) for number in range(times)]

    def propose(env):
        session = env["coaching.session"].browse(session_id)
        deadline = session._now() + timedelta(hours=hours)
        return session.action_propose(starts, deadline=deadline).id

    return coach_id, session_id, starts, world.commit(propose)


def accepting(proposal_id, start):
    def accept(env):
        env["coaching.proposal"].browse(proposal_id).action_accept(start)
        return str(start)

    return accept


def look_at(proposal_id):
    """Return a function that reads a proposal, as a page that is open has done."""

    def look(env):
        proposal = env["coaching.proposal"].browse(proposal_id)
        return proposal.state, proposal.hold_ids.mapped("state")

    return look


def end_of(world, session_id, proposal_id):
    """Return where a session is, and what became of a proposal and its times."""

    def read(env):
        session = env["coaching.session"].browse(session_id)
        proposal = env["coaching.proposal"].browse(proposal_id)
        moves = session.log_ids.filtered(lambda line: line.action == "moved")
        times = sorted(proposal.hold_ids.mapped("state"))
        return session.start, len(moves), proposal.state, times

    return world.commit(read)


@pytest.mark.parametrize("retried", [True, False], ids=["retried", "bare"])
def test_accepted_twice(world, retried):
    """Of many clicks on several times one moves the session, once.

    Two guards: the state of the proposal and that of the held time. To see it fail,
    let `_answer` and `_release` update without looking at either.
    """
    _coach_id, session_id, starts, proposal_id = proposed(world)
    calls = [accepting(proposal_id, starts[number % 3]) for number in range(9)]
    attempts = race(world, calls, retried, look=look_at(proposal_id))
    assert len(won(attempts)) == 1
    if retried:
        assert_readable(attempts, "was already accepted")
    start, moves, state, times = end_of(world, session_id, proposal_id)
    assert (str(start), moves, state) == (won(attempts)[0], 1, "accepted")
    assert times == ["released", "released", "taken"]


def test_accepted_and_booked(world):
    """While one accepts others book: they read that the time is not free.

    Also those who want the time that is left: one of them gets it, or nobody yet.
    """
    coach_id, session_id, starts, proposal_id = proposed(world)
    clients = world.clients(10)
    calls = [world.booking(coach_id, id_, starts[0]) for id_ in clients[:5]]
    calls += [world.booking(coach_id, id_, world.slot(9, 5)) for id_ in clients[5:]]
    calls.insert(5, accepting(proposal_id, starts[0]))
    attempts = race(world, calls, look=look_at(proposal_id))
    assert attempts[5].value == str(starts[0])
    assert len(won(attempts)) <= 2
    assert not any(attempt.value for attempt in attempts[:5])
    assert_readable(attempts, "Coach Cora")
    assert end_of(world, session_id, proposal_id)[:2] == (starts[0], 1)


def test_accepted_and_expired(world):
    """Accepting, declining, taking back, expiring and moving by hand at one moment.

    One of them happens, whole. To see it fail: let `_answer` update without
    `state = 'open'`.
    """
    _coach_id, session_id, starts, proposal_id = proposed(world)

    def call(method):
        def answer(env):
            getattr(env["coaching.proposal"].sudo().browse(proposal_id), method)()
            return method

        return answer

    methods = ("action_refuse", "action_withdraw", "_expire")
    calls = [call(method) for method in methods]
    calls += [accepting(proposal_id, start) for start in starts]
    attempts = race(world, calls, look=look_at(proposal_id))
    (done,) = won(attempts)
    assert_readable(attempts)
    start, moves, state, times = end_of(world, session_id, proposal_id)
    if done in methods:
        assert (start, moves) == (world.slot(9, 5), 0)
        assert state in ("refused", "withdrawn", "expired")
        assert len(set(times)) == 1 and "held" not in times
    else:
        assert (str(start), moves, state) == (done, 1, "accepted")


def race_to_propose(world, coaches=6):
    """Several offer times for one session at the same moment."""
    (coach_id,) = world.coach()
    (client_id,) = world.clients(1)
    session_id = world.book(coach_id, client_id, world.slot(9, 5))

    def proposing(number):
        def propose(env):
            session = env["coaching.session"].browse(session_id)
            return session.action_propose([world.slot(2 * number)]).id

        return propose

    def look(env):
        return env["coaching.session"].browse(session_id).proposal_ids.ids

    race(world, [proposing(number) for number in range(coaches)], look=look)
    return coach_id, session_id


def test_proposed_twice(world):
    """Of what several offer for one session one offer is open in the end."""
    coach_id, session_id = race_to_propose(world)
    of_session = ("session_id", "=", session_id)
    assert world.count("coaching.proposal", of_session, ("state", "=", "open")) == 1
    assert taken(world, coach_id) == (1, 1)


def race_to_offer(world, crons=4, waiting=3):
    """Several crons offer one free hour to those who wait for it."""
    (coach_id,) = world.coach()
    world.commit(
        lambda env: env["coaching.booking.type"]
        .browse(world.type_id("individual"))
        .write({"min_notice_hours": 0, "horizon_days": 0})
    )
    day = world.slot(0, 8)

    def wait(env):
        entries = env["coaching.waiting"]
        for partner_id in clients:
            entries |= entries.join(
                {
                    "partner_id": partner_id,
                    "booking_type_id": world.type_id("individual"),
                    "coach_id": coach_id,
                    "date_from": str(day.date()),
                    "date_to": str(day.date()),
                    "hour_from": 9,
                    "hour_to": 10,
                }
            )
        return entries.ids

    clients = world.clients(waiting)
    entry_ids = world.commit(wait)

    def offer(env):
        for entry in env["coaching.waiting"].sudo().browse(entry_ids):
            entry._offer()

    def look(env):
        entries = env["coaching.waiting"].sudo().browse(entry_ids)
        return entries.mapped("state"), entries.proposal_ids.ids

    return coach_id, entry_ids, race(world, [offer] * crons, look=look)


def test_offered_to_one(world):
    """One free hour is offered to the first one who waits, and only once."""
    coach_id, entry_ids, _attempts = race_to_offer(world)
    assert taken(world, coach_id) == (0, 1)

    def read(env):
        entries = env["coaching.waiting"].browse(entry_ids)
        return entries.mapped("state"), len(entries.proposal_ids)

    assert world.commit(read) == (["offered", "waiting", "waiting"], 1)


def race_past_the_check(world):
    """The race of bookers and holders, without a look before booking."""
    _coach_id, bookings, holds = race_for_a_held_time(world, 4, 4)
    with without_check_free(world):
        return race(world, [*bookings, *holds])


MUTANTS = [
    Mutant(
        "held-and-booked",
        race_past_the_check,
        "a time of a coach that is held and taken, or held twice",
        drop=("coaching_coach_time_no_overlap",),
    ),
    Mutant(
        "proposed-twice",
        race_to_propose,
        "a session with two open proposals",
        drop=("coaching_proposal_one_open",),
        # else the second one stops at the session's row, and looks again
        read_committed=True,
    ),
]


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_the_race_finds_a_missing_guard(mutant, registry, product_template):
    """Without its guard each rule is broken by the race that is to protect it."""
    with database_copy(registry, product_template) as entered, entered():
        world = World(registry)
        with mutated(world, mutant):
            mutant.race(world)
        broken = world.broken_rules()
    assert mutant.breaks in broken
