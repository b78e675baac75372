from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestPackage(CoachingCommon):
    def test_grant_on_confirmation(self):
        """Confirming the order grants the package, once."""
        # R120
        package = self._sell(self.other_client, quantity=2)
        self.assertBalance(package, remaining=10)
        self.assertEqual(package.granted, 10)
        self.assertEqual(package.partner_id, self.other_client)
        self.assertEqual(package.product_id, self.product)
        self.assertEqual(package.price_total, 800.0)
        package.order_id._grant_coaching_packages()
        self.assertBalance(package, remaining=10)

    def test_validity(self):
        package = self.env["coaching.package"]
        self.assertEqual(
            package._get_expiry_date(date(2027, 1, 1), 6), date(2027, 6, 30)
        )
        self.assertFalse(package._get_expiry_date(date(2027, 1, 1), 0))

    def test_cancelled_order_takes_back_what_is_left(self):
        package = self._sell(self.other_client)
        order = package.order_id
        session = self.book(partner_ids=self.other_client.ids)
        with self.assertRaisesRegex(UserError, r"still has sessions booked \(1\)"):
            order._action_cancel()
        self.close(session, "completed")
        order._action_cancel()
        self.assertEqual(package.state, "cancelled")
        self.assertBalance(package, remaining=0, used=1)
        order.action_draft()
        order.action_confirm()
        self.assertEqual(order.coaching_package_ids, package)
        self.assertBalance(package, remaining=4, used=1)

    def test_grant_when_paid(self):
        """Where so set, the package waits for the payment."""
        self.company.coaching_grant_on = "paid"
        order = self.package.order_id.copy()
        order.action_confirm()
        self.assertFalse(order.coaching_package_ids)
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertFalse(order.coaching_package_ids)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.assertBalance(order.order_line.coaching_package_ids, remaining=5)

    def test_state(self):
        """State follows from what is left and the date, and can be searched."""
        Package = self.env["coaching.package"]
        self.assertEqual(self.package.state, "active")
        self.package.expiry_date = self.now.date() - timedelta(days=1)
        self.assertEqual(self.package.state, "expired")
        for state in ("active", "exhausted", "expired", "cancelled"):
            self.assertEqual(
                self.package in Package.search([("state", "=", state)]),
                state == "expired",
            )
        self.assertIn(self.package, Package.search([("state", "!=", "active")]))

    def test_used_up(self):
        for hour in (8, 9, 10, 11, 13):
            self.close(self.book(hour=hour), "completed")
            self.travel(self.now)
        self.assertEqual(self.package.state, "exhausted")
        with self.assertRaisesRegex(UserError, "has no package"):
            self.book(hour=14)
        with self.assertRaisesRegex(UserError, "has no session left"):
            self.book(hour=14, package_id=self.package.id)

    def test_extend(self):
        """A manager extends, with a reason in the ledger."""
        # R122
        new = self.package.expiry_date + timedelta(days=30)
        with self.assertRaises(AccessError):
            self.package.with_user(self.client_user).action_extend(new)
        self.package.with_user(self.manager).action_extend(new, "Ill for a month")
        self.assertEqual(self.package.expiry_date, new)
        self.assertEqual(self.package.move_ids[0].kind, "extend")
        self.assertEqual(self.package.move_ids[0].reason, "Ill for a month")
        with self.assertRaisesRegex(UserError, "is already valid until"):
            self.package.action_extend(new)
        self.assertBalance(self.package, remaining=5)

    def test_more_on_a_confirmed_order(self):
        """What is added to an order that is confirmed is granted, once."""
        package = self._sell(self.other_client)
        line = package.sale_line_id
        line.product_uom_qty = 2
        self.assertBalance(package, remaining=10)
        line.product_uom_qty = 1
        self.assertBalance(package, remaining=5)
        package.order_id.order_line = [Command.create({"product_id": self.product.id})]
        self.assertEqual(len(package.order_id.order_line.coaching_package_ids), 2)

    def test_less_than_was_used_is_refused(self):
        package = self._sell(self.client, quantity=2)
        for hour in (8, 9, 10, 11, 13, 14):
            self.book(hour=hour, package_id=package.id)
        with self.assertRaisesRegex(UserError, "has no session left"):
            package.sale_line_id.product_uom_qty = 1

    def test_a_change_of_the_type_keeps_what_is_held(self):
        """What was booked as one is used as one, or returned as one."""
        first, second = self.book(days=1), self.book(days=2)
        self.individual.sessions_deducted = 0
        self.close(first, "other")
        self.individual.sessions_deducted = 3
        self.close(second, "completed")
        self.assertBalance(self.package, remaining=4, used=1)

    def test_paid_in_another_currency(self):
        self.company.coaching_grant_on = "paid"
        currency = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("id", "!=", self.company.currency_id.id)], limit=1)
        )
        currency.active = True
        currency.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "rate": 100.0, "name": "2020-01-01"}
        )
        order = self.package.order_id.copy()
        order.currency_id = currency
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.assertTrue(order.order_line.coaching_package_ids)

    def test_nothing_on_the_line_is_no_package(self):
        package = self._sell(self.other_client)
        package.sale_line_id.product_uom_qty = 0
        self.assertBalance(package, remaining=0)

    def test_another_customer(self):
        """An order sold to somebody else takes its unused package along."""
        third = self.env["res.partner"].create({"name": "Third"})
        package = self._sell(self.other_client)
        order = package.order_id
        order._action_cancel()
        order.action_draft()
        order.partner_id = third
        order.action_confirm()
        self.assertEqual(package.partner_id, third)
        self.assertBalance(package, remaining=5)

    def test_units_and_fractions(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        package = self._sell(self.other_client)
        package.sale_line_id.product_uom_id = dozen
        package.sale_line_id.product_uom_qty = 0.5
        self.assertBalance(package, remaining=30)
        with self.assertRaisesRegex(UserError, "whole number"):
            package.sale_line_id.product_uom_qty = 0.01

    def test_history_is_kept_with_the_order(self):
        package = self._sell(self.other_client)
        order = package.order_id
        order._action_cancel()
        with self.assertRaisesRegex(
            UserError, "This line granted a package, whose history must be kept"
        ):
            order.order_line.unlink()
