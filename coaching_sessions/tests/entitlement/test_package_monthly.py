from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestPackageMonthly(CoachingCommon):
    """So many sessions a month: what is not used in a month is lost with it (R45)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.monthly = cls.env["product.product"].create(
            {
                "name": "One a month for three months",
                "type": "service",
                "list_price": 300.0,
                "taxes_id": [],
                "coaching_package": True,
                "coaching_session_count": 1,
                "coaching_period": "month",
                "coaching_validity_months": 3,
            }
        )
        cls.packages = cls._sell(cls.other_client, product=cls.monthly).sorted(
            "start_date"
        )
        cls.march, cls.april, cls.may = cls.packages
        cls.other = {"partner_ids": cls.other_client.ids}

    def expire(self):
        Cron = type(self.env["ir.cron"])
        with patch.object(Cron, "_commit_progress", lambda *args, **kwargs: 1):
            self.env["coaching.package"]._cron_expire()

    def test_one_package_a_month(self):
        self.assertEqual(
            [(package.start_date, package.expiry_date) for package in self.packages],
            [
                (date(2027, 3, 1), date(2027, 3, 31)),
                (date(2027, 4, 1), date(2027, 4, 30)),
                (date(2027, 5, 1), date(2027, 5, 31)),
            ],
        )
        for package in self.packages:
            self.assertBalance(package, remaining=1)
            self.assertEqual(package.price_total, 100.0)
            self.assertEqual(package.sale_line_id, self.march.sale_line_id)

    def test_months_without_gap(self):
        """Bought on the 31st: every day belongs to one month."""
        periods = self.env["coaching.package"]._get_monthly_periods(
            date(2027, 1, 31), 4
        )
        self.assertEqual(
            periods,
            [
                (date(2027, 1, 31), date(2027, 2, 27)),
                (date(2027, 2, 28), date(2027, 3, 30)),
                (date(2027, 3, 31), date(2027, 4, 29)),
                (date(2027, 4, 30), date(2027, 5, 30)),
            ],
        )

    def test_a_session_draws_on_its_month(self):
        session = self.book(start=datetime(2027, 4, 7, 9), **self.other)
        self.assertEqual(session.attendance_ids.package_id, self.april)
        with self.assertRaisesRegex(UserError, "has no package"):
            self.book(start=datetime(2027, 4, 14, 9), **self.other)
        self.assertEqual(
            self.book(days=1, **self.other).attendance_ids.package_id, self.march
        )

    def test_what_becomes_of_a_month(self):
        """The table of R45: what each way leaves this month and the next."""
        for code, hours, left_in_march, lost in (
            ("client_early_cancel", 48, 1, 1),
            ("client_late_cancel", 5, 0, 0),
            ("no_show", -1, 0, 0),
            ("completed", -1, 0, 0),
            # what the coach caused stays usable for two weeks
            ("coach_emergency", 5, 1, 0),
            (None, None, 1, 1),  # never booked
        ):
            with self.subTest(code), self.env.cr.savepoint() as savepoint:
                self.travel(self.now)
                if code:
                    session = self.book(start=datetime(2027, 3, 22, 9), **self.other)
                    self.assertBalance(self.march, remaining=0, held=1)
                    self.close(session, code, at=session.start - timedelta(hours=hours))
                self.assertEqual(self.march.remaining, left_in_march)
                self.assertBalance(self.april, remaining=1)
                self.travel(datetime(2027, 4, 2, 9))
                self.expire()
                self.assertBalance(
                    self.march,
                    remaining=left_in_march - lost,
                    used=1 - left_in_march,
                )
                self.assertEqual(self.march.expired, lost)
                # the next month has its own, and no more
                self.assertBalance(self.april, remaining=1)
                self.book(start=datetime(2027, 4, 7, 9), **self.other)
                with self.assertRaisesRegex(UserError, "has no package"):
                    self.book(start=datetime(2027, 4, 8, 9), **self.other)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_early_cancellation_is_for_that_month_only(self):
        session = self.book(start=datetime(2027, 3, 22, 9), **self.other)
        session.action_cancel("client_early_cancel")
        again = self.book(start=datetime(2027, 3, 29, 9), **self.other)
        self.assertEqual(again.attendance_ids.package_id, self.march)
        self.assertBalance(self.april, remaining=1)

    def test_a_session_moved_to_another_month(self):
        session = self.book(start=datetime(2027, 3, 22, 9), **self.other)
        session.action_reschedule(datetime(2027, 4, 5, 9))
        self.assertEqual(session.attendance_ids.package_id, self.april)
        self.assertBalance(self.march, remaining=1)
        self.assertBalance(self.april, remaining=0, held=1)
        self.book(start=datetime(2027, 5, 5, 9), **self.other)
        with self.assertRaisesRegex(UserError, "no session left"):
            session.action_reschedule(datetime(2027, 5, 10, 9))
        with self.assertRaisesRegex(UserError, ", which is before the session"):
            session.action_reschedule(datetime(2027, 6, 7, 9))
        self.assertBalance(self.april, remaining=0, held=1)

    def test_the_order_changes(self):
        line = self.march.sale_line_id
        self.close(self.book(days=1, **self.other), "completed")
        line.product_uom_qty = 2
        for package, left in zip(self.packages, (1, 2, 2), strict=True):
            self.assertEqual((package.granted, package.remaining), (2, left))
        # a month that is over stays as it was
        self.travel(datetime(2027, 4, 2, 9))
        self.expire()
        line.product_uom_qty = 1
        self.assertBalance(self.march, remaining=0, used=1)
        self.assertEqual(self.march.expired, 1)
        self.assertBalance(self.april, remaining=1)
        line.order_id._action_cancel()
        self.assertEqual(set(self.packages.mapped("state")), {"cancelled"})
        line.order_id.action_draft()
        line.order_id.action_confirm()
        self.assertEqual(line.coaching_package_ids, self.packages)
        self.assertBalance(self.may, remaining=1)

    def test_configuration(self):
        values = {
            "name": "Monthly",
            "type": "service",
            "coaching_package": True,
            "coaching_period": "month",
            "coaching_validity_months": 3,
        }
        self.env["product.template"].create(values)
        for wrong in (
            {"coaching_validity_months": 0},
            {"coaching_validity_months": 1000},
            {"coaching_unit": "unlimited"},
            {"coaching_session_count": 0},
        ):
            with self.subTest(wrong), self.assertRaises(ValidationError):
                self.env["product.template"].create({**values, **wrong})
