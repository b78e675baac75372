from datetime import date, datetime, timedelta

import psycopg2

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestPackageUnits(CoachingCommon):
    """Packages in sessions, minutes and without limit, and when they can be used."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.minutes_product, cls.unlimited_product = cls.env["product.product"].create(
            [
                {
                    "name": "300 minutes",
                    "type": "service",
                    "coaching_package": True,
                    "coaching_unit": "minutes",
                    "coaching_session_count": 300,
                },
                {
                    "name": "As many as you like",
                    "type": "service",
                    "coaching_package": True,
                    "coaching_unit": "unlimited",
                    "coaching_validity_months": 1,
                },
            ]
        )
        cls.other = {"partner_ids": cls.other_client.ids}

    def assertRefused(self, name, vals):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(psycopg2.Error, name),
            self.env.cr.savepoint(),
        ):
            self.env["coaching.package.move"].create([vals])

    # === MINUTES === #

    def test_minutes(self):
        """A session takes as long as it was booked for."""
        # rank 22
        package = self._sell(self.other_client, product=self.minutes_product)
        self.assertEqual((package.unit, package.granted), ("minutes", 300))
        session = self.book(**self.other)
        self.assertBalance(package, remaining=240, held=60)
        self.assertEqual(package.left_text, "240 of 300 minutes left")
        attendance = self.close(session, "completed")
        self.assertBalance(package, remaining=240, used=60)
        self.assertEqual(attendance.sessions_deducted, 1)
        attendance.action_close("coach_emergency")
        self.assertBalance(package, remaining=300)
        self.travel(self.now)
        start = self.now + timedelta(days=2, hours=1)
        session = self.book(
            start=start, stop=start + timedelta(minutes=90), **self.other
        )
        self.assertBalance(package, remaining=210, held=90)
        completed = self.env.ref("coaching_sessions.outcome_completed")
        back = self.env.ref("coaching_sessions.outcome_coach_emergency")
        attendance = session.attendance_ids
        self.assertIn(
            f"The session is used: 210 of 300 minutes left in package {package.name}.",
            attendance._get_consequences(completed),
        )
        self.assertIn(
            f"The session is returned to package {package.name}: 300 of 300"
            " minutes left.",
            attendance._get_consequences(back),
        )

    def test_minutes_follow_a_longer_session(self):
        package = self._sell(self.other_client, product=self.minutes_product)
        session = self.book(**self.other)
        session._reschedule(session.start, stop=session.stop + timedelta(minutes=30))
        self.assertBalance(package, remaining=210, held=90)
        self.assertEqual(session.attendance_ids.claim_move_id.quantity, -90)
        # only moved: what is held is right already
        count = len(package.move_ids)
        session._reschedule(session.start + timedelta(days=1))
        self.assertEqual(len(package.move_ids), count)
        self.close(session, "completed")
        self.assertBalance(package, remaining=210, used=90)

    def test_minutes_are_not_overdrawn_by_a_longer_session(self):
        package = self.env["coaching.package"]._grant(
            {"partner_id": self.other_client.id, "unit": "minutes"}, 70
        )
        session = self.book(**self.other)
        with self.assertRaisesRegex(UserError, "too little left"):
            session._reschedule(
                session.start, stop=session.stop + timedelta(minutes=30)
            )
        self.assertBalance(package, remaining=10, held=60)
        with self.assertRaisesRegex(UserError, "too little left"):
            self.book(days=2, package_id=package.id, **self.other)
        with self.assertRaisesRegex(UserError, "10 of 70 minutes left"):
            self.book(days=2, **self.other)

    def test_minutes_of_a_type_that_takes_nothing(self):
        self.individual.sessions_deducted = 0
        package = self._sell(self.other_client, product=self.minutes_product)
        session = self.book(**self.other)
        self.assertEqual(session.attendance_ids.package_id, package)
        self.close(session, "completed")
        self.assertBalance(package, remaining=300)

    def test_minutes_sold(self):
        package = self._sell(self.other_client, 2, self.minutes_product)
        self.assertBalance(package, remaining=600)
        package.sale_line_id.product_uom_qty = 0.5
        self.assertBalance(package, remaining=150)
        self.minutes_product.coaching_session_count = 250
        with self.assertRaisesRegex(UserError, "whole number of minutes"):
            package.sale_line_id.product_uom_qty = 0.01
        with self.assertRaisesRegex(
            ValidationError, "was already sold, so its unit can't change"
        ):
            self.minutes_product.coaching_unit = "sessions"

    # === WITHOUT LIMIT === #

    def test_unlimited(self):
        """Nothing runs out; how many were taken is counted."""
        package = self._sell(self.other_client, product=self.unlimited_product)
        self.assertBalance(package, remaining=0)
        self.assertEqual(package.state, "active")
        sessions = [self.book(hour=hour, **self.other) for hour in range(8, 12)]
        self.assertEqual(sessions[0].attendance_ids.package_id, package)
        self.assertEqual(sessions[0].attendance_ids.claim_move_id.kind, "hold")
        self.assertEqual(package.sessions_taken, 4)
        attendance = self.close(sessions[0], "completed")
        self.assertEqual(attendance.claim_move_id.kind, "use")
        self.assertBalance(package, remaining=0)
        attendance.action_close("coach_emergency")
        self.assertFalse(attendance.claim_move_id)
        attendance.action_close("completed")
        self.assertEqual(attendance.claim_move_id.kind, "use")
        self.assertEqual(package.left_text, "no limit")
        self.travel(self.now)
        with self.assertRaisesRegex(UserError, "has no package"):
            self.book(days=42, **self.other)

    def test_unlimited_is_cancelled_with_its_order(self):
        package = self._sell(self.other_client, product=self.unlimited_product)
        session = self.book(**self.other)
        with self.assertRaisesRegex(UserError, r"still has sessions booked \(1\)"):
            package.order_id._action_cancel()
        session.action_cancel("coach_emergency")
        package.sale_line_id.product_uom_qty = 0
        self.assertEqual(package.state, "cancelled")
        with self.assertRaisesRegex(UserError, "has no package"):
            self.book(**self.other)
        package.sale_line_id.product_uom_qty = 1
        self.assertEqual(package.state, "active")
        self.book(**self.other)

    # === GUARDS === #

    def test_guards(self):
        """The database knows what a line of each unit can be."""
        unlimited = self._sell(self.other_client, product=self.unlimited_product)
        attendance = self.book(**self.other).attendance_ids
        values = {"package_id": unlimited.id, "kind": "use", "claim_number": 9}
        values["attendance_id"] = attendance.id
        self.assertRefused("check_sign", {**values, "quantity": -1})
        of_sessions = {**values, "package_id": self.package.id}
        self.assertRefused("check_sign", {**of_sessions, "quantity": 0})
        self.assertRefused(
            "same_unit", {**of_sessions, "unit": "unlimited", "quantity": 0}
        )
        self.assertRefused(
            "check_sign", {"package_id": unlimited.id, "kind": "grant", "quantity": 1}
        )
        expire = {"package_id": self.package.id, "kind": "expire"}
        self.assertRefused("check_sign", {**expire, "quantity": 1})
        self.assertRefused("check_sign", {**expire, "quantity": 0})
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(psycopg2.Error, "same_unit"),
            self.env.cr.savepoint(flush=False),
        ):
            self.env.cr.execute(
                "UPDATE coaching_package SET unit = 'minutes' WHERE id = %s",
                (self.package.id,),
            )

    # === FIRST AND LAST DAY === #

    def test_not_before_its_first_day(self):
        first = (self.now + timedelta(days=7)).date()
        package = self.env["coaching.package"]._grant(
            {"partner_id": self.other_client.id, "start_date": first}, 3
        )
        with self.assertRaisesRegex(UserError, "has no package"):
            self.book(days=4, **self.other)
        with self.assertRaisesRegex(UserError, ", which is after the session"):
            self.book(days=4, package_id=package.id, **self.other)
        session = self.book(days=7, **self.other)
        self.assertEqual(session.attendance_ids.package_id, package)
        with self.assertRaisesRegex(UserError, ", which is after the session"):
            session.action_reschedule(self.now + timedelta(days=4))
        self.assertBalance(package, remaining=2, held=1)

    def test_days_are_those_of_the_coach(self):
        """A session late on the last day counts, where the coach is (R122)."""
        self.coach.resource_calendar_id = False
        self.coach.tz = "America/Los_Angeles"
        last = date(2027, 3, 10)
        package = self.env["coaching.package"]._grant(
            {
                "partner_id": self.other_client.id,
                "start_date": last,
                "expiry_date": last,
            },
            3,
        )
        # 23:00 on the last day there, and the hour after it
        session = self.book(start=datetime(2027, 3, 11, 7, 0), **self.other)
        self.assertEqual(session.attendance_ids.package_id, package)
        with self.assertRaisesRegex(UserError, ", which is before the session"):
            self.book(
                start=datetime(2027, 3, 11, 8, 0), package_id=package.id, **self.other
            )
        # 00:00 on the first day, and the hour before
        self.book(start=datetime(2027, 3, 10, 8, 0), **self.other)
        with self.assertRaisesRegex(UserError, ", which is after the session"):
            self.book(
                start=datetime(2027, 3, 10, 7, 0), package_id=package.id, **self.other
            )

    def test_first_day_of_an_order(self):
        order = self.package.order_id.copy()
        order.coaching_start_date = date(2027, 5, 1)
        order.action_confirm()
        package = order.coaching_package_ids
        self.assertEqual(package.start_date, date(2027, 5, 1))
        self.assertEqual(package.expiry_date, date(2027, 10, 31))
        self.assertEqual(package.purchase_date, self.now.date())

    # === WHICH ONE === #

    def test_the_one_that_expires_first(self):
        """Among those that can be used, whatever they count."""
        # rank 22
        Package = self.env["coaching.package"]
        values = {"partner_id": self.other_client.id}
        never = Package._grant(values, 5)
        late = Package._grant({**values, "expiry_date": "2027-09-01"}, 5)
        minutes = Package._grant(
            {**values, "unit": "minutes", "expiry_date": "2027-06-01"}, 90
        )
        elsewhere = Package._grant(
            {
                **values,
                "expiry_date": "2027-05-01",
                "booking_type_ids": self.group_type.ids,
            },
            5,
        )
        unlimited = Package._grant(
            {**values, "unit": "unlimited", "expiry_date": "2027-03-05"}, 0
        )
        chosen = [
            self.book(days=days, hour=9, **self.other).attendance_ids.package_id
            for days in (1, 7, 8, 190)
        ]
        # 30 minutes are too few for the third
        self.assertEqual(chosen, [unlimited, minutes, late, never])
        self.assertBalance(elsewhere, remaining=5)

    def test_usable_for_chosen_types(self):
        # R130
        package = self.env["coaching.package"]._grant(
            {
                "partner_id": self.other_client.id,
                "booking_type_ids": self.group_type.ids,
            },
            5,
        )
        with self.assertRaisesRegex(UserError, "can't be used for"):
            self.book(package_id=package.id, **self.other)
        with self.assertRaisesRegex(UserError, "has no package"):
            self.book(**self.other)
        self.book(booking_type_id=self.group_type.id, **self.other)
        self.assertBalance(package, remaining=4, held=1)
