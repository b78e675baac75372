from datetime import date, datetime, timedelta

from odoo.tests import tagged
from odoo.tools import format_date

from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestReturned(CoachingCommon):
    """What is returned can be used, or it is said before (R45, R122)."""

    def setUp(self):
        super().setUp()
        # sold on 1 March: the last day is Tuesday 31 August
        self.assertEqual(self.package.expiry_date, date(2027, 8, 31))
        self.session = self.book(start=datetime(2027, 8, 30, 9))
        self.attendance = self.session.attendance_ids
        self.travel(datetime(2027, 8, 29, 8))

    def outcome(self, code):
        return self.env.ref(f"coaching_sessions.outcome_{code}")

    def extensions(self):
        return self.package.move_ids.filtered(lambda move: move.kind == "extend")

    def told(self, code):
        return " ".join(self.attendance._get_consequences(self.outcome(code)))

    def day(self, *args):
        return format_date(self.env, date(*args))

    def expire(self, moment):
        self.travel(moment)
        self.run_cron("coaching.package", "_cron_expire")
        self.run_cron("coaching.makeup", "_cron_expire")

    # === PACKAGES === #

    def test_coach_absent_past_the_last_day(self):
        """Absent from the 30th to 6 September: it is there until the 13th."""
        self.assertIn(
            f"It can be used until {self.day(2027, 9, 13)}.",
            self.told("coach_emergency"),
        )
        self.coach.action_absent("2027-08-30", "2027-09-06", reason="Flu")
        self.assertEqual(self.package.expiry_date, date(2027, 9, 13))
        line = self.extensions()
        self.assertIn(self.session.name, line.reason)
        self.assertEqual(line.quantity, 0)
        self.expire(datetime(2027, 9, 2))
        self.assertBalance(self.package, 5)
        self.book(start=datetime(2027, 9, 13, 9))
        self.assertBalance(self.package, 4, held=1)

    def test_email_says_until_when(self):
        self.coach.action_absent("2027-08-30", "2027-09-06")
        note = self.env["coaching.notification"].search([("kind", "=", "absent")])[:1]
        self.assertEqual(
            note._get_listed()[0]["cancelled"],
            f"cancelled; you lose nothing. It can be used until"
            f" {self.day(2027, 9, 13)}.",
        )

    def test_email_does_not_promise_what_is_not(self):
        self.company.coaching_returned_days = 0
        self.session.action_cancel(reason="coach_emergency")
        self.travel(datetime(2027, 9, 3))
        self.env["coaching.notification"]._queue_listed(
            "absent", {self.client: [self.attendance]}
        )
        note = self.env["coaching.notification"].search([("kind", "=", "absent")])[:1]
        said = note._get_listed()[0]["cancelled"]
        self.assertNotIn("lose nothing", said)
        self.assertIn("can't be used any more", said)

    def test_coach_missed_after_the_last_day(self):
        """Only what is returned is there again, not what expired before."""
        self.expire(datetime(2027, 9, 3))
        self.assertBalance(self.package, 0, held=1)
        self.assertIn(
            f"It can be used until {self.day(2027, 9, 17)}.", self.told("coach_missed")
        )
        self.attendance.action_close("coach_missed", note="Forgotten")
        self.assertBalance(self.package, 1)
        self.assertEqual(self.package.expiry_date, date(2027, 9, 17))
        self.expire(datetime(2027, 9, 4))
        self.book(start=datetime(2027, 9, 16, 9))
        self.assertBalance(self.package, 0, held=1)

    def test_corrected_again_and_again(self):
        """It is kept once, whatever it is corrected to, and the ledger adds up."""
        self.expire(datetime(2027, 9, 3))
        for code in ("coach_missed", "completed", "coach_missed", "coach_missed"):
            self.attendance.action_close(code, note="So it was")
        self.assertEqual(len(self.extensions()), 1)
        self.assertBalance(self.package, 1)
        self.attendance.action_close("completed")
        self.assertBalance(self.package, 0, used=1)

    def test_what_the_client_causes(self):
        """Nothing is kept, and the sentence says so before."""
        self.expire(datetime(2027, 9, 3))
        self.assertIn(
            f"It was valid until {self.day(2027, 8, 31)}, so it can't be used",
            self.told("client_early_cancel"),
        )
        self.attendance.action_close("client_early_cancel")
        self.assertEqual(self.package.expiry_date, date(2027, 8, 31))
        self.assertFalse(self.extensions())
        self.assertIn("can't be used any more", self.attendance._describe_returned())

    def test_switched_off(self):
        self.company.coaching_returned_days = 0
        self.expire(datetime(2027, 9, 3))
        self.assertIn("can't be used any more", self.told("coach_missed"))
        self.attendance.action_close("coach_missed", note="Forgotten")
        self.assertFalse(self.extensions())

    def test_time_enough(self):
        """Nothing changes, and nothing is said, where there is time."""
        session = self.book(start=datetime(2027, 8, 31, 10))
        self.travel(self.now)
        early = self.book(days=3)
        told = early.attendance_ids._get_consequences(self.outcome("coach_emergency"))
        self.assertNotIn("until", " ".join(told))
        early.action_cancel(reason="coach_emergency")
        self.assertEqual(self.package.expiry_date, date(2027, 8, 31))
        self.assertTrue(session)

    def test_cancelled_order(self):
        """What is corrected after the order was cancelled nobody can use."""
        self.travel(self.session.stop + timedelta(hours=1))
        self.attendance.action_close("completed")
        self.package.order_id._action_cancel()
        self.assertTrue(self.package.cancelled)
        for code in ("coach_missed", "client_early_cancel"):
            self.assertIn("is cancelled, so the session can't be used", self.told(code))
        self.attendance.action_close("coach_missed", note="It was not held")
        self.assertFalse(self.extensions())

    # === MAKE-UPS === #

    def test_makeup_that_the_coach_misses_after_its_last_day(self):
        self._issue_makeups("no_show")
        missed = self.close(self.session, "no_show")
        makeup = missed.makeup_id
        makeup.expiry_date = date(2027, 9, 10)
        session = self.book(
            start=datetime(2027, 9, 10, 9), booking_type_id=self.makeup_type.id
        )
        self.attendance = session.attendance_ids
        self.assertEqual(self.attendance.used_makeup_id, makeup)
        self.travel(datetime(2027, 9, 14, 8))
        self.assertIn(
            "The make-up can be used again. It can be used until"
            f" {self.day(2027, 9, 28)}.",
            self.told("coach_missed"),
        )
        self.assertIn("can't be used any more", self.told("client_early_cancel"))
        self.attendance.action_close("coach_missed", note="Forgotten")
        self.expire(datetime(2027, 9, 15))
        self.assertEqual(
            (makeup.state, makeup.expiry_date), ("issued", date(2027, 9, 28))
        )
        self.assertIn("makeup_extended", makeup.log_ids.mapped("action"))
        again = self.book(
            start=datetime(2027, 9, 28, 9), booking_type_id=self.makeup_type.id
        )
        self.assertEqual(again.attendance_ids.used_makeup_id, makeup)
