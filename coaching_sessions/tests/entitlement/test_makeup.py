from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import format_date

from ..common import CoachingCommon


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

    def test_told_by_the_mail_about_the_missed_session(self):
        """What the template says of packages and make-ups comes from their folder."""
        mail = self.env["coaching.notification"].search(
            [("attendance_id", "=", self.missed.id), ("kind", "=", "no_show")]
        )
        makeup = self.missed.makeup_id
        day = format_date(self.env, makeup.expiry_date)
        sentences = [
            f"The session counts against package {self.package.name}.",
            f"You can make up for it with one free session until {day}.",
        ]
        self.assertEqual(mail._describe_outcome(), sentences)
        template = self.env.ref("coaching_sessions.mail_template_no_show")
        body = template._render_field("body_html", mail.ids)[mail.id]
        for sentence in sentences:
            self.assertIn(sentence, body)

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
        with self.assertRaisesRegex(UserError, "is already used by"):
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
        with self.assertRaisesRegex(
            UserError, "Cancel that session or close it as an early cancellation first;"
        ):
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
        with self.assertRaisesRegex(UserError, r"can no longer be used \(used\)"):
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
        with self.assertRaisesRegex(UserError, "is valid until"):
            self.book_makeup(makeup_of_id=self.missed.id)
        with self.assertRaisesRegex(UserError, "has no make-up to use"):
            self.book_makeup()

    def test_wrong_type(self):
        with self.assertRaisesRegex(UserError, "not for make-ups"):
            self.book(days=3, makeup_of_id=self.missed.id)

    # R134; section 2, rank 2
    def test_so_many_in_a_period(self):
        """The third missed session of a year gives no make-up, and says so."""
        self.company.write(
            {"coaching_makeup_limit": 2, "coaching_makeup_period": "year"}
        )
        second = self.close(self.book(days=3), "no_show")
        self.assertEqual(second.makeup_id.state, "issued")
        third = self.book(days=6, start=self.now + timedelta(days=6, hours=1))
        self.travel(third.stop)
        outcome = self.env.ref("coaching_sessions.outcome_no_show")
        # the one of before the limit was set carries no number
        extra = self.close(third, "no_show")
        self.assertTrue(extra.makeup_id)
        fourth = self.book(start=third.start + timedelta(days=1))
        self.travel(fourth.stop)
        told = fourth.attendance_ids._get_consequences(outcome)
        self.assertIn("No make-up: all 2 for 2027 have been issued.", told)
        self.assertFalse(self.close(fourth, "no_show").makeup_id)
        # one that is revoked makes room
        second.action_close("completed")
        fifth = self.book(start=fourth.start + timedelta(days=1))
        self.assertTrue(self.close(fifth, "no_show").makeup_id)

    def test_the_limit_holds_against_a_race(self):
        """The index judges, whoever proposes a number that is taken."""
        self.company.coaching_makeup_limit = 3
        self.close(self.book(days=3), "no_show")
        self.travel(self.now)
        session = self.book(days=6)
        issue = "odoo.addons.coaching_sessions.models.entitlement.coaching_makeup_issue"
        with (
            patch(f"{issue}.take_numbers", lambda *args: [1]),
            self.assertRaisesRegex(ConcurrencyError, "Please try again"),
        ):
            self.close(session, "no_show")
        self.assertEqual(session.state, "scheduled")

    # section 2, rank 25
    def test_granted_by_staff(self):
        """Only with the right, and with a reason; booked like any other."""
        Makeup = self.env["coaching.makeup"]
        for user in (self.manager, self.coach_user, self.client_user):
            with self.assertRaises(AccessError):
                Makeup.with_user(user).action_grant(self.other_client.id, "Kind")
        staff = new_test_user(
            self.env,
            "coaching_generous",
            "coaching_sessions.group_coaching_manager,"
            "coaching_sessions.group_coaching_grant_makeup",
        )
        with self.assertRaisesRegex(UserError, "Enter a reason;"):
            Makeup.with_user(staff).action_grant(self.other_client.id, " ")
        makeup = Makeup.with_user(staff).action_grant(self.other_client.id, "Kind")
        self.assertEqual((makeup.user_id, makeup.state), (staff, "issued"))
        self.assertEqual(makeup.log_ids.description, "Kind")
        session = self.book_makeup(partner_ids=self.other_client.ids)
        self.assertEqual(makeup.used_attendance_id, session.attendance_ids)
        self.assertFalse(session.attendance_ids.makeup_of_id)
        session.action_cancel(refund="full")
        self.assertEqual(makeup.state, "issued")
        makeup.action_revoke("Given by mistake")
        self.assertEqual(makeup.state, "revoked")
        with self.assertRaisesRegex(UserError, "has no make-up to use"):
            self.book_makeup(partner_ids=self.other_client.ids)

    def test_the_oldest_expiry_goes_first(self):
        makeup = self.env["coaching.makeup"].action_grant(
            self.client.id, "Kind", self.missed.makeup_id.expiry_date - timedelta(1)
        )
        self.book_makeup()
        self.assertEqual(
            (makeup.state, self.missed.makeup_id.state), ("used", "issued")
        )

    def test_extended_and_revoked_by_staff(self):
        makeup = self.missed.makeup_id
        self.travel(self.now + timedelta(days=200))
        self.run_cron("coaching.makeup", "_cron_expire")
        self.assertEqual(makeup.state, "expired")
        with self.assertRaises(AccessError):
            makeup.with_user(self.manager).action_extend("2028-01-01", "Ill")
        with self.assertRaisesRegex(UserError, "later day"):
            makeup.action_extend("2027-04-01", "Ill")
        makeup.action_extend("2028-01-01", "Ill")
        self.assertEqual(makeup.state, "issued")
        makeup.action_revoke("Came for free already")
        self.assertEqual(makeup.state, "revoked")
        # closing out once more does not give it again
        self.missed.action_close("no_show", note="Once more")
        self.assertEqual(self.missed.makeup_id.state, "revoked")
        self.assertEqual(
            makeup.log_ids.sorted("id").mapped("action"),
            ["makeup_extended", "makeup_revoked"],
        )

    def test_expiring_many_costs_little(self):
        """The cron asks as often for fifty as for five."""
        counts = []
        for count in (5, 50):
            self.env["coaching.makeup"].create(
                [
                    {
                        "partner_id": self.client.id,
                        "company_id": self.company.id,
                        "expiry_date": self.now.date() - timedelta(days=5),
                        "user_id": self.env.uid,
                        "reason": "Test",
                    }
                ]
                * count
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.run_cron("coaching.makeup", "_cron_expire")
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
