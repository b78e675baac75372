from datetime import date

from odoo import Command
from odoo.tests import new_test_user

from .common import CoachingPayrollCommon


class SecondCompanyCommon(CoachingPayrollCommon):
    """A second company, with people who only have that one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.env["res.company"].create({"name": "Second company"})
        own = {
            "company_id": cls.second.id,
            "company_ids": [Command.set(cls.second.ids)],
            "tz": "UTC",
        }
        cls.second_manager = new_test_user(
            cls.env,
            "second_manager",
            "coaching_sessions.group_coaching_manager,sales_team.group_sale_manager",
            **own,
        )
        cls.second_coach_user = new_test_user(
            cls.env, "second_coach", "coaching_sessions.group_coaching_coach", **own
        )
        cls.second_officer = new_test_user(
            cls.env, "second_officer", "payroll.group_payroll_manager", **own
        )
        env = cls.env(user=cls.second_manager.id)
        cls.second_employee = (
            env["hr.employee"]
            .sudo()
            .create(
                {
                    "name": "Second coach",
                    "resource_calendar_id": cls.calendar.id,
                    "company_id": cls.second.id,
                    "tz": "UTC",
                }
            )
        )
        # whoever sets a coach up may change resources
        coach = env["coaching.coach"].sudo()
        coach = coach.create(
            {
                "user_id": cls.second_coach_user.id,
                "employee_id": cls.second_employee.id,
                "tz": "UTC",
            }
        )
        cls.second_coach = coach.with_env(env)
        cls.second_rule = env["coaching.remuneration.rule"].create(
            {"coach_id": cls.second_coach.id, "amount": 40.0}
        )
        cls.second_client = env["res.partner"].create(
            {"name": "Second client", "email": "second@example.com"}
        )
        order = env["sale.order"].create(
            {
                "partner_id": cls.second_client.id,
                "order_line": [
                    Command.create({"product_id": cls.product.id, "product_uom_qty": 2})
                ],
            }
        )
        order.action_confirm()

    def _book_second(self, days=1, **vals):
        vals = {
            "booking_type_id": self.individual.id,
            "user": self.second_manager,
            "coach_id": self.second_coach.id,
            "partner_ids": self.second_client.ids,
            **vals,
        }
        return self.book(days=days, **vals)

    def _second_payslip(self, month=3):
        payslip = (
            self.env["hr.payslip"]
            .with_user(self.second_officer)
            .create(
                {
                    "name": f"2027-{month}",
                    "employee_id": self.second_employee.id,
                    "date_from": date(2027, month, 1),
                    "date_to": date(2027, month, 28),
                }
            )
        )
        payslip.compute_sheet()
        return payslip
