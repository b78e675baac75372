from datetime import datetime, timedelta
from unittest.mock import patch

import pytz

from odoo import Command
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tests import tagged

from ...tools.periods import get_period_key, take_numbers
from ..common import CoachingCommon

SECOND = timedelta(seconds=1)


@tagged("post_install", "-at_install")
class TestPolicy(CoachingCommon):
    """Notice, tiers, allowances: early or late to the second."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late = cls.env.ref("coaching_sessions.policy_paid_client_late_cancel")
        cls.package.expiry_date = False

    def _tiers(self):
        """48 hours and more: all back. 24 to 48: half. Less: nothing (R55)."""
        self.individual.cancel_notice_hours = 48
        self.late.tier_ids = [
            Command.create(
                {
                    "notice_hours": 24,
                    "uses_session": True,
                    "charge_percent": 50,
                    "refund_percent": 50,
                    "pay_percent": 50,
                }
            )
        ]

    def _cancel(self, notice, days=7, **vals):
        self.travel(self.now)
        session = self.book(days=days, **vals)
        self.travel(session.start - notice)
        session.with_user(self.client_user).action_cancel()
        return session.attendance_ids

    # R49 R55 R56
    def test_tiers_to_the_second(self):
        self._tiers()
        for days, (notice, state, refund) in enumerate(
            (
                (timedelta(hours=48) + SECOND, "early_cancel", 100),
                (timedelta(hours=48), "late_cancel", 50),
                (timedelta(hours=24) + SECOND, "late_cancel", 50),
                (timedelta(hours=24), "late_cancel", 0),
                (SECOND, "late_cancel", 0),
            )
        ):
            with self.subTest(notice):
                attendance = self._cancel(notice, days=7 * (days + 1))
                self.assertEqual(attendance.state, state)
                self.assertEqual(attendance.refund_percent, refund)
                self.assertEqual(attendance.charge_percent, 100 - refund)
                self.assertEqual(bool(attendance.tier_id), refund == 50)
                self.assertEqual(
                    attendance.notice_at, attendance.start - notice, "as it was told"
                )

    # R49
    def test_hours_count_through_a_clock_change(self):
        """The night the clocks go forward has 23 hours: notice counts real ones."""
        zone = pytz.timezone("Europe/Brussels")
        for day, hours in ((datetime(2027, 3, 29), 23), (datetime(2027, 11, 1), 25)):
            with self.subTest(day):
                # Monday 10:00, after the Sunday on which the clocks changed
                start = zone.localize(day.replace(hour=10)).astimezone(pytz.utc)
                start = start.replace(tzinfo=None)
                session = self.book(start=start)
                same_hour = zone.localize(
                    (day - timedelta(days=1)).replace(hour=10)
                ).astimezone(pytz.utc)
                same_hour = same_hour.replace(tzinfo=None)
                self.assertEqual(start - same_hour, timedelta(hours=24))
                before = zone.localize(
                    (day - timedelta(days=2)).replace(hour=10)
                ).astimezone(pytz.utc)
                real = start - before.replace(tzinfo=None)
                self.assertEqual(real, timedelta(hours=24 + hours))
                self.individual.cancel_notice_hours = 24 + hours
                self.assertFalse(session._is_early(start - real))
                self.assertTrue(session._is_early(start - real - SECOND))

    def test_tiers_belong_to_own_policies_too(self):
        self._tiers()
        self.individual.action_customize_policy()
        own = self.individual.policy_ids.filtered(
            lambda policy: policy.outcome_id.code == "client_late_cancel"
        )
        self.assertEqual(own.tier_ids.refund_percent, 50)
        own.tier_ids.refund_percent = 30
        self.assertEqual(self._cancel(timedelta(hours=30)).refund_percent, 30)

    # R6
    def test_told_earlier_than_recorded(self):
        """The client called in time, the coach records it after the session."""
        session = self.book(days=3)
        told = session.start - timedelta(hours=30)
        self.travel(session.stop)
        attendance = session.attendance_ids
        attendance.action_close("client_early_cancel", notice_at=told)
        self.assertEqual(attendance.state, "early_cancel")
        self.assertFalse(attendance.clock_overridden)
        self.assertEqual(attendance.notice_hours, 30)
        self.assertBalance(self.package, remaining=5)
        # a correction of the time alone is judged anew
        attendance.action_close(
            "client_early_cancel", notice_at=session.start - timedelta(hours=2)
        )
        self.assertTrue(attendance.clock_overridden)
        with self.assertRaisesRegex(UserError, "in the future"):
            attendance.action_close(
                "client_late_cancel", notice_at=session.stop + timedelta(hours=1)
            )

    # R6
    def test_overriding_the_clock_is_logged(self):
        session = self.book(days=3)
        self.travel(session.start - timedelta(hours=2))
        attendance = session.attendance_ids
        attendance.with_user(self.coach_user).action_close(
            "client_early_cancel", note="They had told me on Monday"
        )
        self.assertTrue(attendance.clock_overridden)
        line = session.log_ids.sorted("id")[-1]
        self.assertEqual(line.user_id, self.coach_user)
        self.assertIn("They had told me on Monday", line.description)
        self.assertIn("The notice was 2.0 hours", line.description)

    def _allow(self, count=2, period="year"):
        self.late.write(
            {
                "excused_count": count,
                "excused_period": period,
                "excused_pay_percent": 50,
            }
        )

    def test_allowance_is_counted(self):
        """Two late cancellations a year are excused, the third is not."""
        self._allow()
        seen = []
        for week in (1, 2, 3):
            self.travel(self.now)
            session = self.book(days=7 * week)
            outcome = self.late.outcome_id
            self.travel(session.start - timedelta(hours=2))
            seen.append(" ".join(session.attendance_ids._get_consequences(outcome)))
            session.with_user(self.client_user).action_cancel()
            attendance = session.attendance_ids
            self.assertEqual(attendance.excused, week < 3)
            self.assertEqual(attendance.uses_session, week == 3)
            self.assertEqual(attendance.pay_percent, 50 if week < 3 else 100)
            self.assertEqual(attendance.state, "late_cancel", "late it was")
        self.assertIn("1 of 2 times in 2027", seen[0])
        self.assertIn("2 of 2 times in 2027", seen[1])
        self.assertIn("all 2 times in 2027 are used", seen[2])
        self.assertBalance(self.package, remaining=4, used=1)
        # of another client nothing is used
        package = self._sell(self.other_client)
        self.travel(self.now)
        session = self.book(days=28, partner_ids=self.other_client.ids)
        self.travel(session.start - timedelta(hours=1))
        session.attendance_ids.action_close("client_late_cancel")
        self.assertBalance(package, remaining=5)

    def test_a_corrected_excuse_is_free_again(self):
        self._allow(1)
        first = self._cancel(timedelta(hours=2), days=7)
        self.assertTrue(first.excused)
        second = self._cancel(timedelta(hours=2), days=14)
        self.assertFalse(second.excused)
        first.action_close("client_emergency")
        self.assertFalse(first.excused)
        third = self._cancel(timedelta(hours=2), days=21)
        self.assertTrue(third.excused)
        # recorded once more as it was, nothing changes
        third.action_close("client_late_cancel")
        self.assertTrue(third.excused)

    def test_a_new_period_a_new_allowance(self):
        self._allow(1, "month")
        self.assertTrue(self._cancel(timedelta(hours=2), days=7).excused)
        self.assertFalse(self._cancel(timedelta(hours=2), days=14).excused)
        self.assertTrue(self._cancel(timedelta(hours=2), days=35).excused)

    def test_allowance_of_many_at_once(self):
        """Closed in one go, the earliest sessions get what there is."""
        self._allow(2)
        sessions = self.env["coaching.session"]
        for days in (9, 7, 8):
            sessions |= self.book(days=days)
        self.travel(self.now + timedelta(days=30))
        sessions.attendance_ids.action_close("client_late_cancel")
        excused = sessions.attendance_ids.filtered("excused")
        self.assertEqual(excused.session_id, sessions[1:].sorted("start", reverse=True))
        self.assertEqual(len(set(excused.mapped("excuse_key"))), 2)

    def test_types_that_share_a_row_share_the_allowance(self):
        """Closed in one go, sessions of two types do not want the same excuse."""
        self._allow(1)
        sessions = self.book(days=7) | self.book(
            days=8, booking_type_id=self.group_type.id
        )
        self.travel(self.now + timedelta(days=30))
        result = sessions.action_mark("client_late_cancel")
        self.assertEqual(result, {"closed": 2, "failed": []})
        self.assertEqual(
            sessions.attendance_ids.filtered("excused").mapped("start"),
            [sessions[0].start],
        )

    def test_an_excuse_stays_with_its_session(self):
        """With another time of the notice, excuses do not change places."""
        self._allow(1)
        later = self._cancel(timedelta(hours=2), days=9)
        earlier = self._cancel(timedelta(hours=2), days=7)
        self.assertEqual((later.excused, earlier.excused), (True, False))
        told = earlier.start - timedelta(hours=3)
        (earlier | later).action_close("client_late_cancel", notice_at=told)
        self.assertEqual((later.excused, earlier.excused), (True, False))
        self.assertEqual((later | earlier).mapped("notice_at"), [told] * 2)

    def test_an_excuse_is_given_once(self):
        """The index judges, whoever proposes a number that is taken."""
        self._allow(2)
        first = self._cancel(timedelta(hours=2), days=7)
        taken = "odoo.addons.coaching_sessions.models.policy.coaching_attendance"
        session = self.book(days=14)
        self.travel(session.stop)
        with (
            patch(f"{taken}.take_numbers", lambda *args: [1]),
            self.assertRaisesRegex(ConcurrencyError, "Please try again"),
        ):
            session.attendance_ids.action_close("client_late_cancel")
        self.assertTrue(first.excused)
        self.assertEqual(session.state, "scheduled")

    def test_overriding_takes_no_excuse(self):
        self._allow(1)
        session = self.book(days=7)
        self.travel(session.start - timedelta(hours=2))
        session.action_cancel(refund="none")
        self.assertFalse(session.attendance_ids.excused)
        self.assertTrue(session.attendance_ids.uses_session)

    def test_periods(self):
        day = datetime(2027, 5, 31).date()
        self.assertEqual(get_period_key(day, "month"), "2027-05")
        self.assertEqual(get_period_key(day, "quarter"), "2027-Q2")
        self.assertEqual(get_period_key(day, "year"), "2027")
        self.assertEqual(take_numbers({1, 3}, 4, 5), [2, 4])
        self.assertEqual(take_numbers(set(), 2, 1), [1])

    def test_shared_tiers_are_everybody_s(self):
        self._tiers()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.assertTrue(other)
        with self.assertRaisesRegex(
            AccessError, "This record applies to every company"
        ):
            self.late.tier_ids.with_user(self.manager).refund_percent = 10
