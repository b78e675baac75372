from datetime import date

from odoo.tests import new_test_user

from odoo.addons.coaching_sessions.tests.common import CoachingCommon


class CoachingPayrollCommon(CoachingCommon):
    """The small business with two employees and a rate of 40 a session."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._issue_makeups("no_show", "client_late_cancel")
        cls.officer = new_test_user(
            cls.env, "coaching_officer", "payroll.group_payroll_manager", tz="UTC"
        )
        cls.employee, cls.other_employee = cls.env["hr.employee"].create(
            [
                {
                    "name": coach.name,
                    "resource_calendar_id": cls.calendar.id,
                    "tz": "UTC",
                }
                for coach in (cls.coach, cls.other_coach)
            ]
        )
        cls.coach.employee_id = cls.employee
        cls.other_coach.employee_id = cls.other_employee
        cls.rule = cls.env["coaching.remuneration.rule"].create(
            {"coach_id": cls.coach.id, "amount": 40.0}
        )

    def _payslip(self, month=3, employee=None, user=None):
        """Return a computed payslip of a month of 2027."""
        payslip = self.env["hr.payslip"]
        if user:
            payslip = payslip.with_user(user)
        payslip = payslip.create(
            {
                "name": f"2027-{month}",
                "employee_id": (employee or self.employee).id,
                "date_from": date(2027, month, 1),
                "date_to": date(2027, month, 28),
            }
        )
        payslip.compute_sheet()
        return payslip

    def _total(self, payslips):
        """Return what payslips pay for sessions."""
        lines = payslips.line_ids.filtered(lambda line: line.code == "COACHING")
        return sum(lines.mapped("total"))

    def _lines(self, session, live=True):
        """Return the lines of a session, those that stand or all."""
        lines = self.env["coaching.remuneration.line"].search(
            [("session_id", "in", session.ids)], order="id"
        )
        return lines.filtered(lambda line: line._is_live()) if live else lines
