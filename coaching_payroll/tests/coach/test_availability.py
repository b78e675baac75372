from datetime import date, datetime

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import CoachingPayrollCommon


@tagged("post_install", "-at_install")
class TestAvailability(CoachingPayrollCommon):
    """Working hours of employees are those of their employment on that day (R147)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.evenings = cls.env["resource.calendar"].create(
            {
                "name": "Evenings",
                "tz": "UTC",
                "attendance_ids": [
                    Command.create(
                        {
                            "name": str(day),
                            "dayofweek": str(day),
                            "hour_from": 18,
                            "hour_to": 20,
                            "day_period": "afternoon",
                        }
                    )
                    for day in range(5)
                ],
            }
        )

    def hours(self, day):
        found = self.env["coaching.booking.type"].get_slots(
            self.individual.id, day, day, coach_ids=self.coach.ids, tz="UTC"
        )
        return [slot["start"][11:16] for slot in found]

    def test_hours_change_with_the_employment(self):
        before, after = date(2027, 3, 30), date(2027, 4, 6)
        self.assertIn("09:00", self.hours(after))
        self.employee.create_version(
            {
                "date_version": date(2027, 4, 1),
                "resource_calendar_id": self.evenings.id,
            }
        )
        self.assertIn("09:00", self.hours(before), "the old hours")
        self.assertEqual(self.hours(after), ["18:00", "18:30", "19:00"])
        self.book(start=datetime(2027, 4, 6, 18))
        with self.assertRaisesRegex(UserError, "does not work"):
            self.book(start=datetime(2027, 4, 6, 9))

    def test_nobody_works_after_the_contract(self):
        self.employee.version_id.write(
            {
                "contract_date_start": date(2027, 1, 1),
                "contract_date_end": date(2027, 3, 31),
            }
        )
        self.assertTrue(self.hours(date(2027, 3, 31)))
        self.assertFalse(self.hours(date(2027, 4, 1)))
        with self.assertRaisesRegex(UserError, "does not work"):
            self.book(start=datetime(2027, 4, 1, 9))

    def test_requested_days_off_are_ended_in_time_off(self):  # rank 24
        """What was requested and approved is not ended beside the request."""
        day = date(2027, 3, 10)
        leave_type = self.env["hr.leave.type"].create(
            {"name": "Holidays", "requires_allocation": False}
        )
        request = self.env["hr.leave"].create(
            {
                "employee_id": self.employee.id,
                "holiday_status_id": leave_type.id,
                "request_date_from": day,
                "request_date_to": day,
            }
        )
        request._action_validate()
        self.assertFalse(self.hours(day))
        with self.assertRaisesRegex(UserError, "requested in Time Off"):
            self.coach.with_user(self.manager).action_back(day)
        self.assertFalse(self.hours(day))
