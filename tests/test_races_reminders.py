"""Crons that remind, against each other and against people who move and confirm.

As in `test_races`: every thread commits, and took its snapshot before the first writes.
"""

from datetime import timedelta

import pytest
from races_world import World, quiet, race, short_back_off, won  # noqa: F401


@pytest.fixture
def session_ids(world):
    """Sessions of one client on some days, who reads emails."""
    (coach_id,), (client_id,) = world.coach(), world.clients(1, sessions=20)

    def give_mail(env):
        env["res.partner"].browse(client_id).email = "anna@example.com"
        booking_type = env["coaching.booking.type"].browse(world.type_id("individual"))
        two_hours = env.ref("coaching_sessions.reminder_client_two_hours")
        booking_type.reminder_ids = two_hours
        booking_type.reminders_since = False

    world.commit(give_mail)
    return [
        world.book(coach_id, client_id, world.slot(9, day), code="individual")
        for day in (1, 2, 3)
    ]


def remind(env):
    env["coaching.notification"].sudo()._queue_reminders(100)


def reminders(world, session_ids):
    """Return the sessions that were reminded of, one for each reminder."""

    def read(env):
        rows = env["coaching.notification"].search(
            [
                ("attendance_id.session_id", "in", session_ids),
                ("kind", "=", "reminder"),
            ]
        )
        return sorted(rows.attendance_id.session_id.ids), len(rows)

    return world.commit(read)


def test_crons_remind_once(world, session_ids):
    """Ten crons at the same moment: one reminder a session."""
    for day in (1, 2, 3):
        with world.at(world.slot(9, day) - timedelta(hours=1)):
            assert won(race(world, [remind] * 10))
    assert reminders(world, session_ids) == (sorted(session_ids), 3)


def test_confirmed_once(world, session_ids):
    """A double click is one line of the log."""

    def confirm(env):
        session = env["coaching.session"].sudo().browse(session_ids[0])
        session.attendance_ids._reconfirm()

    assert won(race(world, [confirm] * 6))

    def count(env):
        return env["coaching.session.log"].search_count(
            [("session_id", "=", session_ids[0]), ("action", "=", "reconfirmed")]
        )

    assert world.commit(count) == 1
