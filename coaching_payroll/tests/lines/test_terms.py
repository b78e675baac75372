from contextlib import contextmanager
from datetime import timedelta

from odoo.exceptions import UserError
from odoo.sql_db import Savepoint
from odoo.tests import tagged

from ..common import CoachingPayrollCommon


@tagged("post_install", "-at_install")
class TestTerms(CoachingPayrollCommon):
    """A session earns what it earned, whatever came since (R138, R139)."""

    def setUp(self):
        super().setUp()
        self.rule.amount = 55.0
        self.session = self.book()
        self.attendance = self.close(self.session, "completed")

    def archive(self):
        self.rule.active = False

    def end(self):
        self.rule.date_to = self.session.start.date() - timedelta(days=1)

    def outdo(self):
        self.rule.copy({"booking_type_id": self.individual.id, "amount": 70.0})

    def replace(self):
        self.archive()
        self.rule.copy({"amount": 70.0, "basis": "hour", "active": True})

    @contextmanager
    def _undone(self):
        """Take back what is done inside."""
        with Savepoint(self.env.cr) as savepoint:
            yield
            self.env.flush_all()
            savepoint.rollback()
        self.env.invalidate_all(flush=False)

    def test_corrected_and_corrected_back(self):
        for paid in (False, True):
            for change in (self.archive, self.end, self.outdo, self.replace):
                with self.subTest(change.__name__, paid=paid), self._undone():
                    if paid:
                        self._payslip().action_payslip_done()
                    change()
                    self.attendance.action_close("client_emergency")
                    self.assertFalse(self._lines(self.session).amount)
                    self.attendance.action_close("completed")
                    line = self._lines(self.session)
                    self.assertEqual(
                        (line.rule_id, line.rate, line.basis, line.amount),
                        (self.rule, 55.0, "session", 55.0),
                    )
                    counted = self._lines(self.session, live=False).filtered(
                        lambda line: line.state in ("to_pay", "paid")
                    )
                    self.assertEqual(sum(counted.mapped("amount")), 55.0)

    def test_recomputed_on_purpose(self):
        self.replace()
        self._lines(self.session).with_user(self.manager).action_recompute()
        self.assertEqual(self._lines(self.session).amount, 70.0)
        self.attendance.action_close("client_emergency")
        self.attendance.action_close("completed")
        self.assertEqual(self._lines(self.session).amount, 70.0)

    def test_recomputed_to_nothing(self):
        """What a manager recomputed away does not come back by itself."""
        self.archive()
        self._lines(self.session).with_user(self.manager).action_recompute()
        self.assertFalse(self._lines(self.session).amount)
        self.attendance._sync_remuneration()
        self.assertFalse(self._lines(self.session).amount)
        self.attendance.action_close("client_emergency")
        self.attendance.action_close("completed")
        self.assertFalse(self._lines(self.session).amount)
        self.rule.active = True
        self._lines(self.session).with_user(self.manager).action_recompute()
        self.assertEqual(self._lines(self.session).amount, 55.0)

    def test_another_client_carries_the_pay(self):
        """The rate of a group is the session's, on whose line ever it is."""
        self._sell(self.other_client)
        session = self.book(
            days=2,
            booking_type_id=self.group_type.id,
            partner_ids=(self.client | self.other_client).ids,
        )
        self.close(session, "completed")
        carrier = self._lines(session).filtered("rule_id").attendance_id
        self.archive()
        carrier.action_close("client_emergency")
        lines = self._lines(session)
        self.assertNotEqual(lines.filtered("rule_id").attendance_id, carrier)
        self.assertEqual(sum(lines.mapped("amount")), 55.0)

    def test_what_lines_used_stays(self):
        for values in (
            {"amount": 60.0},
            {"basis": "hour"},
            {"coach_id": self.other_coach.id},
            {"booking_type_id": self.individual.id},
        ):
            with self.subTest(values), self.assertRaisesRegex(UserError, "paid by the"):
                self.rule.write(values)
        self.rule.write({"amount": 55.0, "coach_id": self.coach.id})
        self.archive()

    def test_a_rule_nobody_used_can_change(self):
        rule = self.rule.copy({"coach_id": self.other_coach.id})
        rule.write({"amount": 60.0, "basis": "hour"})
        self.assertEqual(rule.amount, 60.0)
