"""A client objects while somebody pays, computes, closes or settles the same.

Under REPEATABLE READ neither sees the other by looking first: that the pay of a
disputed session waits, once and not for ever, follows from both changing the same rows.
"""

from datetime import timedelta
from functools import partial
from unittest.mock import patch

import pytest
from races_rules import count_rows
from races_world import quiet, race, short_back_off, won  # noqa: F401

ROUNDS = 3


class Case:
    """A coach with an employee, a client with a login, and their missed session."""

    def __init__(self, world, code="no_show"):
        self.world = world
        (self.coach_id,) = world.coach(employee=True)
        (self.client_id,) = world.clients(1)
        self.user_id = world.commit(self._make_login)
        self.session_id = self.book(day=1)
        if code:
            world.close(self.session_id, code)

    def _make_login(self, env):
        from odoo import Command

        return (
            env["res.users"]
            .create(
                {
                    "name": f"Client {self.client_id}",
                    "login": f"client{self.client_id}",
                    "partner_id": self.client_id,
                    "group_ids": [Command.set(env.ref("base.group_portal").ids)],
                }
            )
            .id
        )

    def book(self, day, **kwargs):
        with self.world.at(self.world.base):
            return self.world.book(
                self.coach_id, self.client_id, self.world.slot(9, day), **kwargs
            )

    def attendance(self, env, session_id=None):
        session = env["coaching.session"].browse(session_id or self.session_id)
        return session.attendance_ids

    def dispute(self, env, session_id=None):
        attendance = self.attendance(env, session_id)
        return attendance.with_user(self.user_id).action_dispute("I was there")

    def report(self, env):
        attendance = self.attendance(env).with_user(self.user_id)
        return attendance.action_report_coach_no_show("Nobody came")

    def reject(self, env, dispute_id):
        env["coaching.dispute"].browse(dispute_id).action_reject("Looked at")

    def payslip(self, env):
        employee = env["coaching.coach"].browse(self.coach_id).employee_id
        payslip = env["hr.payslip"].create(
            {
                "name": "Race",
                "employee_id": employee.id,
                "date_from": self.world.base.date(),
                "date_to": self.world.base.date() + timedelta(days=27),
            }
        )
        payslip.compute_sheet()
        return payslip.id

    def compute(self, env, payslip_id):
        env["hr.payslip"].browse(payslip_id).compute_sheet()

    def pay(self, env, payslip_id):
        payslip = env["hr.payslip"].browse(payslip_id)
        # as it was computed: computing again would hide what is wrong
        payslip.with_context(without_compute_sheet=True).action_payslip_done()

    def lines(self, env):
        return [
            (line.state, line.on_hold, line.amount)
            for line in env["coaching.remuneration.line"].search(
                [("coach_id", "=", self.coach_id), ("state", "!=", "excluded")]
            )
        ]

    def open_disputes(self):
        domain = [("coach_id", "=", self.coach_id), ("state", "=", "open")]
        return self.world.commit(lambda env: env["coaching.dispute"].search(domain).ids)

    def paid_total(self):
        """Settle what is open, pay what is left, and return what was paid in all."""
        for dispute_id in self.open_disputes():
            self.world.commit(partial(self.reject, dispute_id=dispute_id))
        self.world.commit(self._cancel_drafts)
        payslip_id = self.world.commit(self.payslip)
        self.world.commit(partial(self.pay, payslip_id=payslip_id))
        return self.world.commit(self._sum)

    def _payslips(self, env):
        employee = env["coaching.coach"].browse(self.coach_id).employee_id
        return env["hr.payslip"].search([("employee_id", "=", employee.id)])

    def _cancel_drafts(self, env):
        drafts = self._payslips(env).filtered(lambda slip: slip.state != "done")
        drafts.action_payslip_cancel()
        drafts.line_ids.unlink()

    def _sum(self, env):
        lines = self._payslips(env).line_ids
        return sum(lines.filtered(lambda line: line.code == "COACHING").mapped("total"))


@pytest.fixture(autouse=True)
def later(world):
    with world.later():
        yield


@pytest.mark.parametrize("number", range(ROUNDS))
def test_dispute_while_paying(world, number):
    """Paid or on hold, never both, and in the end paid once.

    To see it fail: let `_sync_holds` do nothing to lines that are on a payslip.
    """
    case = Case(world)
    payslip_id = world.commit(case.payslip)
    race(world, [case.dispute, partial(case.pay, payslip_id=payslip_id)])
    assert len(case.open_disputes()) == 1
    ((state, on_hold, _amount),) = world.commit(case.lines)
    assert on_hold
    assert state in ("paid", "to_pay")
    done = world.commit(
        lambda env: env["hr.payslip"].browse(payslip_id).state == "done"
    )
    assert done == (state == "paid")
    assert case.paid_total() == 40


@pytest.mark.parametrize("number", range(ROUNDS))
def test_dispute_while_computing(world, number):
    """A payslip that is computed at this moment does not keep what is disputed."""
    case = Case(world)
    race(world, [case.dispute, case.payslip])
    assert world.commit(case.lines) == [("to_pay", True, 40.0)]
    assert case.paid_total() == 40


@pytest.mark.parametrize("number", range(ROUNDS))
def test_report_while_closing(world, number):
    """What the coach closes as the client reports a coach who did not attend, waits.

    To see it fail: let `_set_disputed` change no row of the attendance.
    """
    case = Case(world, code=None)
    close = world.closing(case.session_id)
    attempts = race(world, [case.report, close])
    assert len(won(attempts)) == 2, attempts
    assert world.commit(case.lines) == [("to_pay", True, 40.0)]
    assert case.paid_total() == 40


def pair(world):
    """A missed session and its make-up, both disputed."""
    case = Case(world)
    makeup_id = case.book(day=2, code="makeup")
    world.close(makeup_id)
    ids = [
        world.commit(case.dispute),
        world.commit(partial(case.dispute, session_id=makeup_id)),
    ]
    return case, ids


@pytest.mark.parametrize("number", range(ROUNDS))
def test_settling_both_of_a_pair(world, number):
    """Each sees the other still open; all the same nothing is held for ever.

    To see it fail: let `_set_disputed` of payroll leave the other attendances alone.
    """
    case, ids = pair(world)
    race(world, [partial(case.reject, dispute_id=dispute_id) for dispute_id in ids])
    assert not case.open_disputes()
    assert world.commit(case.lines) == [("to_pay", False, 40.0)]
    assert case.paid_total() == 40


@pytest.mark.parametrize("number", range(ROUNDS))
def test_dispute_while_its_make_up_is_closed(world, number):
    """The line of a make-up that is closed at this moment waits like the pair."""
    case = Case(world)
    world.commit(_pay_nothing_for, case)
    makeup_id = case.book(day=2, code="makeup")
    race(world, [case.dispute, world.closing(makeup_id)])
    lines = world.commit(case.lines)
    assert all(on_hold for state, on_hold, _amount in lines if state == "to_pay")


def _pay_nothing_for(env, case):
    """Let the make-up earn, not the missed session."""
    types = env["coaching.booking.type"].search([("code", "=", "makeup")])
    types.remunerated = True


def test_two_tabs(world):
    """A double click opens one dispute; the other one reads that it is open."""
    case = Case(world)
    attempts = race(world, [case.dispute] * 3)
    assert len(won(attempts)) == 1
    assert len(case.open_disputes()) == 1
    for attempt in attempts:
        assert attempt.error is None or "(Open)" in str(attempt.error)


def test_settled_once(world):
    """A manager rejects as the client withdraws: one does it, the other is told."""
    case = Case(world)
    dispute_id = world.commit(case.dispute)

    def withdraw(env):
        env["coaching.dispute"].browse(dispute_id).with_user(
            case.user_id
        ).action_withdraw()

    attempts = race(world, [partial(case.reject, dispute_id=dispute_id), withdraw])
    assert len(won(attempts)) == 1
    (error,) = (attempt.error for attempt in attempts if attempt.error)
    assert "This dispute was already settled by" in str(error)
    logged = [("action", "=", "settled"), ("session_id", "=", case.session_id)]
    assert world.commit(count_rows, "coaching.session.log", logged) == 1


@pytest.mark.parametrize(
    "race_it", [test_report_while_closing, test_settling_both_of_a_pair]
)
def test_the_races_find_a_missing_guard(world, race_it):
    """Without the common rows, pay of a disputed session does not wait, or for ever."""
    Attendance = world.registry["coaching.attendance"]

    def set_disputed(self, disputed):
        # what a look at the disputes alone would do: nothing that others change
        self.env.cr.execute("SELECT 1")
        self.invalidate_recordset(["is_disputed", "dispute_ids"], flush=False)
        group = self._get_remuneration_group()
        held = group.filtered(lambda a: "open" in a.dispute_ids.mapped("state"))
        self.env.cr.execute(
            "UPDATE coaching_remuneration_line SET on_hold = %s"
            " WHERE attendance_id = ANY(%s) AND on_hold IS DISTINCT FROM %s",
            [bool(held), group.ids, bool(held)],
        )

    try:
        with (
            patch.object(Attendance, "_set_disputed", set_disputed),
            pytest.raises(AssertionError),
        ):
            for _round in range(5):
                race_it(world, 0)
    finally:
        world.commit(_mend)


def _mend(env):
    """Put right what the mutant left: the rules are looked at after every test."""
    for attendance in env["coaching.dispute"].search([]).attendance_id:
        attendance._set_disputed("open" in attendance.dispute_ids.mapped("state"))
