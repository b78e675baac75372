"""Many at once: what must hold when people, crons and programs collide.

Odoo's own test cases share one cursor behind a lock and can't show a race. Here every
thread has a cursor of its own and commits, as the workers of a server do. All of them
take their snapshot of the database before the first one writes: under REPEATABLE READ
nobody can see the others by looking first, so only real guards count.

`RULES` asks the database itself whether anything is wrong; every race ends with it.
The mutants at the end take the guards away and show that the races then find it.
"""

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
from psycopg2.extensions import ISOLATION_LEVEL_READ_COMMITTED

BLOCKING = "('scheduled', 'completed', 'no_show')"
LIVE = (
    "NOT COALESCE(is_reversed, FALSE)"
    " AND reversal_of_id IS NULL AND refund_of_id IS NULL"
)

# What must never be found: each query counts the cases of it.
RULES = {
    "a coach in two sessions at a time": f"""
        SELECT count(*) FROM coaching_session one JOIN coaching_session other
            ON one.coach_id = other.coach_id AND one.id < other.id
           AND one.busy_start < other.busy_stop AND other.busy_start < one.busy_stop
         WHERE one.state IN {BLOCKING} AND other.state IN {BLOCKING}""",
    "more sessions a day or week than a coach wants": f"""
        SELECT count(*) FROM (
            SELECT coach_id FROM coaching_session session
              JOIN coaching_coach coach ON coach.id = session.coach_id
             WHERE state IN {BLOCKING} AND max_sessions_day > 0
             GROUP BY coach_id, max_sessions_day, start::date
            HAVING count(*) > max_sessions_day
            UNION ALL
            SELECT coach_id FROM coaching_session session
              JOIN coaching_coach coach ON coach.id = session.coach_id
             WHERE state IN {BLOCKING} AND max_sessions_week > 0
             GROUP BY coach_id, max_sessions_week, date_trunc('week', start)
            HAVING count(*) > max_sessions_week) found""",
    "a room in two sessions at a time": f"""
        SELECT count(*) FROM coaching_session_resource one
          JOIN coaching_session_resource other
            ON one.resource_id = other.resource_id AND one.id < other.id
          JOIN coaching_session session ON session.id = one.session_id
          JOIN coaching_session another ON another.id = other.session_id
         WHERE one.taken AND other.taken
           AND session.state IN {BLOCKING} AND another.state IN {BLOCKING}
           AND session.start < another.stop AND another.start < session.stop""",
    "a time of a coach that is held and taken, or held twice": f"""
        SELECT count(*) FROM coaching_hold hold
         WHERE state = 'held' AND (EXISTS (
               SELECT FROM coaching_session session
                WHERE session.coach_id = hold.coach_id AND session.state IN {BLOCKING}
                  AND session.busy_start < hold.busy_stop
                  AND hold.busy_start < session.busy_stop) OR EXISTS (
               SELECT FROM coaching_hold other
                WHERE other.coach_id = hold.coach_id AND other.id > hold.id
                  AND other.state = 'held' AND other.busy_start < hold.busy_stop
                  AND hold.busy_start < other.busy_stop))""",
    "a session or held time that is not where both are judged": f"""
        SELECT count(*) FROM (
            (SELECT coach_id, id AS session_id, NULL AS hold_id,
                    tsrange(busy_start, busy_stop) AS span
               FROM coaching_session WHERE state IN {BLOCKING}
             UNION ALL
             SELECT coach_id, NULL, id, tsrange(busy_start, busy_stop)
               FROM coaching_hold WHERE state = 'held')
            EXCEPT ALL
            SELECT coach_id, session_id, hold_id, span
              FROM coaching_coach_time) found""",
    "a session with two open proposals": """
        SELECT count(*) FROM (
            SELECT FROM coaching_proposal WHERE state = 'open'
               AND session_id IS NOT NULL
             GROUP BY session_id HAVING count(*) > 1) found""",
    "who waits and has another offer than the list says": """
        SELECT count(*) FROM coaching_waiting entry
         WHERE (state = 'offered')::int <> (
               SELECT count(*) FROM coaching_proposal
                WHERE waiting_id = entry.id AND state = 'open')""",
    "times that are held for what is answered": """
        SELECT count(*) FROM coaching_hold hold
          JOIN coaching_proposal proposal ON proposal.id = hold.proposal_id
         WHERE hold.state = 'held' AND proposal.state <> 'open'
            OR proposal.state = 'accepted' AND (
               SELECT count(*) FROM coaching_hold
                WHERE proposal_id = proposal.id AND state = 'taken') <> 1""",
    "a session that somebody was reminded of twice": """
        SELECT count(*) FROM (
            SELECT FROM coaching_notification
             WHERE reminder_id IS NOT NULL AND state <> 'skipped'
             GROUP BY reminder_id, attendance_id, session_id, session_start
            HAVING count(*) > 1) found""",
    "a client in two sessions at a time": f"""
        SELECT count(*) FROM coaching_attendance one JOIN coaching_attendance other
            ON one.partner_id = other.partner_id AND one.id < other.id
           AND one.start < other.stop AND other.start < one.stop
         WHERE one.state IN {BLOCKING} AND other.state IN {BLOCKING}""",
    "more clients than seats": f"""
        SELECT count(*) FROM coaching_session session
         WHERE seats_taken NOT BETWEEN 0 AND seats OR seats_taken <> (
               SELECT count(*) FROM coaching_attendance
                WHERE session_id = session.id AND state IN {BLOCKING})""",
    "a session that its calendar event does not show": f"""
        SELECT count(*) FROM coaching_session session
          LEFT JOIN calendar_event event ON event.id = session.event_id
         WHERE session.state IN {BLOCKING}
           AND (event.id IS NULL OR NOT event.active
                OR event.start <> session.start OR event.stop <> session.stop)""",
    "a package with less than nothing left": """
        SELECT count(*) FROM coaching_package package
         WHERE remaining < 0 OR held < 0 OR used < 0
            OR 0 > (SELECT COALESCE(sum(quantity), 0) FROM coaching_package_move
                     WHERE package_id = package.id)""",
    "a package whose counters are not the sums of its moves": """
        SELECT count(*) FROM coaching_package package
         WHERE ARRAY[remaining, -held, -used, -expired, -refunded, granted]::bigint[]
            <> (
               SELECT ARRAY[COALESCE(sum(quantity), 0),
                      COALESCE(sum(quantity) FILTER (
                          WHERE kind IN ('hold', 'release')), 0),
                      COALESCE(sum(quantity) FILTER (WHERE kind = 'use'), 0),
                      COALESCE(sum(quantity) FILTER (WHERE kind = 'expire'), 0),
                      COALESCE(sum(quantity) FILTER (WHERE kind = 'refund'), 0),
                      COALESCE(sum(quantity) FILTER (
                          WHERE kind IN ('grant', 'adjust')), 0)]
                 FROM coaching_package_move WHERE package_id = package.id)""",
    "a line that counts something else than its package": """
        SELECT count(*) FROM coaching_package_move move
          JOIN coaching_package package ON package.id = move.package_id
         WHERE move.unit <> package.unit
            OR (move.unit = 'unlimited' AND move.quantity <> 0)""",
    "an owed session that is paid, or whose number another one has": """
        SELECT count(*) FROM coaching_attendance one
         WHERE one.owed_slot > 0 AND (one.package_id IS NOT NULL OR EXISTS (
               SELECT FROM coaching_attendance other
                WHERE other.id <> one.id AND other.partner_id = one.partner_id
                  AND other.company_id = one.company_id AND other.owed_slot > 0
                  AND int4range(one.owed_slot, one.owed_slot + one.sessions_deducted)
                      && int4range(other.owed_slot,
                                   other.owed_slot + other.sessions_deducted)))""",
    "a client and a coach who are not engaged exactly once": """
        SELECT count(*) FROM (
            SELECT FROM (SELECT DISTINCT partner_id, coach_id, company_id
                           FROM coaching_attendance) AS pair
              LEFT JOIN coaching_engagement USING (partner_id, coach_id, company_id)
             GROUP BY partner_id, coach_id, company_id
            HAVING count(coaching_engagement.id) <> 1) found""",
    "an engagement that ended with sessions to come": """
        SELECT count(*) FROM coaching_engagement engagement
         WHERE state = 'ended' AND EXISTS (
               SELECT FROM coaching_attendance attendance
                WHERE attendance.partner_id = engagement.partner_id
                  AND attendance.coach_id = engagement.coach_id
                  AND attendance.state = 'scheduled' AND attendance.start > now())""",
    "a weekly time that is kept for two clients": """
        SELECT count(*) FROM coaching_reserved_slot one
          JOIN coaching_reserved_slot other
            ON one.coach_id = other.coach_id AND one.weekday = other.weekday
           AND one.id < other.id
           AND one.start_minute < other.start_minute + other.duration_minutes
           AND other.start_minute < one.start_minute + one.duration_minutes
           AND daterange(one.date_from, one.date_to, '[]')
               && daterange(other.date_from, other.date_to, '[]')
         WHERE one.state = 'active' AND other.state = 'active'""",
    "a session taken from a package twice": """
        SELECT count(*) FROM (
            SELECT FROM coaching_package_move move
             WHERE kind IN ('hold', 'use') AND reversal_of_id IS NULL AND NOT EXISTS (
                   SELECT FROM coaching_package_move WHERE reversal_of_id = move.id)
             GROUP BY attendance_id HAVING count(*) > 1) found""",
    "a hold or use that ended twice": """
        SELECT count(*) FROM (
            SELECT FROM coaching_package_move WHERE reversal_of_id IS NOT NULL
             GROUP BY reversal_of_id HAVING count(*) > 1) found""",
    "two make-ups for one missed session": """
        SELECT count(*) FROM (
            SELECT FROM coaching_makeup
             WHERE attendance_id IS NOT NULL AND state <> 'revoked'
             GROUP BY attendance_id HAVING count(*) > 1) found""",
    "a make-up used twice": f"""
        SELECT count(*) FROM (
            SELECT FROM coaching_attendance
             WHERE used_makeup_id IS NOT NULL AND state IN {BLOCKING}
             GROUP BY used_makeup_id HAVING count(*) > 1) found""",
    "a session or its make-up that earns twice": f"""
        SELECT count(*) FROM (
            SELECT FROM coaching_remuneration_line WHERE earns AND {LIVE}
             GROUP BY entitlement_id HAVING count(*) > 1) found""",
    "a session that is paid on several lines": f"""
        SELECT count(*) FROM (
            SELECT FROM coaching_remuneration_line
             WHERE rule_id IS NOT NULL AND basis IN ('session', 'hour') AND {LIVE}
             GROUP BY session_id HAVING count(*) > 1) found""",
    "a session that earns and is paid on no line": f"""
        SELECT count(*) FROM coaching_remuneration_line line
         WHERE earns AND NOT COALESCE(is_settled, FALSE) AND {LIVE} AND NOT EXISTS (
               SELECT FROM coaching_remuneration_line
                WHERE session_id = line.session_id AND rule_id IS NOT NULL
                  AND {LIVE})""",
    "a closed attendance without its one remuneration line": f"""
        SELECT count(*) FROM coaching_attendance attendance
         WHERE (state <> 'scheduled')::int <> (
               SELECT count(*) FROM coaching_remuneration_line
                WHERE attendance_id = attendance.id AND {LIVE})""",
    "a payslip that pays something else than its lines": """
        SELECT count(*) FROM hr_payslip payslip
         WHERE (SELECT CASE WHEN credit_note THEN -1 ELSE 1 END
                       * COALESCE(sum(total), 0)
                  FROM hr_payslip_line
                 WHERE slip_id = payslip.id AND code = 'COACHING')
            <> (SELECT COALESCE(sum(amount), 0) FROM coaching_remuneration_line
                 WHERE payslip_id = payslip.id)""",
    "what is booked and what is held of packages differ": """
        SELECT count(*) FROM coaching_attendance attendance
          LEFT JOIN coaching_package_move claim ON claim.id = claim_move_id
         WHERE attendance.package_id IS NOT NULL AND sessions_deducted > 0
           AND (attendance.state = 'scheduled')
               IS DISTINCT FROM COALESCE(claim.kind = 'hold', FALSE)
            OR EXISTS (SELECT FROM coaching_package_move
                        WHERE reversal_of_id = claim.id)""",
    "a make-up that does not know where it is used": f"""
        SELECT count(*) FROM coaching_makeup makeup
         WHERE (state = 'used') <> EXISTS (
               SELECT FROM coaching_attendance
                WHERE id = makeup.used_attendance_id AND used_makeup_id = makeup.id
                  AND (state IN {BLOCKING} OR uses_session))""",
    "more excused than the allowance": """
        SELECT count(*) FROM (
            SELECT FROM coaching_attendance attendance
              JOIN coaching_outcome_policy policy
                ON policy.id = split_part(excuse_key, '/', 1)::int
             WHERE excused
             GROUP BY policy.id, regexp_replace(excuse_key, '[^/]*$', '')
            HAVING count(*) > policy.excused_count) found""",
    "more make-ups than the limit": """
        SELECT count(*) FROM (
            SELECT FROM coaching_makeup makeup
              JOIN res_company company ON company.id = makeup.company_id
             WHERE limit_key IS NOT NULL AND state <> 'revoked'
               AND coaching_makeup_limit > 0
             GROUP BY company.id, regexp_replace(limit_key, '[^/]*$', '')
            HAVING count(*) > coaching_makeup_limit) found""",
    "a session that the log has not closed once": """
        SELECT count(*) FROM coaching_attendance attendance
         WHERE (state <> 'scheduled')::int <> (
               SELECT count(*) FROM coaching_session_log
                WHERE attendance_id = attendance.id AND action = 'closed')""",
    "a session of another time": """
        SELECT count(*) FROM coaching_session WHERE start < '2000-01-01'""",
    "a dispute that the session does not show": """
        SELECT count(*) FROM coaching_attendance attendance
         WHERE COALESCE(is_disputed, FALSE) <> EXISTS (
               SELECT FROM coaching_dispute
                WHERE attendance_id = attendance.id AND state = 'open')""",
    "pay that does not wait for a dispute": """
        SELECT count(*) FROM coaching_remuneration_line line
          JOIN coaching_dispute dispute
            ON dispute.attendance_id IN (line.attendance_id, line.entitlement_id)
         WHERE dispute.state = 'open' AND (line.state = 'on_payslip'
            OR line.state IN ('to_pay', 'paid') AND NOT COALESCE(on_hold, FALSE))""",
}


def broken_rules(cr):
    """Return {rule: number of cases} of what is wrong in the whole database."""
    found = {}
    for rule, query in RULES.items():
        cr.execute(query)
        (count,) = cr.fetchone()
        if count:
            found[rule] = count
    return found


def count_rows(env, model, domain=()):
    return env[model].sudo().with_context(active_test=False).search_count(domain)


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


# === CLIENT AND COACH === #


def engaged(world, coach_id, client_id):
    """Return the id of the one engagement of a client and a coach."""
    pair = [("coach_id", "=", coach_id), ("partner_id", "=", client_id)]
    (found,) = world.commit(lambda env: env["coaching.engagement"].search(pair).ids)
    return found


@pytest.mark.parametrize("hours", [range(1, 9), range(1, 3)], ids=["eight", "two"])
def test_first_bookings_engage_once(world, hours):
    """Several first bookings at once: all are booked, and there is one engagement.

    To see it fail: drop coaching_engagement_client_coach_unique.
    """
    (coach_id,) = world.coach()
    (client_id,) = world.clients(1, sessions=0)
    code = "consultation"
    attempts = race(
        world,
        [world.booking(coach_id, client_id, world.slot(h), code) for h in hours],
    )
    assert [attempt.error for attempt in attempts if attempt.error] == []
    assert engaged(world, coach_id, client_id)


@pytest.mark.parametrize("wait", [0, 2], ids=["together", "booking-first"])
def test_end_and_booking(world, wait):
    """One ends the work while another one books: it never ends with a session to come.

    To see it fail: let a booking write nothing where an engagement is already.
    """
    for _round in range(2):
        (coach_id,) = world.coach()
        (client_id,) = world.clients(1)
        first_id = world.book(coach_id, client_id, world.slot(9), "consultation")
        world.commit(
            lambda env, session_id=first_id: env["coaching.session"]
            .browse(session_id)
            .action_cancel()
            and None
        )
        engagement_id = engaged(world, coach_id, client_id)

        def end(env, engagement_id=engagement_id):
            time.sleep(wait)
            env["coaching.engagement"].browse(engagement_id).action_end()

        booking = world.booking(coach_id, client_id, world.slot(11), "consultation")
        attempts = race(world, [end, booking])
        assert attempts[1].error is None, "nothing keeps anybody from booking"
        assert_readable(attempts, "still has sessions booked")
        assert world.broken_rules() == {}


def test_one_weekly_time(world):
    """Ten clients want the same weekly time: one has it, nine read whose it is not.

    To see it fail: drop coaching_reserved_slot_coach_no_overlap.
    """
    (coach_id,) = world.coach()
    code = "consultation"
    engagement_ids = []
    for hour, client_id in enumerate(world.clients(10, sessions=0), start=1):
        world.book(coach_id, client_id, world.slot(hour), code)
        engagement_ids.append(engaged(world, coach_id, client_id))

    def reserve(env, engagement_id):
        moment = world.slot(15)
        engagement = env["coaching.engagement"].browse(engagement_id)
        return engagement.action_reserve_slot(start=moment).id

    attempts = race(
        world,
        [partial(reserve, engagement_id=one) for one in engagement_ids],
    )
    assert len(won(attempts)) == 1
    assert_readable(attempts, "Choose another time")
    mine = ("coach_id", "=", coach_id)
    assert world.count("coaching.reserved.slot", mine) == 1


# === CLOSING === #


def race_to_close(world, closers=40):
    """One session closed by many: a double click, a cron and a user."""
    (coach_id,) = world.coach()
    (client_id,) = world.clients(1)
    session_id = world.book(coach_id, client_id, world.slot(9))
    close = world.closing(session_id, "no_show", note="Called twice")
    with world.later():
        attempts = race(world, [close] * closers)
    return session_id, attempts


def consequences(world, session_id):
    """Return numbers of live uses, make-ups and remuneration lines of a session."""
    mine = ("attendance_id.session_id", "=", session_id)
    not_ended = ("reversal_of_id", "=", False)
    return (
        world.count("coaching.package.move", mine, ("kind", "=", "use"), not_ended),
        world.count("coaching.makeup", mine),
        world.count("coaching.remuneration.line", mine, ("amount", ">", 0)),
    )


def test_close(world):
    """Closed 40 times at once, a session has its consequences once, and no error.

    To see it fail: run it under READ COMMITTED without the unique indexes that the
    mutants below name, and there are several of each.
    """
    session_id, attempts = race_to_close(world)
    assert [attempt.error for attempt in attempts if attempt.error] == []
    assert consequences(world, session_id) == (1, 1, 1)


def test_close_differently(world):
    """Whoever comes last decides, and one outcome's consequences stand.

    To see it fail: as above; a use of one outcome stands beside the other's release.
    """
    (coach_id,) = world.coach()
    (client_id,) = world.clients(1)
    session_id = world.book(coach_id, client_id, world.slot(9))
    codes = ("completed", "no_show", "coach_missed", "client_late_cancel")
    with world.later():
        attempts = race(world, [world.closing(session_id, code) for code in codes])
    assert_readable(attempts)
    state = world.commit(
        lambda env: env["coaching.session"].browse(session_id).attendance_ids.state
    )
    assert state != "scheduled"
    assert won(attempts)


def race_to_earn(world):
    """A missed session is corrected into a paid one while its make-up is closed.

    Neither of the two writes a row of the other, so that each would pay: the missed
    session is not paid as long as it counts as early cancelled.
    """
    (coach_id,) = world.coach()
    (client_id,) = world.clients(1)
    makeup_type = world.type_id("makeup")
    unpaid = world.commit(_unpaid_late_cancel)
    missed_id = world.book(coach_id, client_id, world.slot(8))
    world.close(missed_id, "client_late_cancel")
    makeup_id = world.book(coach_id, client_id, world.slot(8, 5), "makeup")
    world.commit(
        lambda env: (
            env["coaching.booking.type"]
            .browse(makeup_type)
            .write({"remunerated": True})
        )
    )
    with world.later():
        attempts = race(
            world,
            [
                world.closing(missed_id, "no_show"),
                world.closing(makeup_id, "completed"),
            ],
        )
    world.commit(_paid_again, unpaid, makeup_type)
    earning = world.count(
        "coaching.remuneration.line",
        ("session_id", "in", (missed_id, makeup_id)),
        ("earns", "=", True),
        ("is_reversed", "=", False),
    )
    return attempts, earning


def _unpaid_late_cancel(env):
    policies = env["coaching.outcome.policy"].search(
        [
            ("outcome_id.code", "=", "client_late_cancel"),
            ("complimentary", "=", False),
        ]
    )
    policies.pay_percent = 0
    return policies.ids


def _paid_again(env, policy_ids, makeup_type_id):
    env["coaching.outcome.policy"].browse(policy_ids).pay_percent = 100
    env["coaching.booking.type"].browse(makeup_type_id).remunerated = False


def test_session_and_makeup_earn_once(world):
    """Both of a pair that is paid once want to be the one: one is.

    To see it fail: drop coaching_remuneration_line_earned_once, let payroll's
    `_touch_what_is_shared` do nothing, and both are paid.
    """
    attempts, earning = race_to_earn(world)
    assert_readable(attempts)
    assert earning == 1


def race_to_close_a_group(world):
    """Two clients of a session are closed by two people at the same moment."""
    coach_id, attempts = race_for_seats(world, bookers=2, seats=2)
    (session_id,) = set(won(attempts))
    attendance_ids = world.commit(
        lambda env: env["coaching.session"].browse(session_id).attendance_ids.ids
    )

    def close(attendance_id, env):
        env["coaching.attendance"].browse(attendance_id).action_close("completed")

    with world.later():
        attempts = race(world, [partial(close, id_) for id_ in attendance_ids])
    paid = world.count(
        "coaching.remuneration.line",
        ("coach_id", "=", coach_id),
        ("amount", ">", 0),
        ("is_reversed", "=", False),
    )
    return attempts, paid


def test_group_session_is_paid_once(world):
    """Two people close one client each of a group session: nobody reads an error.

    The session is paid once, however many clients it had. To see it fail: drop
    coaching_remuneration_line_session_paid_once, let payroll's
    `_touch_what_is_shared` do nothing, and it is paid twice.
    """
    attempts, paid = race_to_close_a_group(world)
    assert [attempt.error for attempt in attempts if attempt.error] == []
    assert paid == 1


# === PAYSLIPS === #


def race_of_payslips(world, payslips=2):
    """Payslips of one coach and month, computed at the same moment."""
    (coach_id,) = world.coach(employee=True)
    (client_id,) = world.clients(1)
    for day in (1, 2, 3):
        world.close(world.book(coach_id, client_id, world.slot(9, day)))
    employee_id = world.commit(
        lambda env: env["coaching.coach"].browse(coach_id).employee_id.id
    )
    month = {
        "date_from": world.base.date(),
        "date_to": world.base.date() + timedelta(days=27),
    }

    def make(env):
        payslip = env["hr.payslip"].create(
            {"name": "Race", "employee_id": employee_id, **month}
        )
        payslip.compute_sheet()
        return payslip.id

    attempts = race(world, [make] * payslips)
    totals = world.commit(
        lambda env: (
            env["hr.payslip"]
            .search([("employee_id", "=", employee_id)])
            .line_ids.filtered(lambda line: line.code == "COACHING")
            .mapped("total")
        )
    )
    return attempts, sum(totals)


def test_two_payslips(world):
    """Two payslips for one month pay each session on one of them.

    To see it fail: let `_gather` write what it found under READ COMMITTED, and three
    sessions at 40 pay 240.
    """
    attempts, total = race_of_payslips(world)
    assert len(won(attempts)) == 2
    assert total == 120


# === SELLING === #


def race_to_grant_months(world):
    """Two programs grant what one order line sold, each of them in its own day."""

    def sell(env):
        from odoo import Command

        product = env["product.product"].create(
            {
                "name": "Two a month",
                "type": "service",
                "coaching_package": True,
                "coaching_session_count": 2,
                "coaching_period": "month",
                "coaching_validity_months": 3,
            }
        )
        order = env["sale.order"].create(
            {
                "partner_id": env["res.partner"].create({"name": "Buyer"}).id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )
        return order.order_line.id

    line_id = world.commit(sell)

    def grant(tz, env):
        # as the payment provider's callback does, and who confirms the order
        env = env(su=True, context={**env.context, "tz": tz})
        env["sale.order.line"].browse(line_id)._grant_coaching_packages()

    # a day apart at every moment
    zones = ("Pacific/Kiritimati", "Pacific/Pago_Pago")
    attempts = race(world, [partial(grant, tz) for tz in zones])
    assert [attempt.error for attempt in attempts if attempt.error] == []
    return world.count("coaching.package", ("sale_line_id", "=", line_id))


def test_months_are_granted_once(world):
    """To see it fail: let `_grant_one_at_a_time` do nothing."""
    assert race_to_grant_months(world) == 3


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
