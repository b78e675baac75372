from datetime import timedelta

from odoo.tests import freeze_time, tagged

from odoo.addons.coaching_sessions.tests.common_ui import CoachingUiCommon

# another screen than those that the tours open: they wait for their list
BEGIN = "coaching_sessions.coaching_coach_action"


@tagged("post_install", "-at_install")
class TestUiMakeup(CoachingUiCommon):
    """A missed session and its make-up at the screen: the client misses nothing, the
    trainer is paid for one session.

    Once in the seven steps that are known from ClientConnect, with a plain booking type
    and no credit; once with the booking type for make-ups, which looks after the rest.
    """

    MANAGER_GROUPS = "coaching_sessions.group_coaching_manager,base.group_system"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the coach works when the employee does: all week, whenever this runs
        cls.employee = cls.env["hr.employee"].create(
            {
                "name": "Tour Coach",
                "tz": "UTC",
                "resource_calendar_id": cls.coach.resource_calendar_id.id,
            }
        )
        cls.coach.employee_id = cls.employee
        cls.env["coaching.remuneration.rule"].create(
            {"coach_id": cls.coach.id, "amount": 40.0}
        )

    def _get_makeup(self, missed):
        """Return the session that was booked, and let its time go by."""
        makeup = self.env["coaching.session"].search(
            [("coach_id", "=", self.coach.id), ("id", "!=", missed.id)]
        )
        self.assertEqual(makeup.attendance_ids.partner_id, self.client)
        self.assertEqual(makeup.note, "Make-up session for No show 30/10/10")
        past = missed.start + timedelta(hours=2)
        with freeze_time(missed.start - timedelta(days=2)):
            makeup.action_reschedule(past)
        self.assertEqual(makeup.start, past)
        return makeup

    def _get_pay(self):
        """Return what a payslip of these days pays for sessions."""
        payslip = self.env["hr.payslip"].create(
            {
                "name": "Tour",
                "employee_id": self.employee.id,
                "date_from": (self.now - timedelta(days=10)).date(),
                "date_to": (self.now + timedelta(days=1)).date(),
            }
        )
        payslip.compute_sheet()
        lines = payslip.line_ids.filtered(lambda line: line.code == "COACHING")
        return sum(lines.mapped("total"))

    # R57 R139 and the article's seven steps
    def test_as_in_clientconnect(self):
        self._issue_makeups(wanted=False)
        missed = self.book(hours=-48)
        self.tour("coaching_clientconnect_book", BEGIN, login="tour_manager")
        booking_type = self.env["coaching.booking.type"].search(
            [("code", "=", "free_repeat")]
        )
        self.assertRecordValues(
            booking_type,
            [
                {
                    "name": "Free Repeat",
                    "duration_minutes": 45,
                    "max_participants": 1,
                    "package_required": False,
                    "remunerated": False,
                    "is_makeup": False,
                }
            ],
        )
        self.assertEqual(missed.state, "no_show")
        self.assertFalse(missed.attendance_ids.makeup_id)
        self.assertBalance(self.package, remaining=4, used=1)
        makeup = self._get_makeup(missed)
        self.assertEqual(makeup.booking_type_id, booking_type)
        self.tour("coaching_clientconnect_pay", BEGIN, login="tour_manager")
        self.assertEqual(makeup.state, "completed")
        self.assertFalse(makeup.attendance_ids.package_id)
        self.assertBalance(self.package, remaining=4, used=1)
        self.assertEqual(self._get_pay(), 40.0)

    def test_with_a_credit(self):
        self._issue_makeups()
        missed = self.book(hours=-48)
        self.tour("coaching_credit_book", BEGIN, login="tour_manager")
        credit = missed.attendance_ids.makeup_id
        self.assertEqual(credit.state, "used")
        self.assertBalance(self.package, remaining=4, used=1)
        makeup = self._get_makeup(missed)
        self.assertEqual(makeup.attendance_ids.makeup_of_id, missed.attendance_ids)
        self.tour("coaching_credit_pay", BEGIN, login="tour_manager")
        self.assertEqual(makeup.state, "completed")
        self.assertEqual(credit.state, "used")
        self.assertBalance(self.package, remaining=4, used=1)
        self.assertEqual(self._get_pay(), 40.0)
