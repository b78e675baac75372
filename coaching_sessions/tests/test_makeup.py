from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CoachingCommon


@tagged("post_install", "-at_install")
class TestMakeup(CoachingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._issue_makeups("no_show", "client_late_cancel")

    def setUp(self):
        super().setUp()
        self.missed = self.close(self.book(), "no_show")
        self.now += timedelta(days=1, hours=4)
        self.travel(self.now)

    def book_makeup(self, days=2, **vals):
        return self.book(
            days=days, booking_type_id=self.makeup_type.id, package_id=None, **vals
        )

    def test_issued_by_policy(self):
        makeup = self.missed.makeup_id
        self.assertEqual(makeup.state, "issued")
        self.assertEqual(makeup.partner_id, self.client)
        self.assertTrue(makeup.expiry_date)

    def test_used_once_without_package(self):
        """The make-up takes no session, the original keeps its own."""
        # R134 R135 R136 R137 R138 R139 R140
        session = self.book_makeup(
            makeup_of_id=self.missed.id, note="Make-up session for No show 2/3/27"
        )
        attendance = session.attendance_ids
        self.assertEqual(attendance.makeup_of_id, self.missed)
        self.assertFalse(attendance.package_id)
        self.assertEqual(session.note, "Make-up session for No show 2/3/27")
        self.assertEqual(self.missed.makeup_id.state, "used")
        self.close(session, "completed")
        self.assertBalance(self.package, remaining=4, used=1)
        self.assertEqual(self.missed.state, "no_show")
        self.travel(self.now)
        with self.assertRaisesRegex(UserError, "is used already by"):
            self.book_makeup(days=3, makeup_of_id=self.missed.id)
        with self.assertRaisesRegex(UserError, "has no make-up to use"):
            self.book_makeup(days=3)

    def test_found_without_being_named(self):
        self.assertEqual(self.book_makeup().attendance_ids.makeup_of_id, self.missed)

    def test_revoked_by_correction(self):
        """Correcting the outcome takes the make-up back, once."""
        makeup = self.missed.makeup_id
        self.missed._close("completed")
        self.assertEqual(makeup.state, "revoked")
        with self.assertRaisesRegex(UserError, "gives no make-up"):
            self.book_makeup(makeup_of_id=self.missed.id)
        self.missed._close("no_show")
        self.assertEqual(self.missed.makeup_id.state, "issued")
        self.assertNotEqual(self.missed.makeup_id, makeup, "the ledger keeps both")
        self.missed._close("client_late_cancel")
        self.assertEqual(self.missed.makeup_id.state, "issued")
        self.assertEqual(
            self.env["coaching.makeup"].search_count(
                [("attendance_id", "=", self.missed.id), ("state", "!=", "revoked")]
            ),
            1,
        )

    def test_correction_is_refused_when_used(self):
        """What was used can't be revoked, and the sentence says how to go on."""
        session = self.book_makeup()
        with self.assertRaisesRegex(UserError, "Cancel that session first"):
            self.missed.action_close("completed")
        self.assertEqual(self.missed.state, "no_show")
        self.assertBalance(self.package, remaining=4, used=1)
        session.action_cancel()
        self.missed._close("completed")
        self.assertEqual(self.missed.makeup_id.state, "revoked")

    def test_cancelled_in_time_gives_the_credit_back(self):
        session = self.book_makeup(days=6)
        session.with_user(self.client_user).action_cancel()
        self.assertEqual(session.state, "early_cancel")
        self.assertEqual(self.missed.makeup_id.state, "issued")
        again = self.book_makeup(days=7)
        # correcting the first one now would use the credit twice
        self.travel(session.stop)
        with self.assertRaisesRegex(UserError, r"any more \(used\)"):
            session.attendance_ids.action_close("completed")
        self.assertEqual(self.missed.makeup_id.used_attendance_id, again.attendance_ids)

    def test_missed_makeup_gives_no_other(self):
        session = self.book_makeup()
        attendance = self.close(session, "no_show")
        self.assertFalse(attendance.makeup_id)
        self.assertEqual(self.missed.makeup_id.state, "used")

    def test_expiry(self):
        makeup = self.missed.makeup_id
        makeup.expiry_date = (self.now + timedelta(days=1)).date()
        with self.assertRaisesRegex(UserError, "can be used until"):
            self.book_makeup(makeup_of_id=self.missed.id)
        with self.assertRaisesRegex(UserError, "has no make-up to use"):
            self.book_makeup()

    def test_wrong_type(self):
        with self.assertRaisesRegex(UserError, "not for make-ups"):
            self.book(days=3, makeup_of_id=self.missed.id)
