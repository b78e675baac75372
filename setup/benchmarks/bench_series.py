"""How long people wait who book series of ten times, all in the same moment.

Each of them is a process with a connection of its own, as Odoo's workers are, and has
booked before. What they book is committed, the database is thrown away. The ratio is
how many times as long the last one waits as somebody who is alone; that is the number
of processors at best.
"""

import logging
import multiprocessing
import os
import sys
import time
from functools import partial
from pathlib import Path

TESTS = Path(__file__).resolve().parents[2] / "tests"
BOOKERS = 30
TIMES = 10
SECONDS = 2
TOLERANCE = 1.5


def main(env):
    if str(TESTS) not in sys.path:
        sys.path.append(str(TESTS))
    from races_world import World

    env.cr.commit()
    registry = env.registry
    world = World(registry)
    # the first booking of all reads what is kept in memory from then on
    _book(world, _each_their_own(world, 1)[0])
    alone = max(_run(world, _each_their_own(world, 1))[0] for _time in range(5))
    print(f"one alone: {alone:.2f} s\n{'':36}worst s   booked   ratio to one alone")
    acceptable = True
    for title, prepare, least in (
        ("each with their own coach", _each_their_own, BOOKERS * TIMES),
        ("the same times of one coach", _same_times, TIMES),
        ("times of one coach that cross", _crossing, 14 + TIMES),
    ):
        worst, booked = _run(world, prepare(world, BOOKERS))
        met = "ok" if worst <= SECONDS else "MISSED"
        print(
            f"{title:36}{worst:7.2f}{booked:9}   {worst / alone:.1f}"
            f" (<= {SECONDS} s: {met})"
        )
        acceptable &= worst <= SECONDS * TOLERANCE and booked == least
    broken = {**world.broken_rules(), "half series": _count_half_series(world)}
    broken = {name: count for name, count in broken.items() if count}
    if broken:
        print(f"What must never be found was: {broken}")
    if broken or not acceptable:
        raise SystemExit(1)


def _each_their_own(world, count):
    return [
        _values(world, coach_id, client_id, world.slot(9))
        for coach_id, client_id in zip(
            world.coach(count), world.clients(count, sessions=TIMES), strict=True
        )
    ]


def _same_times(world, count):
    (coach_id,) = world.coach()
    return [
        _values(world, coach_id, client_id, world.slot(9))
        for client_id in world.clients(count, sessions=TIMES)
    ]


def _crossing(world, count):
    (coach_id,) = world.coach()
    return [
        # two begin at a time, each a week after the ones before
        _values(world, coach_id, client_id, world.slot(9, day=1 + 7 * (number // 2)))
        for number, client_id in enumerate(world.clients(count, sessions=TIMES))
    ]


def _values(world, coach_id, client_id, start):
    return {
        "booking_type_id": world.type_id("individual"),
        "coach_id": coach_id,
        "partner_ids": [client_id],
        "start": start,
        "count": TIMES,
        "on_conflict": "skip",
    }


def _count_half_series(world):
    from test_races_series import count_half_series

    return count_half_series(world)


def _run(world, all_values):
    """Let all of them book at once.

    :return: seconds that the last one waited, how many sessions were booked
    """
    context = multiprocessing.get_context("fork")
    one_by_one = context.Lock()
    barrier = context.Barrier(len(all_values))
    answers = context.SimpleQueue()
    processes = [
        context.Process(
            target=_work, args=(world, values, one_by_one, barrier, answers)
        )
        for values in all_values
    ]
    for process in processes:
        process.start()
    found = [answers.get() for _process in processes]
    for process in processes:
        process.join()
    return max(seconds for seconds, _booked in found), sum(
        booked for _seconds, booked in found
    )


def _work(world, values, one_by_one, barrier, answers):
    """Book as a worker that has served others before."""
    from odoo import sql_db

    # the connections are the parent's; who loses a race is no error here
    sql_db._Pool = None
    world.registry._db = sql_db.db_connect(world.registry.db_name)
    logging.getLogger("odoo.sql_db").setLevel(logging.CRITICAL)
    seconds = booked = 0
    try:
        with one_by_one:
            _book(world, values, rolled_back=True)
        barrier.wait(120)
        started = time.perf_counter()
        booked = _book(world, values)
        seconds = time.perf_counter() - started
    finally:
        answers.put((seconds, booked))
        # without what the parent process wants to do at its end
        os._exit(0)


def _book(world, values, rolled_back=False):
    """Book a series; returns how many times were booked."""
    from odoo import api
    from odoo.exceptions import UserError
    from odoo.service.model import retrying

    with world.registry.cursor() as cr:
        env = api.Environment(cr, world.manager_id, {"tz": "UTC"})
        try:
            book = partial(env["coaching.series"].book, values)
            if rolled_back:
                return len(book()["session_ids"])
            return len(retrying(book, env)["session_ids"])
        except UserError:
            return 0
        finally:
            if rolled_back:
                cr.rollback()
