import re
from datetime import datetime, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import CoachingCommon

SECOND = timedelta(seconds=1)


@tagged("post_install", "-at_install")
class TestClientReschedule(CoachingCommon):
    """Clients move their own sessions (R46, R47, R50, R51, R52, R55)."""

    def setUp(self):
        super().setUp()
        self.session = self.book(days=3)  # Thursday 09:00
        self.mine = self.session.with_user(self.client_user)
        self.later = datetime(2027, 3, 8, 14)
        self.name = re.escape(self.coach.name)

    def _move(self, start=None, **kwargs):
        return self.mine.action_reschedule(start or self.later, **kwargs)

    # R46 R50 R52
    def test_move(self):
        """Moved, with its package, and everybody knows who did it."""
        attendance = self.session.attendance_ids
        self._move(reason="Dentist")
        self.assertEqual(self.session.start, self.later)
        self.assertEqual(attendance.start, self.later)
        self.assertEqual(attendance.package_id, self.package)
        self.assertBalance(self.package, remaining=4, held=1)
        line = self.session.log_ids.filtered(lambda line: line.action == "moved")
        self.assertEqual(line.user_id, self.client_user)
        self.assertIn("Dentist", line.description)
        mails = self.env["coaching.notification"].search(
            [("attendance_id", "=", attendance.id), ("kind", "=", "moved")]
        )
        self.assertEqual(mails.partner_id, self.client | self.coach.partner_id)

    # R50
    def test_boundary(self):
        """More than 24 hours is in time, exactly 24 hours is not."""
        self.travel(self.session.start - timedelta(hours=24))
        with self.assertRaisesRegex(UserError, "until Wed 03/03/2027, 09:00 AM"):
            self._move()
        self.travel(self.session.start - timedelta(hours=24) - SECOND)
        self._move()
        self.assertEqual(self.session.start, self.later)

    def test_boundary_over_a_clock_change(self):
        """24 hours are 24 hours in UTC, also in the night the clocks change."""
        self.client_user.tz = self.coach.tz = "Europe/Brussels"
        # Monday 29 March, 08:00 in summer time: not 24 but 25 hours by the local time
        session = self.book(start="2027-03-29 08:00:00")
        mine = session.with_user(self.client_user).with_context(tz=None)
        self.travel(session.start - timedelta(hours=24))
        with self.assertRaisesRegex(UserError, "until Sun 03/28/2027, 10:00 AM"):
            mine.action_reschedule("2027-03-30 09:00:00")
        self.travel(session.start - timedelta(hours=24) - SECOND)
        mine.action_reschedule("2027-03-30 09:00:00")
        self.individual.reschedule_notice_hours = 48
        # the change lies between the deadline and the session
        session = self.book(start="2027-03-29 09:00:00")
        mine = session.with_user(self.client_user).with_context(tz=None)
        self.travel(session.start - timedelta(hours=48))
        with self.assertRaisesRegex(UserError, "until Sat 03/27/2027, 10:00 AM"):
            mine.action_reschedule("2027-03-31 09:00:00")  # 11:00 on the day itself
        self.travel(session.start - timedelta(hours=48) - SECOND)
        mine.action_reschedule("2027-03-31 09:00:00")

    # R51 R55
    def test_late_modes(self):
        """Inside the notice the coach decides, or not, as the type says."""
        self.travel(self.session.start - timedelta(hours=2))
        self.assertEqual(self.individual.late_reschedule, "ask")
        with self.assertRaisesRegex(UserError, f"only {self.name} can"):
            self._move()
        self.individual.late_reschedule = "refuse"
        with self.assertRaisesRegex(UserError, "It is too late to move this session:"):
            self._move()
        self.individual.late_reschedule = "free"
        self._move()
        self.assertEqual(self.session.start, self.later)

    # R55
    def test_windows_are_separate(self):
        """Cancelling costs within 48 hours, moving is free at any time."""
        self.individual.cancel_notice_hours = 48
        self.individual.reschedule_notice_hours = 0
        self.travel(self.session.start - SECOND)
        self.assertFalse(self.session._is_early())
        self._move()
        self.assertEqual(self.session.start, self.later)

    # R47
    def test_begun_or_missed(self):
        """Clients who missed it write to their coach."""
        self.individual.late_reschedule = "free"
        self.travel(self.session.start)
        for action in (self._move, self.mine.action_cancel):
            with self.assertRaisesRegex(UserError, f"Write to {self.name}"):
                action()
        self.close(self.session, "no_show")
        for action in (self._move, self.mine.action_cancel):
            with self.assertRaisesRegex(
                UserError, f"You missed .* Write to {self.name}"
            ):
                action()
        self.session.attendance_ids.action_close("completed")
        for action in (self._move, self.mine.action_cancel):
            with self.assertRaisesRegex(UserError, "already closed as “Completed”"):
                action()

    def test_same_limits_as_booking(self):
        """Working hours, time taken, the past, and until when the package is valid."""
        for start, words in (
            ("2027-03-08 12:30:00", "does not work"),
            ("2027-03-06 10:00:00", "does not work"),
            ("2027-03-01 07:00:00", "in the past"),
            ("2027-09-01 10:00:00", "which is before the session"),
            (None, "Enter the start in UTC"),
            ("soon", "is not a time"),
        ):
            with self.subTest(start), self.assertRaisesRegex(UserError, words):
                self.mine.action_reschedule(start)
        taken = self.book(days=4)
        with self.assertRaisesRegex(UserError, "already has a session"):
            self._move(taken.start)
        self.assertEqual(self.session.start, self.now + timedelta(days=3, hours=1))
        self.assertEqual(self.session.duration_minutes, 60)

    def test_a_group_session_stays(self):
        self._sell(self.other_client)
        session = self.book(
            days=4,
            booking_type_id=self.group_type.id,
            partner_ids=(self.client | self.other_client).ids,
        )
        with self.assertRaisesRegex(UserError, "several clients"):
            session.with_user(self.client_user).action_reschedule(self.later)
        session.with_user(self.coach_user).action_reschedule(self.later)

    def test_not_their_own(self):
        stranger = new_test_user(self.env, "x_client", "base.group_portal")
        with self.assertRaises(AccessError):
            self.session.with_user(stranger).action_reschedule(self.later)
        other_company = self.env["res.company"].create({"name": "Other company"})
        stranger.write(
            {
                "company_ids": [Command.set(other_company.ids)],
                "company_id": other_company.id,
            }
        )
        with self.assertRaises(AccessError):
            self.session.with_user(stranger).action_reschedule(self.later)
        self.assertNotEqual(self.session.start, self.later)

    def test_staff_has_no_notice(self):
        self.travel(self.session.start - SECOND)
        self.session.with_user(self.coach_user).action_reschedule(self.later)
        self.assertEqual(self.session.start, self.later)
