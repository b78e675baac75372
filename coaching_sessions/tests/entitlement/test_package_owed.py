from datetime import timedelta

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestPackageOwed(CoachingCommon):
    """Who may attend without a package, and who pays later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = {"partner_ids": cls.other_client.ids}

    def assertOwed(self, *attendances, balance):
        self.env.invalidate_all()
        owed = self.env["coaching.attendance"].search(
            [("partner_id", "=", self.other_client.id), ("owed", "=", True)]
        )
        self.assertEqual(owed, self.env["coaching.attendance"].union(*attendances))
        self.assertEqual(self.other_client.coaching_remaining, balance)
        count = sum(owed.mapped("sessions_deducted"))
        self.assertEqual(self.other_client.coaching_owed, count)

    # === WITHOUT A PACKAGE === #

    def test_nobody_needs_a_package(self):
        """Where the company does not ask for one, one that fits is used anyway."""
        # R128
        with self.assertRaisesRegex(UserError, "has no package"):
            self.book(**self.other)
        self.company.coaching_package_required = False
        session = self.book(**self.other)
        self.assertFalse(session.attendance_ids.package_id)
        self.assertFalse(session.attendance_ids.owed)
        self.close(session, "completed")
        self.travel(self.now)
        session = self.book(days=2)
        self.assertEqual(session.attendance_ids.package_id, self.package)
        session = self.book(days=3, without_package=True)
        self.assertFalse(session.attendance_ids.package_id)
        # a package that is named must fit all the same
        with self.assertRaisesRegex(UserError, "does not belong"):
            self.book(days=4, package_id=self.package.id, **self.other)

    def test_the_type_allows_to_attend_without(self):
        """The type overrides what the company says, for itself only."""
        # R132
        session = self.book(booking_type_id=self.consultation.id)
        self.assertFalse(session.attendance_ids.package_id)
        self.individual.package_required = False
        self.book(hour=11, **self.other)
        with self.assertRaisesRegex(UserError, "has no package"):
            self.book(days=2, booking_type_id=self.group_type.id, **self.other)

    def test_proceed_without_a_package(self):
        # R135
        with self.assertRaisesRegex(UserError, "needs a package"):
            self.book(without_package=True)
        with self.assertRaisesRegex(UserError, "not both"):
            self.book(
                booking_type_id=self.consultation.id,
                package_id=self.package.id,
                without_package=True,
            )
        dialog = Form(self.env["coaching.session.book"].with_user(self.manager))
        dialog.booking_type_id = self.individual
        dialog.coach_id = self.coach
        dialog.start = self.now + timedelta(days=1, hours=1)
        dialog.partner_ids.add(self.client)
        self.assertFalse(dialog.without_allowed)
        self.assertIn(self.package.id, dialog.allowed_package_ids.ids)
        self.company.coaching_package_required = False
        dialog.booking_type_id = self.consultation
        dialog.booking_type_id = self.individual
        self.assertTrue(dialog.without_allowed)
        dialog.without_package = True
        action = dialog.save().action_book()
        session = self.env["coaching.session"].browse(action["res_id"])
        self.assertFalse(session.attendance_ids.package_id)
        self.assertBalance(self.package, remaining=5)

    # === ON CREDIT === #

    def test_so_many_and_no_more(self):
        # rank 9
        self.other_client.coaching_owed_limit = 2
        first = self.book(days=1, **self.other).attendance_ids
        second = self.book(days=2, **self.other).attendance_ids
        with self.assertRaisesRegex(UserError, "has no package"):
            self.book(days=3, **self.other)
        self.assertOwed(first, second, balance=-2)
        # what is cancelled in time is not owed, and can be booked again
        first.session_id.action_cancel("client_early_cancel")
        self.assertOwed(second, balance=-1)
        third = self.book(days=3, **self.other).attendance_ids
        self.assertOwed(second, third, balance=-2)
        # what was missed is
        self.close(second.session_id, "no_show")
        self.assertOwed(second, third, balance=-2)

    def test_packages_come_first(self):
        self.client.coaching_owed_limit = 5
        attendances = [self.book(hour=hour).attendance_ids for hour in (8, 9, 10, 11)]
        self.assertFalse(any(attendance.owed for attendance in attendances))
        self.book(hour=13)
        self.assertTrue(self.book(hour=14).attendance_ids.owed)

    def test_corrections(self):
        """Owed is what counts as used, whatever the limit is by then."""
        self.other_client.coaching_owed_limit = 1
        attendance = self.close(self.book(**self.other), "completed")
        self.assertOwed(attendance, balance=-1)
        completed = self.env.ref("coaching_sessions.outcome_completed")
        self.assertIn(
            "The session is used: Otto Other owes it.",
            attendance._get_consequences(completed),
        )
        attendance.action_close("coach_emergency")
        self.assertOwed(balance=0)
        self.travel(self.now)
        other = self.book(days=2, **self.other).attendance_ids
        self.travel(other.stop + timedelta(days=1))
        attendance.action_close("completed")
        self.assertOwed(attendance, other, balance=-2)

    def test_a_new_package_pays_for_it(self):
        """Oldest first; what took place is used, what is to come is held."""
        self.other_client.coaching_owed_limit = 5
        past = self.close(self.book(days=1, **self.other), "completed")
        soon = self.book(days=7, **self.other).attendance_ids
        late = self.book(days=8, **self.other).attendance_ids
        self.assertOwed(past, soon, late, balance=-3)
        package = self.env["coaching.package"]._grant(
            {"partner_id": self.other_client.id}, 2
        )
        self.assertOwed(late, balance=-1)
        self.assertBalance(package, remaining=0, held=1, used=1)
        self.assertEqual((past | soon).package_id, package)
        self.assertEqual(past.claim_move_id.kind, "use")
        self.assertEqual(past.claim_move_id.reason, "Owed until now")
        self.assertEqual(soon.claim_move_id.kind, "hold")
        past.action_close("coach_emergency")
        self.assertBalance(package, remaining=1, held=1)
        self.travel(soon.stop)
        soon.action_close("completed")
        self.assertBalance(package, remaining=1, used=1)
        sold = self._sell(self.other_client)
        self.assertBalance(sold, remaining=4, held=1)
        self.assertOwed(balance=5)

    def test_what_pays_for_it(self):
        """Transferred, extended, adjusted and shared packages pay, too."""
        self.other_client.coaching_owed_limit = 9
        attendances = [
            self.book(days=days, **self.other).attendance_ids for days in (1, 2, 3, 4)
        ]
        given = self.package.action_transfer(self.other_client.id, 1, "Gift")
        self.assertEqual(attendances[0].package_id, given)
        given.action_adjust(1, "One more")
        self.assertEqual(attendances[1].package_id, given)
        self.package.action_share("members", self.other_client.ids, "Friends")
        self.assertEqual(attendances[2].package_id, self.package)
        self.assertEqual(attendances[3].package_id, self.package)
        self.assertBalance(self.package, remaining=2, held=2)
        self.package.action_share("none", (), "Over")
        short = self.env["coaching.package"]._grant(
            {"partner_id": self.other_client.id, "expiry_date": "2027-03-02"}, 1
        )
        last = self.book(days=8, **self.other).attendance_ids
        self.assertTrue(last.owed)
        short.action_extend("2027-12-31")
        self.assertEqual(last.package_id, short)
        self.assertBalance(short, remaining=0, held=1)

    def test_what_does_not_pay_for_it(self):
        self.other_client.coaching_owed_limit = 9
        attendance = self.book(days=8, **self.other).attendance_ids
        Package = self.env["coaching.package"]
        values = {"partner_id": self.other_client.id}
        Package._grant({**values, "booking_type_ids": self.group_type.ids}, 5)
        Package._grant({**values, "expiry_date": "2027-03-05"}, 5)
        Package._grant({**values, "unit": "minutes"}, 59)
        Package._grant({"partner_id": self.client.id}, 5)
        self.assertTrue(attendance.owed)
        package = Package._grant({**values, "unit": "minutes"}, 90)
        self.assertBalance(package, remaining=30, held=60)
        self.assertFalse(attendance.owed)

    def test_sessions_that_count_double(self):
        self.individual.sessions_deducted = 2
        self.other_client.coaching_owed_limit = 3
        attendance = self.book(**self.other).attendance_ids
        self.assertOwed(attendance, balance=-2)
        with self.assertRaisesRegex(UserError, "has no package"):
            self.book(days=2, **self.other)
        self.individual.sessions_deducted = 1
        self.book(days=2, **self.other)
        with self.assertRaisesRegex(UserError, "has no package"):
            self.book(days=3, **self.other)

    def test_guards(self):
        """Two owed sessions never take the same number of a client."""
        self.other_client.coaching_owed_limit = 2
        first, second = (
            self.book(days=days, **self.other).attendance_ids for days in (1, 2)
        )
        paid = self.book(days=3).attendance_ids
        for name, attendance in (("owed_once", second), ("check_owed", paid)):
            with (
                self.subTest(name),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(psycopg2.Error, name),
                self.env.cr.savepoint(flush=False),
            ):
                self.env.cr.execute(
                    "UPDATE coaching_attendance SET owed_slot = %s WHERE id = %s",
                    (first.owed_slot, attendance.id),
                )

    # === WHO SETS AND SEES IT === #

    def test_managers_set_it(self):
        partner_rights = "base.group_partner_manager"
        office = new_test_user(
            self.env, "coaching_office", f"base.group_user,{partner_rights}"
        )
        with self.assertRaises(AccessError):
            self.other_client.with_user(office).coaching_owed_limit = 3
        with self.assertRaises(AccessError):
            self.client.with_user(self.client_user).coaching_owed_limit = 3
        self.manager.group_ids |= self.env.ref(partner_rights)
        other = self.other_client.with_user(self.manager)
        other.with_context(
            tracking_disable=False, mail_notrack=False
        ).coaching_owed_limit = 3
        self.env.flush_all()
        self.env.cr.flush()
        tracked = self.other_client.message_ids.tracking_value_ids.filtered(
            lambda value: value.field_id.name == "coaching_owed_limit"
        )
        self.assertEqual(tracked.new_value_integer, 3)
        self.assertEqual(tracked.create_uid, self.manager)

    def test_lists_find_it(self):
        self.other_client.coaching_owed_limit = 2
        session = self.book(**self.other)
        Partner = self.env["res.partner"].with_user(self.manager)
        for domain, found in (
            ([("coaching_owed", ">", 0)], True),
            ([("coaching_owed", "=", 1)], True),
            ([("coaching_owed", "!=", 1)], False),
            ([("coaching_owed", "=", 0)], False),
            ([("coaching_owed", "<", 1)], False),
        ):
            with self.subTest(domain):
                self.assertEqual(self.other_client in Partner.search(domain), found)
        self.assertIn(
            session,
            self.env["coaching.session"].search([("attendance_ids.owed", "=", True)]),
        )
        self.assertTrue(session.owed)
