"""Every other way into a time that is taken: moving, writing, correcting, raw SQL."""

import contextlib
from datetime import timedelta
from functools import partial
from unittest.mock import patch

import psycopg2.errors
import pytest
from races_world import (  # noqa: F401
    assert_readable,
    quiet,
    race,
    short_back_off,
    without_check_free,
    won,
)

# === EVERY OTHER WAY INTO A TIME THAT IS TAKEN === #


def race_to_move(world, move, sessions=2):
    """Sessions of one coach are moved to one hour by ``move(env, id, start)``."""
    (coach_id,) = world.coach()
    session_ids = [
        world.book(coach_id, client_id, world.slot(9 + n))
        for n, client_id in enumerate(world.clients(sessions))
    ]
    start = world.slot(15, 2)

    def call(session_id, env):
        move(env, session_id, start)
        return session_id

    attempts = race(world, [partial(call, session_id) for session_id in session_ids])
    there = world.count(
        "coaching.session", ("coach_id", "=", coach_id), ("start", "=", start)
    )
    return attempts, there


def _reschedule(env, session_id, start):
    env["coaching.session"].browse(session_id).action_reschedule(start)


def _drag(env, session_id, start):
    # as a calendar synchronisation does; colleagues can't move a private event
    event = env["coaching.session"].sudo().browse(session_id).event_id
    event.write({"start": start, "stop": start + timedelta(hours=1)})


def _write(env, session_id, start):
    stop = start + timedelta(hours=1)
    times = {"start": start, "stop": stop, "busy_start": start, "busy_stop": stop}
    env["coaching.session"].sudo().browse(session_id).write(times)


@pytest.mark.parametrize("move", [_reschedule, _drag], ids=["reschedule", "drag"])
@pytest.mark.parametrize("checked", [True, False], ids=["as-is", "constraint-alone"])
def test_moving(world, move, checked):
    """Ten sessions moved to one hour: one gets there, nine stay where they are.

    To see it fail: drop coaching_session_coach_no_overlap, and all ten are there.
    """
    with contextlib.nullcontext() if checked else without_check_free(world):
        attempts, there = race_to_move(world, move, sessions=10)
    assert (len(won(attempts)), there) == (1, 1)
    assert_readable(attempts, "Coach Cora", "already has a session")


def test_writing_past_the_methods(world):
    """An addon that writes the fields itself is judged too.

    To see it fail: drop coaching_session_coach_no_overlap. (Such a writer takes no
    turns, so that more than two could deadlock: one of them still gets there.)
    """
    attempts, there = race_to_move(world, _write)
    assert (len(won(attempts)), there) == (1, 1)
    assert_readable(attempts, "The coach already has a session")
    # the events are not moved along by this writer
    world.commit(
        lambda env: env["coaching.session"]
        .sudo()
        .browse(won(attempts))
        ._update_projections()
    )


def test_correcting_into_a_time_given_away(world):
    """A late cancellation corrected to completed, while others book its time.

    One of the eleven gets the time. To see it fail: drop
    coaching_session_coach_no_overlap, and several do.
    """
    (coach_id,) = world.coach()
    first, *others = world.clients(11)
    session_id = world.book(coach_id, first, world.slot(9))
    world.commit(world.closing(session_id, "client_late_cancel"))
    # booking wants a time to come, `completed` one that is over: skip what forbids it
    Attendance = world.registry["coaching.attendance"]
    with patch.object(Attendance, "_check_outcome_possible", lambda *args: None):
        attempts = race(
            world,
            [
                world.closing(session_id, "completed"),
                *(world.booking(coach_id, id_, world.slot(9)) for id_ in others),
            ],
        )
    assert len(won(attempts)) == 1
    assert_readable(attempts, "already has a session")


def test_correcting_after_it_was_given_away(world):
    """The same one after the other: the correction is refused and changes nothing.

    To see it fail: drop coaching_session_coach_no_overlap; both sessions took place.
    """
    (coach_id,) = world.coach()
    first, second = world.clients(2)
    session_id = world.book(coach_id, first, world.slot(9))
    world.commit(world.closing(session_id, "client_late_cancel"))
    world.book(coach_id, second, world.slot(9))
    with world.later():
        attempts = race(world, [world.closing(session_id, "completed")])
    assert won(attempts) == []
    assert_readable(attempts, "already has a session")


@pytest.mark.parametrize("table", ["coaching_session", "coaching_attendance"])
def test_raw_sql(world, table):
    """Whoever writes SQL by hand is refused by PostgreSQL, inserting or updating.

    To see it fail: drop the exclusion constraint of the table.
    """
    (coach_id,) = world.coach()
    (client_id,) = world.clients(1)
    session_id = world.book(coach_id, client_id, world.slot(9))
    other_id = world.book(coach_id, client_id, world.slot(12))
    where = "id" if table == "coaching_session" else "session_id"
    busy = ", busy_start, busy_stop" if table == "coaching_session" else ""
    times = f"start, stop{busy}"

    def columns(env):
        env.cr.execute(
            "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
            " AND attname NOT IN ('id', 'session_id')",
            (table,),
        )
        (names,) = env.cr.fetchone()
        return names

    names = world.commit(columns)
    # into another session, or the index on session and client would refuse it first
    extra, value = (", session_id", f", {other_id}") if not busy else ("", "")
    statements = {
        "insert": f"INSERT INTO {table} ({names}{extra})"
        f" SELECT {names}{value} FROM {table} WHERE {where} = {session_id}",
        "update": f"UPDATE {table} SET ({times}) ="
        f" (SELECT {times} FROM {table} WHERE {where} = {session_id})"
        f" WHERE {where} = {other_id}",
    }
    constraint = (
        "coaching_session_coach_no_overlap"
        if busy
        else "coaching_attendance_client_no_overlap"
    )
    for statement in statements.values():
        with pytest.raises(psycopg2.Error) as caught:
            world.commit(lambda env, sql=statement: env.cr.execute(sql))
        assert caught.value.diag.constraint_name == constraint
