from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import CoachingPayrollCommon


@tagged("post_install", "-at_install")
class TestCompany(CoachingPayrollCommon):
    """A session stays with its company, wherever its coach and type go."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.env["res.company"].create({"name": "Second company"})
        cls.coach_user.company_ids = [Command.link(cls.second.id)]

    def _move(self):
        """The coach becomes an employee of the other company."""
        self.coach.employee_id = False
        self.coach.company_id = self.second
        employee = self.env["hr.employee"].create(
            {"name": "Elsewhere", "company_id": self.second.id, "tz": "UTC"}
        )
        self.coach.employee_id = employee

    def test_paid_and_corrected_back(self):
        """The rule and the employee of the session pay it, the difference is none."""
        session = self.book()
        self.close(session, "completed")
        self._payslip().action_payslip_done()
        self._move()
        self.assertEqual(self.coach.company_id, self.second)
        session.attendance_ids.action_close("client_emergency")
        session.attendance_ids.action_close("completed")
        line = self._lines(session)
        self.assertEqual(
            (line.amount, line.company_id, line.employee_id, line.rule_id),
            (40.0, self.company, self.employee, self.rule),
        )
        april = self._payslip(month=4)
        self.assertEqual(self._total(april), 0.0)
        self.assertEqual(len(april.coaching_line_ids), 2)

    def test_left_out_and_corrected(self):
        """The rule of the company in which it took place, also the first time."""
        session = self.book()
        self.close(session, "client_emergency")
        self._move()
        session.attendance_ids.action_close("completed")
        self.assertEqual(self._lines(session).amount, 40.0)
        self.assertEqual(self._total(self._payslip()), 40.0)

    def test_open_sessions_keep_the_coach(self):
        """Whatever changes the company: the coach, the resource, the employee."""
        session = self.book()
        for record in (self.coach, self.coach.resource_id, self.employee):
            with (
                self.subTest(record._name),
                self.assertRaisesRegex(UserError, "not closed"),
                self.env.cr.savepoint(),
            ):
                record.company_id = self.second
        self.assertEqual(self.coach.company_id, self.company)
        self.close(session, "completed")
        self._move()

    def test_company_of_a_used_booking_type(self):
        session = self.book()
        with self.assertRaisesRegex(UserError, "booking type of another company"):
            self.individual.company_id = self.second
        self.individual.company_id = self.company
        self.individual.company_id = False
        self.close(session, "completed")
