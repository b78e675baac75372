"""The last place of a day and the last room, many at once (R147).

See ``test_races.py`` for how a race works, and for the rules that hold after it.
"""

import pytest
from races_world import (  # noqa: F401
    World,
    assert_readable,
    quiet,
    race,
    short_back_off,
    won,
)
from test_races_mutants import Mutant, database_copy, mutated


def race_for_the_last_places(world, limit=3, week=False):
    """Six clients want an hour each of a coach who takes no more than three."""
    (coach_id,) = world.coach()
    field = "max_sessions_week" if week else "max_sessions_day"
    world.commit(
        lambda env: env["coaching.coach"].browse(coach_id).write({field: limit})
    )
    starts = [
        world.slot(9 + number, 1 + number % 3 if week else 1) for number in range(6)
    ]
    calls = [
        world.booking(coach_id, client_id, start)
        for client_id, start in zip(world.clients(6), starts, strict=True)
    ]
    attempts = race(world, calls)
    return attempts, world.count("coaching.session", ("coach_id", "=", coach_id))


@pytest.mark.parametrize("week", [False, True], ids=["day", "week"])
def test_most_sessions(world, week):
    """To see it fail: drop coaching_session_day_limited, or _week_limited."""
    attempts, booked = race_for_the_last_places(world, week=week)
    assert len(won(attempts)) == booked == 3
    assert_readable(attempts, "maximum number of sessions")


def race_for_a_room(world, coaches=8, rooms=2):
    """Eight coaches and clients at one hour, and two rooms for all of them."""

    def need_a_room(env):
        resources = env["resource.resource"].create(
            [
                {
                    "name": f"Room {number}",
                    "resource_type": "material",
                    "calendar_id": False,
                }
                for number in range(rooms)
            ]
        )
        booking_type = env["coaching.booking.type"].browse(world.type_id("individual"))
        booking_type = booking_type.copy({"code": f"room{resources.ids[0]}"})
        env["coaching.booking.type.need"].create(
            {
                "name": "room",
                "booking_type_id": booking_type.id,
                "resource_ids": resources.ids,
            }
        )
        return booking_type.id

    type_id = world.commit(need_a_room)
    clients = world.clients(coaches)
    calls = [
        world.booking(coach_id, client_id, world.slot(9), booking_type_id=type_id)
        for coach_id, client_id in zip(world.coach(coaches), clients, strict=True)
    ]
    attempts = race(world, calls)
    return attempts, world.count("coaching.session", ("booking_type_id", "=", type_id))


def test_one_room_each(world):
    """Two of eight get a room; nobody is sent away while one of them is free.

    To see it fail: drop coaching_session_resource_no_overlap.
    """
    attempts, booked = race_for_a_room(world)
    assert len(won(attempts)) == booked == 2
    assert_readable(attempts, "No room is free")


MUTANTS = [
    Mutant(
        "one-more-a-day",
        race_for_the_last_places,
        "more sessions a day or week than a coach wants",
        drop=("coaching_session_day_limited",),
    ),
    Mutant(
        "one-room-for-two",
        race_for_a_room,
        "a room in two sessions at a time",
        drop=("coaching_session_resource_no_overlap",),
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
