"""The property test: any order of operations, and after each the books are right.

Used by `test_ledgers_stateful` and by the benchmark of the ledgers.
"""

# Over 300 lines: the rules of one state machine call each other.

import dataclasses
import datetime
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture import engine
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from ledger_model import HOUR, OUTCOMES, Terms

# picks one of what there is at that moment
some = st.integers(0, 9999)
codes = st.sampled_from(sorted(OUTCOMES))
cancel_codes = st.sampled_from(
    ["", *sorted(code for code, (_state, before) in OUTCOMES.items() if before)]
)
terms = st.builds(
    Terms,
    makeup_codes=st.sampled_from(
        [
            ("no_show", "client_late_cancel"),
            ("no_show", "client_emergency", "coach_missed"),
            ("no_show",),
            (),
        ]
    ),
    makeup_days=st.sampled_from([0, 3, 10, 30]),
    makeup_limit=st.sampled_from([0, 0, 1, 2]),
    allowance=st.sampled_from([0, 0, 1, 2]),
    excused_percent=st.sampled_from([0.0, 50.0]),
    tier_hours=st.sampled_from([0, 0, 5]),
    tier_percent=st.sampled_from([0.0, 25.0]),
    free_percent=st.sampled_from([0.0, 0.0, 50.0]),
    pay_at_use=st.booleans(),
    makeups_count=st.booleans(),
)
# few days and hours, so that times collide and are taken again
days = st.integers(0, 12)
hours = st.sampled_from([2, 8, 9, 10, 23])
# hours until a session begins
aheads = st.sampled_from([1, 2, 5, 25, 30, 50])
waits = st.sampled_from([1, 5, 12, 23, 24, 30, 72, 200])


STEPS = 50
# for a shorter way to what was found: five minutes otherwise, too long for CI
SHRINK_SECONDS = 45


def run_machine(office, runs, seed, shrink=True, fixed=None):
    """Run the machine with an office, the same operations for the same seed.

    :param int runs: how many times to begin anew, each with 50 steps
    :param bool shrink: look for a shorter way to what was found
    :param dict fixed: terms that are the same in every run
    :raise Exception: what was found, with the operations that led to it
    """
    machine = type(
        "Ledgers",
        (LedgerMachine,),
        {
            "office": office,
            "fixed": fixed or {},
            "_hypothesis_internal_use_seed": seed,
        },
    )
    wanted = settings(
        max_examples=runs,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        print_blob=False,
        report_multiple_bugs=False,
        phases=[Phase.generate, *([Phase.shrink] if shrink else [])],
        suppress_health_check=list(HealthCheck),
    )
    with patch.object(engine, "MAX_SHRINKING_SECONDS", SHRINK_SECONDS):
        run_state_machine_as_test(machine, settings=wanted, _min_steps=STEPS)


def pick(number, things):
    """Return one of some things, that of number 0 is the last there came."""
    things = list(things)
    return things[-1 - number % len(things)]


class LedgerMachine(RuleBasedStateMachine):
    """Sells, books, closes, corrects, pays: whatever a business may do, in any order.

    `office` is set on a subclass: an `Office` whose clock is entered.
    """

    office = None
    fixed = {}

    @initialize(terms=terms)
    def begin(self, terms):
        self.office.begin(dataclasses.replace(terms, **self.fixed))
        for client in self.office.clients:
            self.office.sell(client, 5, 0)

    def teardown(self):
        try:
            if self.model:
                self.office.check_rules()
        finally:
            self.office.end()

    @invariant()
    def books_are_right(self):
        if self.office.model:
            self.office.check()

    # === WHAT THERE IS === #

    @property
    def model(self):
        return self.office.model

    def client(self, number):
        return pick(number, self.office.clients)

    def coach(self, number):
        return pick(number, self.office.coaches)

    def slot(self, day, hour):
        midnight = self.model.now.replace(hour=0, minute=0)
        return midnight + datetime.timedelta(days=day, hours=hour)

    def sessions(self, *states):
        return [
            id_
            for id_ in self.model.sessions
            if not states or self.model.session_state(id_) in states
        ]

    def attendances(self, test):
        return [id_ for id_, a in self.model.attendances.items() if test(a)]

    def is_open(self):
        return any(not a.code for a in self.model.attendances.values())

    def is_closed(self):
        return any(a.code for a in self.model.attendances.values())

    def is_booked(self):
        return bool(self.model.sessions)

    def has_makeups(self):
        return bool(self.model.makeups)

    def has_packages(self):
        return bool(self.model.packages)

    def has_orders(self):
        return bool(self.office.package_orders)

    def has_open_groups(self):
        return any(
            self.model.sessions[id_].kind == "group"
            for id_ in self.sessions("scheduled")
        )

    def has_payslips(self):
        return bool(self.model.payslips)

    def due(self):
        return self.attendances(lambda a: not a.code and a.start <= self.model.now)

    def is_due(self):
        return bool(self.due())

    # === PACKAGES === #

    @rule(client=some, sessions=st.integers(1, 5), days=st.sampled_from([0, 3, 10, 60]))
    def sell(self, client, sessions, days):
        """By hand, or one of five by a sales order, which takes much longer."""
        if sessions == 5:
            product = pick(days, self.office.products)
            self.office.sell_order(self.client(client), *product)
        else:
            self.office.sell(self.client(client), sessions, days)

    @precondition(has_orders)
    @rule(order=some)
    def cancel_or_confirm_order(self, order):
        self.office.cancel_order(pick(order, self.office.package_orders))

    @precondition(has_packages)
    @rule(package=some, days=st.integers(0, 40))
    def extend_package(self, package, days):
        self.office.extend_package(pick(package, self.model.packages), days)

    @precondition(has_packages)
    @rule(package=some, quantity=st.integers(-2, 2))
    def adjust_package(self, package, quantity):
        self.office.adjust_package(pick(package, self.model.packages), quantity)

    @precondition(has_packages)
    @rule(package=some, client=some, quantity=st.integers(0, 3))
    def transfer_package(self, package, client, quantity):
        self.office.transfer_package(
            pick(package, self.model.packages), self.client(client), quantity
        )

    @rule(package=some)
    def let_package_expire(self, package):
        """Wait until the last day of a package is over, if that is soon."""
        ends = [p.expiry for p in self.model.packages.values() if p.expiry]
        ahead = [(end - self.model.now.date()).days + 2 for end in ends]
        ahead = [days for days in ahead if 0 < days < 14]
        if ahead:
            self.office.wait(24 * pick(package, ahead))
        self.office.expire_packages()

    # === BOOKING === #

    @rule(client=some, coach=some, day=days, hour=hours)
    def book(self, client, coach, day, hour):
        self.office.book(
            "individual", self.coach(coach), [self.client(client)], self.slot(day, hour)
        )

    @precondition(has_packages)
    @rule(client=some, coach=some, day=days, hour=hours, package=some)
    def book_on_package(self, client, coach, day, hour, package):
        self.office.book(
            "individual",
            self.coach(coach),
            [self.client(client)],
            self.slot(day, hour),
            package=pick(package, self.model.packages),
        )

    @rule(client=some, coach=some, day=days, hour=hours)
    def book_free_of_charge(self, client, coach, day, hour):
        self.office.book(
            "consultation",
            self.coach(coach),
            [self.client(client)],
            self.slot(day, hour),
        )

    @rule(
        coach=some,
        day=days,
        hour=hours,
        leave_out=st.sampled_from([0, 1, 2, 0, 1, 2, 3]),
    )
    def book_group(self, coach, day, hour, leave_out):
        clients = list(self.office.clients)
        clients = [c for n, c in enumerate(clients) if n != leave_out]
        self.office.book("group", self.coach(coach), clients, self.slot(day, hour))

    @precondition(is_booked)
    @rule(client=some, session=some)
    def join(self, client, session):
        """Book the time that somebody else has."""
        session = self.model.sessions[pick(session, self.model.sessions)]
        self.office.book(
            session.kind, session.coach, [self.client(client)], session.start
        )

    @rule(client=some, coach=some, day=days, hour=hours)
    def make_up(self, client, coach, day, hour):
        self.office.book(
            "makeup", self.coach(coach), [self.client(client)], self.slot(day, hour)
        )

    @precondition(has_makeups)
    @rule(makeup=some, coach=some, day=days, hour=hours)
    def make_up_for(self, makeup, coach, day, hour):
        makeup = pick(makeup, self.model.makeups)
        self.office.book(
            "makeup",
            self.coach(coach),
            [makeup.client],
            self.slot(day, hour),
            missed=makeup.origin,
        )

    @precondition(is_booked)
    @rule(session=some, day=days, hour=hours)
    def reschedule(self, session, day, hour):
        self.office.reschedule(pick(session, self.model.sessions), self.slot(day, hour))

    # === CLOSING === #

    @precondition(is_open)
    @rule(
        session=some,
        code=cancel_codes,
        refund=st.sampled_from(["policy"] * 3 + ["full", "none"]),
    )
    def cancel(self, session, code, refund):
        session_id = pick(session, self.sessions("scheduled"))
        self.office.cancel(session_id, "manager", code=code, refund=refund)

    @precondition(is_open)
    @rule(session=some)
    def coach_cancels(self, session):
        self.office.cancel(pick(session, self.sessions("scheduled")), "coach")

    @precondition(is_open)
    @rule(attendance=some)
    def client_cancels(self, attendance):
        attendance = self.model.attendances[
            pick(attendance, self.attendances(lambda a: not a.code))
        ]
        self.office.cancel(attendance.session, "client", attendance.client)

    @precondition(is_due)
    @rule(attendance=some, code=codes)
    def close(self, attendance, code):
        self.office.close([pick(attendance, self.due())], code)

    @precondition(is_open)
    @rule(attendance=some, code=codes)
    def attend(self, attendance, code):
        """Wait until a session is over, and close it."""
        id_ = pick(attendance, self.attendances(lambda a: not a.code))
        ahead = self.model.attendances[id_].stop - self.model.now
        if ahead > 0 * HOUR:
            self.office.wait(ahead / HOUR)
        self.office.close([id_], code)

    @precondition(is_open)
    @rule(attendance=some, code=st.sampled_from(["no_show", "client_late_cancel"]))
    def miss(self, attendance, code):
        self.attend(attendance, code)

    @precondition(is_booked)
    @rule(attendance=some, code=codes, hours=st.sampled_from([-2, 1, 6, 30]))
    def close_with_notice(self, attendance, code, hours):
        """Also before the start, when much can't be, and with impossible notice."""
        id_ = pick(attendance, self.model.attendances)
        notice = self.model.attendances[id_].start - hours * HOUR
        self.office.close([id_], code, notice)

    @precondition(is_closed)
    @rule(attendance=some, code=codes)
    def correct(self, attendance, code):
        id_ = pick(attendance, self.attendances(lambda a: a.code))
        self.office.close([id_], code)

    @precondition(is_booked)
    @rule(session=some, code=codes)
    def coach_closes_session(self, session, code):
        """All clients of a session at once, open or closed."""
        id_ = pick(session, self.model.sessions)
        ids = self.attendances(lambda a: a.session == id_)
        coach = self.model.sessions[id_].coach
        self.office.close(ids, code, user_id=self.office.coaches[coach])

    @precondition(is_booked)
    @rule(first=some, count=st.integers(2, 6), code=codes, told=st.booleans())
    def close_several(self, first, count, code, told):
        """Open and closed ones, of all kinds: all or none."""
        ids = list(self.model.attendances)
        first %= len(ids)
        notice = self.model.now - HOUR if told else None
        self.office.close(ids[first : first + count], code, notice)

    @precondition(is_booked)
    @rule(first=some, count=st.integers(1, 8), code=codes)
    def mark(self, first, count, code):
        ids = list(self.model.sessions)
        first %= len(ids)
        self.office.mark(ids[first : first + count], code)

    # === ALL AT ONCE: SESSIONS THAT ARE BOOKED AND OVER === #

    def have(self, kind, coach, clients, ahead, code, **kwargs):
        """Book a session, wait until it is over, and close it."""
        start = self.model.now.replace(minute=0) + ahead * HOUR
        coach = self.coach(coach)
        if not self.office.book(kind, coach, clients, start, **kwargs):
            return
        session_id = max(self.model.sessions)
        ids = self.attendances(lambda a: a.session == session_id and not a.code)
        ahead = self.model.sessions[session_id].stop - self.model.now
        self.office.wait(ahead / HOUR)
        self.office.close(ids, code)

    @rule(client=some, coach=some, ahead=aheads, code=codes)
    def have_session(self, client, coach, ahead, code):
        self.have("individual", coach, [self.client(client)], ahead, code)

    @rule(client=some, coach=some, ahead=aheads, number=some)
    def miss_session(self, client, coach, ahead, number):
        """Miss it in a way that gives a make-up, if any does."""
        code = pick(number, self.model.terms.makeup_codes or ["no_show"])
        self.have("individual", coach, [self.client(client)], ahead, code)

    @precondition(has_makeups)
    @rule(makeup=some, coach=some, ahead=aheads, code=codes)
    def have_makeup(self, makeup, coach, ahead, code):
        makeup = pick(makeup, self.model.makeups)
        self.have("makeup", coach, [makeup.client], ahead, code, missed=makeup.origin)

    @rule(coach=some, leave_out=st.integers(0, 2), ahead=aheads, code=codes)
    def have_group(self, coach, leave_out, ahead, code):
        clients = list(self.office.clients)
        del clients[leave_out]
        self.have("group", coach, clients, ahead, code)

    # === TIME === #

    @rule(hours=waits)
    def wait(self, hours):
        self.office.wait(hours)

    @precondition(is_open)
    @rule(attendance=some, hours=st.sampled_from([-25, -24, -1, 1, 4]))
    def wait_until(self, attendance, hours):
        """Until some hours before or after a session."""
        id_ = pick(attendance, self.attendances(lambda a: not a.code))
        moment = self.model.attendances[id_].start + hours * HOUR
        ahead = max(int((moment - self.model.now).total_seconds() // 3600), 1)
        self.office.wait(ahead)

    @precondition(has_makeups)
    @rule()
    def expire(self):
        self.office.expire()

    @precondition(has_makeups)
    @rule(makeup=some)
    def let_expire(self, makeup):
        """Wait until the last day of a make-up is over."""
        expiry = pick(makeup, self.model.makeups).expiry
        if expiry and expiry > self.model.now.date():
            self.office.wait(24 * ((expiry - self.model.now.date()).days + 2))
        self.office.expire()

    @precondition(has_open_groups)
    @rule()
    def complete_due(self):
        self.office.complete_due()

    # === MAKE-UPS BY STAFF === #

    @rule(client=some)
    def grant_makeup(self, client):
        self.office.grant_makeup(self.client(client))

    @precondition(has_makeups)
    @rule(makeup=some)
    def revoke_makeup(self, makeup):
        self.office.revoke_makeup(makeup % len(self.model.makeups))

    @precondition(has_makeups)
    @rule(makeup=some, days=st.integers(0, 40))
    def extend_makeup(self, makeup, days):
        self.office.extend_makeup(makeup % len(self.model.makeups), days)

    # === PAY === #

    @precondition(is_closed)
    @rule(coach=some, days=st.integers(-5, 5))
    def compute_payslip(self, coach, days):
        self.office.compute_payslip(self.coach(coach), days)

    @precondition(has_payslips)
    @rule(payslip=some)
    def finish_or_refund_payslip(self, payslip):
        payslip_id = pick(payslip, self.model.payslips)
        state = self.model.payslips[payslip_id].state
        if state == "draft":
            self.office.finish_payslip(payslip_id)
        elif state == "done" and self.model.payslips[payslip_id].pays:
            self.office.refund_payslip(payslip_id)

    @precondition(has_payslips)
    @rule(payslip=some)
    def cancel_payslip(self, payslip):
        self.office.cancel_payslip(pick(payslip, self.model.payslips))

    # === WHAT NOBODY MAY === #

    @precondition(is_booked)
    @rule(number=some, attendance=some)
    def never(self, number, attendance):
        id_ = pick(attendance, self.model.attendances)
        client = self.office.clients[self.model.attendances[id_].client]
        call, user_id = pick(number, NEVER)
        user_id = client if user_id == "client" else user_id
        self.office.refuse(lambda env: call(env, id_), user_id)


def _unknown_outcome(env, id_):
    env["coaching.attendance"].browse(id_).action_close("no_such_outcome")


def _unknown_booking(env, id_):
    env["coaching.session"].book({"coach_id": id_, "price": 3})


def _client_closes(env, id_):
    env["coaching.attendance"].browse(id_).action_close("completed")


def _client_grants(env, id_):
    partner = env.user.partner_id
    env["coaching.makeup"].action_grant(partner.id, "I would like one")


def _write_counter(env, id_):
    package = env["coaching.attendance"].browse(id_).package_id
    (package or env["coaching.package"].search([], limit=1)).write({"remaining": 99})


def _write_attendance(env, id_):
    env["coaching.attendance"].browse(id_).write({"uses_session": False})


def _delete(env, id_):
    env["coaching.attendance"].browse(id_).unlink()


def _change_move(env, id_):
    _sql(env, "UPDATE coaching_package_move SET quantity = quantity + 1")


def _delete_moves(env, id_):
    _sql(env, "DELETE FROM coaching_package_move")


def _change_pay(env, id_):
    _sql(env, "UPDATE coaching_remuneration_line SET amount = amount + 1")


def _change_log(env, id_):
    _sql(env, "UPDATE coaching_session_log SET user_id = 1")


def _sql(env, statement):
    """Run a statement that PostgreSQL has to refuse."""
    from psycopg2.errors import RestrictViolation

    from odoo.exceptions import UserError

    try:
        env.cr.execute(statement, log_exceptions=False)
    except RestrictViolation as error:
        raise UserError("refused by the database") from error
    if not env.cr.rowcount:
        raise UserError("there was nothing to change")


# what is tried, and who tries: the manager, a client, or a script
NEVER = [
    (_unknown_outcome, None),
    (_unknown_booking, None),
    (_client_closes, "client"),
    (_client_grants, "client"),
    (_write_counter, 0),
    (_write_attendance, None),
    (_delete, 0),
    (_change_move, 0),
    (_delete_moves, 0),
    (_change_pay, 0),
    (_change_log, 0),
]
