"""The business of the races, and how many act in it at once."""

# Over 300 lines: what a race needs is in one place.

import contextlib
import dataclasses
import itertools
import logging
import threading
import time
from datetime import date, datetime, timedelta
from functools import partial
from unittest.mock import patch

import psycopg2.errors
import pytest
from races_rules import broken_rules, count_rows

# === THREADS === #


@dataclasses.dataclass
class Attempt:
    """What one of the threads got: a value, or an error."""

    value: object = None
    error: Exception | None = None
    seconds: float = 0.0


def race(world, calls, retried=True, look=None):
    """Run functions of an environment at the same moment; returns their Attempts.

    :param calls: functions that take ``env`` and return ids or None, never records
    :param retried: through Odoo's ``retrying``, as a request is, or on a bare cursor,
        as in a cron or a script; or one of them for each call
    :param look: function of env that reads what is wanted before anyone has it, so
        that everybody goes on with what they have read, also under READ COMMITTED
    """
    from odoo import api
    from odoo.service.model import retrying

    attempts = [Attempt() for _call in calls]
    barrier = threading.Barrier(len(calls))
    if isinstance(retried, bool):
        retried = [retried] * len(calls)

    def run(call, retried, attempt):
        with world.registry.cursor() as cr:
            env = api.Environment(cr, world.manager_id, {"tz": "UTC"})
            # the snapshot: from here on nobody sees what the others commit
            cr.execute("SELECT 1")
            if look:
                look(env)
            barrier.wait(60)
            started = time.monotonic()
            try:
                if retried:
                    attempt.value = retrying(partial(call, env), env)
                else:
                    attempt.value = call(env)
                    cr.commit()
            except Exception as error:
                attempt.error = error
                cr.rollback()
            attempt.seconds = time.monotonic() - started

    threads = [
        threading.Thread(target=run, args=args, daemon=True)
        for args in zip(calls, retried, attempts, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads), "a thread hangs"
    worst = max(attempt.seconds for attempt in attempts)
    print(f"{len(calls)} at once, worst {worst:.2f} s")
    return attempts


def technical_errors():
    """Return what Odoo tries again after; a bare cursor ends with it."""
    from odoo.exceptions import ConcurrencyError

    return (ConcurrencyError, psycopg2.errors.SerializationFailure)


def race_until_answered(world, calls, look=None):
    """Run a race; callers for whom Odoo's five tries were not enough try once more.

    Many who change one row at once get through one after the other. How many tries
    that takes says how busy the machine is, not whether the guards hold.
    """
    attempts = race(world, calls, look=look)
    while again := [
        number
        for number, attempt in enumerate(attempts)
        if isinstance(attempt.error, technical_errors())
    ]:
        print("once more:", end=" ")
        answers = race(world, [calls[number] for number in again], look=look)
        for number, answer in zip(again, answers, strict=True):
            attempts[number] = answer
    return attempts


def won(attempts):
    return [attempt.value for attempt in attempts if attempt.error is None]


def assert_readable(attempts, *words):
    """Assert that the losers read a sentence with these words, nothing technical."""
    from odoo.exceptions import UserError

    for error in (attempt.error for attempt in attempts if attempt.error):
        text = str(error)
        assert isinstance(error, UserError), repr(error)
        assert text.endswith(".") and text.count(" ") > 3, text
        for technical in ("coaching_", "violates", "DETAIL", "serialize"):
            assert technical not in text
        for word in words:
            assert word in text


# === A SMALL BUSINESS === #


class World:
    """Makes and commits what a race is about, in whatever database it is given."""

    numbers = itertools.count(1)

    def __init__(self, registry):
        self.registry = registry
        tomorrow = datetime.combine(date.today(), datetime.min.time())
        # every slot is in the same month, whatever day it is
        self.base = (tomorrow.replace(day=1) + timedelta(days=62)).replace(day=1)
        self.manager_id = self.commit(self._set_up)

    def commit(self, function, *args):
        """Call a function of a superuser's environment and commit."""
        from odoo import SUPERUSER_ID, api

        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tz": "UTC", **NO_MAIL})
            return function(env, *args)

    def _set_up(self, env):
        from odoo import Command

        env["coaching.outcome.policy"].search(
            [
                ("outcome_id.code", "in", ("no_show", "client_late_cancel")),
                ("complimentary", "=", False),
            ]
        ).issues_makeup = True
        env["coaching.remuneration.rule"].search([]).active = False
        env["coaching.remuneration.rule"].create({"amount": 40.0})
        groups = (
            "base.group_user",
            "coaching_sessions.group_coaching_manager",
            "payroll.group_payroll_manager",
        )
        manager = env["res.users"].create(
            {
                "name": "Mona Manager",
                "login": "races_manager",
                "tz": "UTC",
                "group_ids": [Command.set([env.ref(name).id for name in groups])],
            }
        )
        return manager.id

    def type_id(self, code):
        xmlid = f"coaching_sessions.booking_type_{code}"
        return self.commit(lambda env: env.ref(xmlid).id)

    def coach(self, count=1, employee=False):
        """Return ids of new coaches who work day and night."""

        def make(env):
            numbers = list(itertools.islice(self.numbers, count))
            partners = env["res.partner"].create(
                [{"name": f"Coach Cora {number}"} for number in numbers]
            )
            coaches = env["coaching.coach"].create(
                [{"partner_id": partner.id, "tz": "UTC"} for partner in partners]
            )
            if employee:
                for coach in coaches:
                    coach.employee_id = env["hr.employee"].create({"name": coach.name})
            coaches.resource_id.calendar_id = False
            return coaches.ids

        return self.commit(make)

    def clients(self, count, sessions=5):
        """Return ids of new clients, each with a package unless of 0 sessions."""

        def make(env):
            partners = env["res.partner"].create(
                [
                    {"name": f"Client {number}", "email": f"c{number}@example.com"}
                    for number in itertools.islice(self.numbers, count)
                ]
            )
            for partner in partners if sessions else ():
                env["coaching.package"]._grant({"partner_id": partner.id}, sessions)
            return partners.ids

        return self.commit(make)

    def slot(self, hour, day=1):
        return self.base + timedelta(days=day - 1, hours=hour)

    def booking(self, coach_id, client_id, start, code="individual", **vals):
        """Return a function of env that books and returns the session's id."""
        vals = {
            "booking_type_id": self.type_id(code),
            "coach_id": coach_id,
            "partner_ids": [client_id],
            "start": start,
            **vals,
        }
        return lambda env: env["coaching.session"].book(vals).id

    def book(self, *args, **kwargs):
        """Book and commit, return the session's id."""
        return self.commit(self.booking(*args, **kwargs))

    @contextlib.contextmanager
    def at(self, moment):
        """Let the clock that decides on past and future say ``moment``."""
        Session = self.registry["coaching.session"]
        with patch.object(Session, "_now", lambda self: moment):
            yield

    def later(self):
        """A moment at which all slots are over."""
        return self.at(self.base + timedelta(days=40))

    def closing(self, session_id, code="completed", **kwargs):
        """Return a function of env that closes all attendances of a session."""

        def close(env):
            session = env["coaching.session"].browse(session_id)
            session.attendance_ids.action_close(code, **kwargs)

        return close

    def close(self, *args, **kwargs):
        with self.later():
            self.commit(self.closing(*args, **kwargs))

    def missed(self, coach_id, client_id, start):
        """Return the id of an attendance that gave a make-up."""
        session_id = self.book(coach_id, client_id, start)
        self.close(session_id, "no_show")
        return self.commit(
            lambda env: env["coaching.session"].browse(session_id).attendance_ids.id
        )

    def broken_rules(self):
        return self.commit(lambda env: broken_rules(env.cr))

    def count(self, model, *domain):
        return self.commit(count_rows, model, domain)


NO_MAIL = {
    "mail_create_nolog": True,
    "mail_notrack": True,
    "no_reset_password": True,
    "tracking_disable": True,
}


@pytest.fixture(scope="module", autouse=True)
def quiet():
    """Refused statements are what these tests are about; keep them out of the log."""
    loggers = [logging.getLogger(name) for name in ("odoo.sql_db", "odoo.service")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture(scope="module", autouse=True)
def short_back_off():
    """Odoo waits up to 2, 4, 8, 16 s between tries; the tests half as long."""
    import odoo.service.model

    class Time:
        @staticmethod
        def sleep(seconds):
            time.sleep(seconds / 2)

    with patch.object(odoo.service.model, "time", Time):
        yield


def without_check_free(world):
    """Take the look before booking away, so that the constraints alone judge."""
    Session = world.registry["coaching.session"]
    return patch.object(
        Session, "_check_free", lambda self, requests, exclude=None: requests
    )
