"""Crons that ask and complete, against each other and against people who close.

As in `test_races`: every thread commits, and took its snapshot before the first writes.
"""

import logging
from datetime import timedelta
from functools import partial

import pytest
from races_world import World, quiet, race, short_back_off, won  # noqa: F401


@pytest.fixture(autouse=True)
def no_errors(caplog):
    """A cron that finds somebody at a session says so in passing, not as an error."""
    yield
    name = "odoo.addons.coaching_sessions.models.closing.coaching_session_completing"
    records = [record for record in caplog.records if record.name == name]
    assert not [record for record in records if record.levelno >= logging.ERROR]


def book_days(world, days, code="individual"):
    """Return ids of sessions of one coach and client on several days."""
    (coach_id,), (client_id,) = world.coach(), world.clients(1, sessions=20)
    return [
        world.book(coach_id, client_id, world.slot(9, day), code=code)
        for day in range(1, days + 1)
    ]


def completing(world, hours=0.0):
    """Let individual sessions complete by themselves; nothing else is about it."""

    def choose(env):
        env["coaching.booking.type"].browse(world.type_id("individual")).write(
            {"after_session": "complete", "auto_complete_hours": hours}
        )

    world.commit(choose)


def by_itself(session_ids):
    """Return a function of env that does what the cron does with sessions."""

    def complete(env):
        for session in env["coaching.session"].sudo().browse(session_ids):
            session._try_to_complete()
            env.cr.commit()

    return complete


def outcomes(world, session_ids):
    def read(env):
        attendances = env["coaching.session"].browse(session_ids).attendance_ids
        return [attendance.outcome_id.code for attendance in attendances]

    return world.commit(read)


def log_lines(world, session_ids):
    """Return how often the sessions were closed, and corrected."""

    def read(env):
        lines = env["coaching.session.log"].search([("session_id", "in", session_ids)])
        actions = [line.action for line in lines]
        return actions.count("closed"), actions.count("corrected")

    return world.commit(read)


# === ASKING === #


def test_crons_ask_once(world):
    """Ten crons at the same moment: one question per session (R12)."""
    session_ids = book_days(world, 5)

    def ask(env):
        sessions = env["coaching.session"].sudo()
        taken = sessions._take_to_ask(200) & sessions.browse(session_ids)
        taken._queue_questions("ask")
        return taken.ids

    def give_mail(env):
        coaches = env["coaching.session"].browse(session_ids).coach_id
        coaches.partner_id.email = "cora@example.com"

    world.commit(give_mail)
    with world.at(world.slot(10, 5) + timedelta(minutes=1)):
        attempts = race(world, [ask] * 10)
    asked = [session_id for ids in won(attempts) for session_id in ids]
    assert sorted(asked) == sorted(session_ids)

    def count(env):
        return env["coaching.notification"].search_count(
            [("session_id", "in", session_ids), ("kind", "=", "ask")]
        )

    assert world.commit(count) == 5


# === COMPLETING === #


def test_crons_complete_once(world):
    """What several would close is closed once; what got in the way, the next time."""
    completing(world)
    session_ids = book_days(world, 6)
    with world.later():
        attempts = race(world, [by_itself(session_ids)] * 4, retried=False)
        assert not [attempt.error for attempt in attempts if attempt.error]
        assert "completed" in outcomes(world, session_ids)
        world.commit(by_itself(session_ids))
    assert outcomes(world, session_ids) == ["completed"] * 6
    assert log_lines(world, session_ids) == (6, 0)


@pytest.mark.parametrize("turn", range(6))
def test_a_person_is_right(world, turn):
    """A coach says no-show while the cron completes: no-show it is (R37).

    Whoever comes second finds the other's outcome: the cron leaves it alone, the
    person corrects it.
    """
    completing(world)
    session_ids = book_days(world, 2)
    people = [world.closing(session_id, "no_show") for session_id in session_ids]
    crons = [by_itself(session_ids), by_itself(session_ids[::-1])]
    with world.later():
        attempts = race(world, [*people, *crons])
    assert not [attempt.error for attempt in attempts if attempt.error]
    assert outcomes(world, session_ids) == ["no_show"] * 2
    closed, corrected = log_lines(world, session_ids)
    assert closed == 2 and corrected <= 2


def test_nothing_is_waited_for(world):
    """A session that somebody is closing is left for the next run, at once."""
    completing(world)
    (session_id,) = book_days(world, 1)
    with world.later(), world.registry.cursor() as cr:
        from odoo import api

        env = api.Environment(cr, world.manager_id, {"tz": "UTC"})
        world.closing(session_id, "client_emergency")(env)
        env.flush_all()
        (attempt,) = race(world, [by_itself([session_id])], retried=False)
        assert attempt.error is None  # and it has ended, while the other one is at it
        cr.commit()
    assert outcomes(world, [session_id]) == ["client_emergency"]


# === TERMS === #


def test_a_double_click_accepts_once(world):
    (coach_id,), (client_id,) = world.coach(), world.clients(1, sessions=20)

    def offer(env):
        terms = env["coaching.terms"].create({"name": "Rules", "company_id": False})
        env["coaching.booking.type"].browse(
            world.type_id("consultation")
        ).terms_id = terms
        return terms.id

    terms_id = world.commit(offer)
    calls = [
        world.booking(
            coach_id,
            client_id,
            world.slot(hour, 20),
            code="consultation",
            terms_accepted=True,
        )
        for hour in range(1, 9)
    ]
    attempts = race(world, calls)
    assert len(won(attempts)) == 8, [attempt.error for attempt in attempts]

    def count(env):
        return env["coaching.terms.acceptance"].search_count(
            [("terms_id", "=", terms_id), ("partner_id", "=", client_id)]
        )

    assert world.commit(count) == 1


def test_terms_change_while_they_are_accepted(world):
    """Either the text stays, or it changed before anybody accepted it."""
    (coach_id,), (client_id,) = world.coach(), world.clients(1, sessions=20)

    def offer(env):
        terms = env["coaching.terms"].create(
            {"name": "Rules", "body": "<p>old</p>", "company_id": False}
        )
        env["coaching.booking.type"].browse(
            world.type_id("consultation")
        ).terms_id = terms
        return terms.id

    terms_id = world.commit(offer)
    read = {}

    def accept(env):
        read["body"] = str(env["coaching.terms"].sudo().browse(terms_id).body)
        return world.booking(
            coach_id,
            client_id,
            world.slot(9, 21),
            code="consultation",
            terms_accepted=terms_id,
        )(env)

    def change(env):
        env["coaching.terms"].sudo().browse(terms_id).body = "<p>new</p>"
        env.flush_all()

    race(world, [accept, partial(change)])

    def body(env):
        return str(env["coaching.terms"].browse(terms_id).body)

    # the accepting transaction is tried again where the text changed under it
    assert world.commit(body) == read["body"]
