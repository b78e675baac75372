from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import ConcurrencyError, UserError
from odoo.tests import tagged

from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestClientBooking(CoachingCommon):
    """What clients book themselves, whatever page or program asks (R61)."""

    def _book_own(self, **vals):
        return self.book(user=self.client_user, **vals)

    # === OPEN TO CLIENTS === #

    def test_not_open(self):
        self.individual.client_can_book = False
        with self.assertRaisesRegex(UserError, "” can't be booked online"):
            self._book_own()
        with self.assertRaisesRegex(UserError, "can't be booked online|Nobody is free"):
            self._book_own(coach_id=False)
        self.assertTrue(self.book(user=self.manager, days=2))
        self.assertTrue(self.book(user=self.coach_user, days=3))

    def test_moving_what_is_not_open(self):
        session = self._book_own(days=3)
        self.individual.client_can_book = False
        session.with_user(self.client_user).action_reschedule("2027-03-05 10:00:00")
        self.assertEqual(str(session.start), "2027-03-05 10:00:00")

    # === ONCE === #

    # R28
    def test_once(self):
        self.consultation.client_once = True
        session = self._book_own(booking_type_id=self.consultation.id)
        for coach in (self.other_coach.id, False):
            with self.assertRaisesRegex(UserError, "can only be booked once"):
                self._book_own(
                    days=2, booking_type_id=self.consultation.id, coach_id=coach
                )
        # staff is not bound by it
        self.book(days=3, user=self.manager, booking_type_id=self.consultation.id)
        session.with_user(self.client_user).action_cancel("Ill")

    def test_once_after_cancelling(self):
        self.consultation.client_once = True
        session = self._book_own(booking_type_id=self.consultation.id)
        session.with_user(self.client_user).action_cancel("Ill")
        again = self._book_own(days=2, booking_type_id=self.consultation.id)
        self.close(again.with_user(self.manager), "completed")
        self.travel(self.now)
        with self.assertRaisesRegex(UserError, "can only be booked once"):
            self._book_own(days=4, booking_type_id=self.consultation.id)

    def test_once_in_two_windows(self):
        """Where nobody saw the other booking, the index lets one through."""
        self.consultation.client_once = True
        self._book_own(booking_type_id=self.consultation.id)
        types = self.env.registry["coaching.booking.type"]
        with (
            patch.object(types, "_get_used_up", lambda self, partner: self.browse()),
            self.assertRaises(ConcurrencyError),
        ):
            self._book_own(days=2, booking_type_id=self.consultation.id)

    # === WHAT IT DRAWS ON === #

    # R119
    def test_preview_is_what_is_taken(self):
        """The page tells the package that booking takes from."""
        start = self.now + timedelta(days=1, hours=1)
        stop = start + timedelta(hours=1)
        first = self.package
        later = self._sell(self.client)
        later.expiry_date = first.expiry_date + timedelta(days=30)
        for expected in (first, later):
            kind, packages = self.individual._preview_entitlement(
                self.client, self.coach, start, stop
            )
            self.assertEqual((kind, packages[:1]), ("package", expected))
            first.expiry_date = start.date() - timedelta(days=1)
        session = self._book_own(start=start)
        self.assertEqual(session.package_id, later)

    def test_preview_without_package(self):
        start = self.now + timedelta(days=1, hours=1)
        args = (self.other_client, self.coach, start, start + timedelta(hours=1))
        self.assertEqual(self.individual._preview_entitlement(*args)[0], "missing")
        self.assertEqual(self.consultation._preview_entitlement(*args)[0], "none")
        self.assertEqual(self.makeup_type._preview_entitlement(*args)[0], "makeup")
        self.other_client.coaching_owed_limit = 1
        self.assertEqual(self.individual._preview_entitlement(*args)[0], "owed")
        self.company.coaching_package_required = False
        self.assertEqual(self.individual._preview_entitlement(*args)[0], "none")

    def test_preview_writes_nothing(self):
        start = self.now + timedelta(days=1, hours=1)
        self.env.flush_all()
        before = self.env["coaching.session"].search_count([])
        self.individual._preview_entitlement(
            self.client, self.coach, start, start + timedelta(hours=1)
        )
        self.env.flush_all()
        self.assertEqual(self.env["coaching.session"].search_count([]), before)
        self.assertBalance(self.package, remaining=5)

    def test_client_reads_their_own_words(self):
        """Nobody tells a client to sell a package."""
        self.package.expiry_date = self.now.date()
        with self.assertRaisesRegex(UserError, "^You have no package"):
            self._book_own(days=2)
        with self.assertRaisesRegex(UserError, "Sell a package"):
            self.book(days=2, user=self.manager)

    def test_more_sessions_than_are_left(self):
        """How many it takes and how many are left, in the refusal and before."""
        self.individual.sessions_deducted = 3
        start = self.now + timedelta(days=1, hours=1)
        args = (self.client, self.coach, start, start + timedelta(hours=1))
        types = self.individual.with_user(self.client_user).sudo()
        self.assertFalse(types._preview_lack(*args))
        self._book_own()
        with self.assertRaisesRegex(
            UserError,
            "needs 3 sessions, and your package .* has 2 of 5 left. Choose",
        ):
            self._book_own(days=2)
        with self.assertRaisesRegex(UserError, "needs 3 sessions, and .*2 of 5.*Sell"):
            self.book(days=2, user=self.manager)
        self.assertIn("has 2 of 5 left", types._preview_lack(*args))
        self.individual.sessions_deducted = 2
        self.assertFalse(types._preview_lack(*args))
        self._book_own(days=2)
        self.assertRegex(types._preview_lack(*args), "^You have no package.*Ask your")

    def test_a_package_to_come_is_one(self):
        self.package.write({"start_date": self.now.date() + timedelta(days=30)})
        args = (self.client, self.coach, self.now, self.now + timedelta(hours=1))
        types = self.individual.with_user(self.client_user).sudo()
        self.assertFalse(types._preview_lack(*args))
        self.package.write(
            {"start_date": False, "expiry_date": self.now.date() - timedelta(days=1)}
        )
        self.assertTrue(types._preview_lack(*args))

    # === TIMES === #

    # R147
    def test_a_group_that_moves_joins_no_other(self):
        for client in (self.client, self.other_client):
            self._sell(client)
        moving = self.book(days=1, booking_type_id=self.group_type.id)
        other = self.book(
            days=2,
            booking_type_id=self.group_type.id,
            partner_ids=self.other_client.ids,
        )
        Types = self.env["coaching.booking.type"].with_user(self.manager)
        args = (self.group_type.id, "2027-03-03", "2027-03-03", self.coach.ids, "UTC")
        starts = [slot["start"] for slot in Types.get_slots(*args)]
        self.assertIn(str(other.start), starts)
        starts = [
            slot["start"] for slot in Types.get_slots(*args, session_id=moving.id)
        ]
        self.assertNotIn(str(other.start), starts)

    def test_dialog_any_coach(self):
        """A manager leaves the coach open: of those free it is the one least busy."""
        self.book(days=1, hour=8, user=self.manager)
        dialog = (
            self.env["coaching.session.book"]
            .with_user(self.manager)
            .create(
                {
                    "booking_type_id": self.individual.id,
                    "coach_id": False,
                    "start": self.now + timedelta(days=1, hours=2),
                    "partner_ids": self.client.ids,
                }
            )
        )
        self.assertTrue(dialog.any_coach_allowed)
        action = dialog.action_book()
        session = self.env["coaching.session"].browse(action["res_id"])
        self.assertNotEqual(session.coach_id, self.coach)
        own = self.env["coaching.session.book"].with_user(self.coach_user).new({})
        self.assertFalse(own.any_coach_allowed)
