"""The races without the guards: each finds the guard that is missing."""

# Over 300 lines: all guards that are taken away are one list.

import contextlib
import dataclasses
from functools import partial
from unittest.mock import patch

import pytest
from psycopg2.extensions import ISOLATION_LEVEL_READ_COMMITTED
from races_world import World, quiet, race, short_back_off  # noqa: F401
from test_races import (
    race_of_payslips,
    race_to_close,
    race_to_close_a_group,
    race_to_earn,
)
from test_races_booking import (
    race_for_one_client,
    race_for_one_makeup,
    race_for_one_package,
    race_for_one_slot,
    race_for_seats,
    race_to_join_twice,
)
from test_races_moving import _reschedule, race_to_move

# === MUTANTS: THE SAME RACES WITHOUT THE GUARDS === #


def unguarded_count(self):
    """`_count` that adds up without looking whether it may."""
    for move in self:
        column = {"hold": "held", "grant": "granted"}[move.kind]
        self.env.cr.execute(
            f"UPDATE coaching_package SET {column} = {column} + abs(%s),"
            " remaining = remaining + %s WHERE id = %s",
            (move.quantity, move.quantity, move.package_id.id),
        )
    self.package_id.invalidate_recordset(flush=False)


def read_then_write_count(self):
    """`_count` that reads the counters, looks, and writes what it calculated."""
    from odoo.exceptions import UserError

    for move in self:
        package = move.package_id
        counters = {
            "remaining": package.remaining + move.quantity,
            "held": package.held - (move.quantity if move.kind == "hold" else 0),
            "granted": package.granted + max(move.quantity, 0),
        }
        if counters["remaining"] < 0:
            raise UserError(package._get_nothing_left_message())
        self.env.cr.execute(
            "UPDATE coaching_package SET remaining = %(remaining)s, held = %(held)s,"
            " granted = %(granted)s WHERE id = %(id)s",
            {**counters, "id": package.id},
        )
        package.invalidate_recordset(flush=False)


def sum_count(self):
    """`_count` that trusts the sum of the moves it can see."""
    from odoo.exceptions import UserError

    for package in self.package_id:
        self.env.cr.execute(
            "SELECT sum(quantity) FROM coaching_package_move WHERE package_id = %s",
            (package.id,),
        )
        if self.env.cr.fetchone()[0] < 0:
            raise UserError(package._get_nothing_left_message())


def generous_sum_count(self):
    """`sum_count`; new packages get their counters, or nobody could book at all."""
    sum_count(self)
    unguarded_count(self.filtered(lambda move: move.kind == "grant"))


def unguarded_take(self, attendance):
    """`coaching.makeup._take` that believes what it read before."""
    self.flush_recordset()
    self.env.cr.execute(
        "UPDATE coaching_makeup SET state = 'used', used_attendance_id = %s"
        " WHERE id = %s",
        (attendance.id, self.id),
    )
    self.invalidate_recordset(flush=False)


def unguarded_take_seats(self, count):
    """`_take_seats` that never says no."""
    self.env.cr.execute(
        "UPDATE coaching_session SET seats_taken = seats_taken + %s WHERE id = %s",
        (count, self.id),
    )
    self.invalidate_recordset(flush=False)


def naive_gather(self, payslip):
    """`_gather` that searches, then writes."""
    lines = self.search(
        [
            ("coach_id.employee_id", "=", payslip.employee_id.id),
            ("state", "=", "to_pay"),
        ]
    )
    lines.write({"state": "on_payslip", "payslip_id": payslip.id})
    return lines


@dataclasses.dataclass(frozen=True)
class Mutant:
    """What is taken away, the race that is run, and the rule that breaks or not."""

    name: str
    race: object
    breaks: str = ""
    drop: tuple = ()
    replace: tuple = ()
    read_committed: bool = False

    def __str__(self):
        return self.name


COUNTERS = "coaching_package_check_counters"
NO_COUNT = ("coaching.package.move", "_count")
TAKE = ("coaching.makeup", "_take", unguarded_take)
SEATS = ("coaching.session", "_take_seats", unguarded_take_seats)
UNTOUCHED = ("coaching.attendance", "_touch_what_is_shared", lambda self: None)
GATHER = ("coaching.remuneration.line", "_gather", naive_gather)
CLOSED_ONCE = (
    "coaching_package_move_claimed_once",
    "coaching_package_move_ended_once",
    "coaching_makeup_issued_once",
    "coaching_remuneration_line_attendance_once",
    "coaching_remuneration_line_earned_once",
    "coaching_remuneration_line_session_paid_once",
)
few_for_one_package = partial(race_for_one_package, bookers=12, sessions=3)
few_to_close = partial(race_to_close, closers=8)
few_for_seats = partial(race_for_seats, bookers=8)

# Each of these lets through what the guard was there for.
DEADLY = [
    Mutant(
        "coach-may-overlap",
        race_for_one_slot,
        "a coach in two sessions at a time",
        drop=("coaching_session_coach_no_overlap", "coaching_coach_time_no_overlap"),
    ),
    Mutant(
        "coach-may-overlap-when-moved",
        partial(race_to_move, move=_reschedule),
        "a coach in two sessions at a time",
        drop=("coaching_session_coach_no_overlap", "coaching_coach_time_no_overlap"),
    ),
    Mutant(
        "client-may-overlap",
        race_for_one_client,
        "a client in two sessions at a time",
        drop=("coaching_attendance_client_no_overlap",),
    ),
    Mutant(
        "package-sums-up-what-it-sees",
        few_for_one_package,
        "a package with less than nothing left",
        replace=((*NO_COUNT, generous_sum_count),),
    ),
    Mutant(
        "package-never-says-no",
        few_for_one_package,
        "a package with less than nothing left",
        drop=(COUNTERS,),
        replace=((*NO_COUNT, unguarded_count),),
        read_committed=True,
    ),
    Mutant(
        "package-reads-then-writes",
        few_for_one_package,
        "a package whose counters are not the sums of its moves",
        drop=(COUNTERS,),
        replace=((*NO_COUNT, read_then_write_count),),
        read_committed=True,
    ),
    Mutant(
        "seats-without-limit",
        few_for_seats,
        "more clients than seats",
        drop=("coaching_session_check_seats",),
        replace=(SEATS,),
    ),
    Mutant(
        "makeup-taken-unseen",
        race_for_one_makeup,
        "a make-up used twice",
        replace=(TAKE,),
        read_committed=True,
    ),
    Mutant(
        "closed-several-times",
        few_to_close,
        "a session taken from a package twice",
        drop=(*CLOSED_ONCE, COUNTERS),
        read_committed=True,
    ),
    Mutant(
        "pair-earns-twice",
        race_to_earn,
        "a session or its make-up that earns twice",
        drop=("coaching_remuneration_line_earned_once",),
        replace=(UNTOUCHED,),
    ),
    Mutant(
        "group-is-paid-for-each",
        race_to_close_a_group,
        "a session that is paid on several lines",
        drop=("coaching_remuneration_line_session_paid_once",),
        replace=(UNTOUCHED,),
    ),
    Mutant(
        "payslips-search-then-write",
        race_of_payslips,
        "a payslip that pays something else than its lines",
        replace=(GATHER,),
        read_committed=True,
    ),
]

# And these break nothing, because a second guard stands behind the first.
SURVIVED = [
    # PostgreSQL lets only one of two transactions change the row they both read; the
    # other one starts again and sees that nothing is left
    Mutant(
        "package-row-under-repeatable-read",
        few_for_one_package,
        drop=(COUNTERS,),
        replace=((*NO_COUNT, read_then_write_count),),
    ),
    Mutant(
        "package-row-and-another-look",
        few_for_one_package,
        drop=(COUNTERS,),
        replace=((*NO_COUNT, unguarded_count),),
    ),
    Mutant("makeup-row-under-repeatable-read", race_for_one_makeup, replace=(TAKE,)),
    Mutant("attendance-row-under-repeatable-read", few_to_close, drop=CLOSED_ONCE),
    Mutant("line-rows-under-repeatable-read", race_of_payslips, replace=(GATHER,)),
    # and without that, what the database was told to refuse
    Mutant("unique-indexes-under-read-committed", few_to_close, read_committed=True),
    Mutant(
        "counters-without-the-unique-indexes",
        few_to_close,
        drop=CLOSED_ONCE,
        read_committed=True,
    ),
    Mutant(
        "guarded-package-under-read-committed",
        few_for_one_package,
        read_committed=True,
    ),
    Mutant(
        "guarded-makeup-under-read-committed",
        race_for_one_makeup,
        read_committed=True,
    ),
    Mutant(
        "guarded-payslips-under-read-committed", race_of_payslips, read_committed=True
    ),
    Mutant(
        "check-of-the-counters",
        few_for_one_package,
        replace=((*NO_COUNT, unguarded_count),),
    ),
    Mutant("check-of-the-seats", few_for_seats, replace=(SEATS,)),
    Mutant(
        "client-exclusion-without-unique-client",
        race_to_join_twice,
        drop=("coaching_attendance_session_client_unique",),
    ),
]


@contextlib.contextmanager
def database_copy(registry, product_template):
    """Yield a function that gives a context in which `registry` is of a fresh copy.

    A registry knows models, not data: loading another one takes far longer.
    """
    import odoo.sql_db

    databases, template = product_template
    registries = type(registry).registries

    @contextlib.contextmanager
    def entered():
        with patch.object(registry, "_db", odoo.sql_db.db_connect(name)):
            registry.clear_all_caches()
            registries[name] = registry
            try:
                yield
            finally:
                del registries[name]
                registry.clear_all_caches()

    with databases.throw_away_copy(template, "mutant") as name:
        yield entered
        odoo.sql_db.close_db(name)


@contextlib.contextmanager
def mutated(world, mutant):
    """Take the mutant's guards away, and put them back if nothing broke."""
    restore = world.commit(_drop, mutant.drop)
    with contextlib.ExitStack() as stack:
        for model, method, replacement in mutant.replace:
            Model = world.registry[model]
            stack.enter_context(patch.object(Model, method, replacement))
        if mutant.read_committed:
            level = ISOLATION_LEVEL_READ_COMMITTED
            stack.enter_context(
                patch("odoo.sql_db.ISOLATION_LEVEL_REPEATABLE_READ", level)
            )
        yield
    if not world.broken_rules():
        world.commit(lambda env: [env.cr.execute(query) for query in restore])


def _drop(env, names):
    """Drop constraints or indexes; returns what creates them again."""
    restore = []
    for name in names:
        env.cr.execute(
            "SELECT conrelid::regclass, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conname = %s",
            (name,),
        )
        found = env.cr.fetchone()
        if found:
            table, definition = found
            env.cr.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            restore.append(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        else:
            env.cr.execute("SELECT pg_get_indexdef(%s::regclass)", (name,))
            restore += env.cr.fetchone()
            env.cr.execute(f"DROP INDEX {name}")
    return restore


@pytest.mark.parametrize("mutant", DEADLY, ids=str)
def test_the_race_finds_a_missing_guard(mutant, registry, product_template):
    """Without its guard each rule is broken by the race that is to protect it.

    To see it fail: put the guard back.
    """
    with database_copy(registry, product_template) as entered, entered():
        world = World(registry)
        with mutated(world, mutant):
            mutant.race(world)
        broken = world.broken_rules()
    print(f"{mutant}: {broken}")
    assert mutant.breaks in broken


@pytest.fixture(scope="module")
def second_world(registry, product_template):
    """A world for what breaks nothing, and how to enter its database."""
    with database_copy(registry, product_template) as entered:
        with entered():
            world = World(registry)
        yield world, entered


@pytest.mark.parametrize("mutant", SURVIVED, ids=str)
def test_another_guard_stands_behind(mutant, second_world):
    """One guard alone may go: nothing breaks, the one that the name tells holds.

    To see it fail: take that one away as well, as the test above does.
    """
    world, entered = second_world
    with entered():
        with mutated(world, mutant):
            mutant.race(world)
        assert world.broken_rules() == {}
