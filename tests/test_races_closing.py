"""Closing at the same moment: clicks, coaches, managers, crons, lists and payslips.

As in `test_races`: every thread commits, all took their snapshot before the first one
writes, and the database itself is asked afterwards whether anything is wrong.
"""

# Over 300 lines: each race stands beside the mutant that breaks it.

import contextlib
import logging
import random
import time
from datetime import timedelta
from functools import partial

import pytest
from races_world import (  # noqa: F401
    World,
    quiet,
    race,
    race_until_answered,
    short_back_off,
    technical_errors,
    won,
)
from test_races import race_to_close
from test_races_mutants import (
    CLOSED_ONCE,
    COUNTERS,
    UNTOUCHED,
    Mutant,
    database_copy,
    mutated,
)


@contextlib.contextmanager
def deadlocks():
    """Yield a list that gets a line for each deadlock Odoo tries again after."""
    found = []

    class Handler(logging.Handler):
        def emit(self, record):
            if "DEADLOCK" in record.getMessage():
                found.append(record.getMessage())

    handler = Handler()
    logger = logging.getLogger("odoo.service.model")
    level, propagate = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield found
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate


# === WHO CLOSES === #


def make_user(world, name, *groups):
    """Return the id of a new user and of its contact."""

    def make(env):
        from odoo import Command

        login = f"{name.lower()}_{next(world.numbers)}"
        user = env["res.users"].create(
            {
                "name": name,
                "login": login,
                "email": f"{login}@example.com",
                "tz": "UTC",
                "group_ids": [Command.set([env.ref(group).id for group in groups])],
            }
        )
        return user.id, user.partner_id.id

    return world.commit(make)


def coach_with_login(world):
    """Return ids of a coach and of their user."""
    user_id, _partner_id = make_user(
        world, "Carla", "base.group_user", "coaching_sessions.group_coaching_coach"
    )

    def make(env):
        coach = env["coaching.coach"].create({"user_id": user_id, "tz": "UTC"})
        coach.resource_id.calendar_id = False
        return coach.id

    return world.commit(make), user_id


def own_type(world, like, **vals):
    """Return the code of a new booking type, so that no other test sees its settings.

    :param str like: code of the one it is a copy of
    """
    code = f"{like}_{next(world.numbers)}"

    def make(env):
        booking_type = env.ref(f"coaching_sessions.booking_type_{like}")
        copied = booking_type.copy({"name": code, "code": code, **vals})
        env["ir.model.data"].create(
            {
                "module": "coaching_sessions",
                "name": f"booking_type_{code}",
                "model": copied._name,
                "res_id": copied.id,
            }
        )
        return copied.id

    return code, world.commit(make)


def attendance_ids(world, session_id):
    return world.commit(
        lambda env: env["coaching.session"]
        .browse(session_id)
        .attendance_ids.sorted("id")
        .ids
    )


def everybody(world, ids, code, coach_user_id):
    """Return 40 calls that close attendances, and which of them Odoo tries again.

    A coach and a manager who click twice, a script, and the cron that completes.
    """

    def as_user(user_id, env):
        env(user=user_id)["coaching.attendance"].browse(ids).action_close(code)

    def as_script(env):
        env(su=True)["coaching.attendance"].browse(ids).action_close(code)

    def as_cron(env):
        env(su=True)["coaching.session"]._cron_complete()

    calls = [
        (partial(as_user, coach_user_id), True),
        (partial(as_user, world.manager_id), True),
        (as_script, False),
        (as_cron, False),
    ]
    return zip(*calls * 10, strict=True)


def posted(world, attendance_id):
    """Return everything that was posted for an attendance, as {what: how often}."""

    def read(env):
        env.cr.execute(
            """
            SELECT 'move ' || kind, count(*) FROM coaching_package_move
             WHERE attendance_id = %(id)s GROUP BY kind
            UNION ALL
            SELECT 'make-up ' || state, count(*) FROM coaching_makeup
             WHERE attendance_id = %(id)s GROUP BY state
            UNION ALL
            SELECT 'pay ' || amount::int, count(*) FROM coaching_remuneration_line
             WHERE attendance_id = %(id)s AND NOT COALESCE(is_reversed, FALSE)
               AND reversal_of_id IS NULL GROUP BY amount
            UNION ALL
            SELECT 'email ' || kind, count(*) FROM coaching_notification
             WHERE attendance_id = %(id)s GROUP BY kind
            UNION ALL
            SELECT 'log ' || action, count(*) FROM coaching_session_log
             WHERE attendance_id = %(id)s GROUP BY action
            """,
            {"id": attendance_id},
        )
        return dict(env.cr.fetchall())

    return world.commit(read)


BOOKED = {"move hold": 1, "email booked": 1, "log booked": 1}
USED = {"move release": 1, "move use": 1, "log closed": 1}


def race_of_everybody(world, code, like="individual", clients=1):
    coach_id, coach_user_id = coach_with_login(world)
    type_code, _type_id = own_type(
        world, like, after_session="complete", auto_complete_hours=1
    )
    client_ids = world.clients(clients)
    start = world.slot(9)
    session_id = world.book(
        coach_id, client_ids[0], start, type_code, partner_ids=client_ids
    )
    ids = attendance_ids(world, session_id)
    calls, retried = everybody(world, ids, code, coach_user_id)
    with world.at(start + timedelta(hours=4)), deadlocks() as found:
        attempts = race(world, calls, retried)
    for attempt, is_retried in zip(attempts, retried, strict=True):
        assert not (is_retried and attempt.error), repr(attempt.error)
        assert isinstance(attempt.error, (type(None), *technical_errors()))
    assert found == []
    # the coach who is told has an address, the client as well
    booked = {**BOOKED, "email booked": 2}
    return booked, [posted(world, id_) for id_ in ids]


def test_completed_by_everybody(world):
    """40 people and programs complete a session: it is completed once.

    Nobody who clicked reads an error. To see it fail: let `_prepare_closings` keep what
    has the outcome already.
    """
    booked, found = race_of_everybody(world, "completed")
    assert found == [{**booked, **USED, "pay 40": 1}]


def test_completed_while_missed(world):
    """Of the cron that completes and people who say otherwise, the people stay.

    Whether the cron came first or not at all: one use, one make-up, one email, and the
    log tells of at most one correction. To see it fail: as above.
    """
    booked, found = race_of_everybody(world, "no_show")
    assert found[0].pop("log corrected", 0) <= 1
    assert found == [
        {**booked, **USED, "pay 40": 1, "make-up issued": 1, "email no_show": 1}
    ]


def test_group_completed_by_everybody(world):
    """The same for a group of three: paid once, used by each, and no deadlock.

    To see it fail: as above.
    """
    booked, found = race_of_everybody(world, "completed", "group", clients=3)
    # the coach is told once for all of them
    others = {**booked, "email booked": 1, **USED, "pay 0": 1}
    assert found == [{**booked, **USED, "pay 40": 1}, others, others]


def race_to_correct_a_group(world):
    """Of two clients one came, then it was the other one: corrected by two people.

    Where whoever misses a session pays nothing. Returns what the coach is paid.
    """
    coach_id, _coach_user_id = coach_with_login(world)
    code, type_id = own_type(world, "group")

    def pay_nothing(env):
        policy = env["coaching.outcome.policy"].search(
            [
                ("outcome_id.code", "=", "no_show"),
                ("complimentary", "=", False),
                ("booking_type_id", "=", False),
            ]
        )
        policy.copy(
            {"booking_type_id": type_id, "pay_percent": 0, "issues_makeup": False}
        )

    world.commit(pay_nothing)
    client_ids = world.clients(2)
    session_id = world.book(
        coach_id, client_ids[0], world.slot(9), code, partner_ids=client_ids
    )
    first, second = attendance_ids(world, session_id)

    def close(attendance_id, code, env):
        env["coaching.attendance"].browse(attendance_id).action_close(code)

    with world.later(), deadlocks() as found:
        world.commit(partial(close, first, "completed"))
        world.commit(partial(close, second, "no_show"))
        attempts = race(
            world,
            [partial(close, first, "no_show"), partial(close, second, "completed")],
        )
    assert [attempt.error for attempt in attempts if attempt.error] == []
    assert found == []

    def paid(env):
        lines = env["coaching.remuneration.line"].search(
            [("session_id", "=", session_id)]
        )
        return sum(lines.filtered(lambda line: line._is_live()).mapped("amount"))

    return world.commit(paid)


def test_group_corrected_by_two(world):
    """Whoever of the two comes first, the coach is paid for the session, once.

    To see it fail: let payroll's `_touch_what_is_shared` do nothing.
    """
    assert race_to_correct_a_group(world) == 40.0


# === SO MANY IN A PERIOD === #


def race_to_close_all(world, code, type_code="individual", sessions=40):
    """Close many sessions of one client at once, each by somebody else.

    Each has a package of its own, or its one row would keep the others away.
    """
    coach_ids = world.coach(4)
    (client_id,) = world.clients(1, sessions=0)
    package_ids = world.commit(
        lambda env: [
            env["coaching.package"]._grant({"partner_id": client_id}, 1).id
            for _number in range(sessions)
        ]
    )
    calls = [
        world.closing(
            world.book(
                coach_ids[n % 4],
                client_id,
                world.slot(n % 20, 1 + n // 20),
                type_code,
                package_id=package_id,
            ),
            code,
        )
        for n, package_id in enumerate(package_ids)
    ]
    with world.later(), deadlocks() as found:
        attempts = race_until_answered(world, calls)
    assert [attempt.error for attempt in attempts if attempt.error] == []
    assert found == []
    return client_id


def race_for_the_allowance(world, sessions=40):
    code, type_id = own_type(world, "individual")

    def allow(env):
        policy = env["coaching.outcome.policy"].search(
            [
                ("outcome_id.code", "=", "client_late_cancel"),
                ("complimentary", "=", False),
                ("booking_type_id", "=", False),
            ]
        )
        policy.copy(
            {"booking_type_id": type_id, "excused_count": 2, "issues_makeup": False}
        )

    world.commit(allow)
    return race_to_close_all(world, "client_late_cancel", code, sessions)


def test_allowance(world):
    """Of 40 late cancellations at once exactly the two of the allowance are excused.

    To see it fail: drop coaching_attendance_excused_once, and more are.
    """
    client_id = race_for_the_allowance(world)
    mine = ("partner_id", "=", client_id)
    assert world.count("coaching.attendance", mine, ("excused", "=", True)) == 2
    assert world.count("coaching.package", mine, ("remaining", "=", 1)) == 2
    assert world.count("coaching.package", mine, ("used", "=", 1)) == 38


@contextlib.contextmanager
def three_makeups(world):
    """The company gives a client three make-ups a year."""

    def limit(env, count):
        env.ref("base.main_company").coaching_makeup_limit = count

    world.commit(limit, 3)
    yield
    assert world.broken_rules() == {}
    world.commit(limit, 0)


def race_for_makeups(world, sessions=40):
    with three_makeups(world):
        return race_to_close_all(world, "no_show", sessions=sessions)


def test_makeup_limit(world):
    """Of 40 missed sessions closed at once exactly three give a make-up.

    To see it fail: drop coaching_makeup_limited, and more do.
    """
    client_id = race_for_makeups(world)
    assert world.count("coaching.makeup", ("partner_id", "=", client_id)) == 3


# === LISTS === #


def test_marking_overlapping_lists(world):
    """20 people mark lists of 15 out of 40 sessions: each is closed once.

    Nobody reads an error, and nobody waits in a circle. To see it fail: let
    `_prepare_closings` keep what has the outcome already.
    """
    coach_ids = world.coach(4)
    client_ids = world.clients(10)
    session_ids = [
        world.book(
            coach_ids[n % 4], client_ids[n % 10], world.slot(n % 20, 1 + n // 20)
        )
        for n in range(40)
    ]
    chance = random.Random(20)
    lists = [chance.sample(session_ids, 15) for _person in range(20)]
    assert set().union(*lists) == set(session_ids)

    def mark(ids, env):
        result = env["coaching.session"].browse(ids).action_mark("no_show", "Ill")
        return result["closed"], result["failed"]

    with world.later(), deadlocks() as found:
        attempts = race(world, [partial(mark, ids) for ids in lists])
    assert [attempt.error for attempt in attempts if attempt.error] == []
    assert won(attempts) == [(15, [])] * 20
    assert found == []
    for session_id in session_ids:
        (id_,) = attendance_ids(world, session_id)
        assert posted(world, id_) == {
            **BOOKED,
            **USED,
            "pay 40": 1,
            "make-up issued": 1,
            "email no_show": 1,
        }


# === DISPUTES === #


def race_to_pay_what_is_disputed(world, times=9):
    """A client disputes a session as a payslip pays it; returns (state, on hold)."""
    clients = [make_user(world, "Dora", "base.group_portal") for _time in range(times)]
    (coach_id,) = world.coach(employee=True)
    month = {
        "date_from": world.base.date(),
        "date_to": world.base.date() + timedelta(days=27),
    }
    employee_id = world.commit(
        lambda env: env["coaching.coach"].browse(coach_id).employee_id.id
    )

    def prepare(session_id, env):
        attendance = env["coaching.session"].browse(session_id).attendance_ids
        attendance.action_close("no_show")
        payslip = env["hr.payslip"].create(
            {"name": "Disputed", "employee_id": employee_id, **month}
        )
        payslip.compute_sheet()
        return attendance.id, payslip.id

    def pay(payslip_id, seconds, env):
        time.sleep(seconds)
        # as it is, or looking again what there is to pay
        env = env(context={**env.context, "without_compute_sheet": seconds > 0.1})
        env["hr.payslip"].browse(payslip_id).action_payslip_done()

    def dispute(user_id, attendance_id, env):
        attendance = env(user=user_id)["coaching.attendance"].browse(attendance_id)
        attendance.action_dispute("I was there")

    results = []
    for number, (user_id, partner_id) in enumerate(clients):
        world.commit(
            lambda env, client=partner_id: env["coaching.package"]._grant(
                {"partner_id": client}, 1
            )
        )
        session_id = world.book(coach_id, partner_id, world.slot(9, 1 + number))
        with world.later():
            attendance_id, payslip_id = world.commit(partial(prepare, session_id))
            attempts = race(
                world,
                [
                    partial(pay, payslip_id, number % 3 / 10),
                    partial(dispute, user_id, attendance_id),
                ],
            )
        assert attempts[1].error is None
        if attempts[0].error:
            assert "Recompute it" in str(attempts[0].error)
            world.commit(
                lambda env, id_=payslip_id: env["hr.payslip"]
                .browse(id_)
                .compute_sheet()
            )
        (line,) = world.commit(_read_lines, attendance_id)
        results.append(line)
    return results


def _read_lines(env, attendance_id):
    lines = env["coaching.remuneration.line"].search(
        [("attendance_id", "=", attendance_id)]
    )
    return [(line.state, line.on_hold) for line in lines]


def test_disputed_while_paid(world):
    """A client disputes what a payslip pays at this moment: paid before, or waiting.

    To see it fail: let payroll's `_set_disputed` not call `_sync_holds`.
    """
    results = race_to_pay_what_is_disputed(world)
    print(f"paid before the dispute: {results.count(('paid', True))}")
    assert set(results) <= {("paid", True), ("to_pay", True)}


# === MUTANTS === #


MUTANTS = [
    Mutant(
        "excuse-given-twice",
        partial(race_for_the_allowance, sessions=8),
        "more excused than the allowance",
        drop=("coaching_attendance_excused_once",),
    ),
    Mutant(
        "makeups-without-limit",
        partial(race_for_makeups, sessions=8),
        "more make-ups than the limit",
        drop=("coaching_makeup_limited",),
    ),
    Mutant(
        "group-that-nobody-is-paid-for",
        race_to_correct_a_group,
        "a session that earns and is paid on no line",
        replace=(UNTOUCHED,),
    ),
    Mutant(
        "pay-does-not-wait",
        partial(race_to_pay_what_is_disputed, times=1),
        "pay that does not wait for a dispute",
        replace=(("coaching.attendance", "_sync_holds", lambda self: None),),
    ),
    Mutant(
        "logged-by-everybody",
        partial(race_to_close, closers=8),
        "a session that the log has not closed once",
        drop=(*CLOSED_ONCE, COUNTERS),
        read_committed=True,
    ),
]


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_the_race_finds_a_missing_guard(mutant, registry, product_template):
    """Without its guard each rule is broken by the race that is to protect it."""
    with database_copy(registry, product_template) as entered, entered():
        world = World(registry)
        with mutated(world, mutant), contextlib.suppress(AssertionError):
            mutant.race(world)
        broken = world.broken_rules()
    print(f"{mutant}: {broken}")
    assert mutant.breaks in broken
