from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestPackageAdjust(CoachingCommon):
    """What staff change by hand is a right of its own, and has a reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.adjuster = new_test_user(
            cls.env,
            "coaching_adjuster",
            "coaching_sessions.group_coaching_manager,"
            "coaching_sessions.group_coaching_adjust",
            tz="UTC",
        )
        cls.theirs = cls.package.with_user(cls.adjuster)

    def test_the_right(self):
        # rank 25
        self.assertFalse(
            self.manager.has_group("coaching_sessions.group_coaching_adjust")
        )
        self.assertTrue(
            self.env.ref("base.user_admin").has_group(
                "coaching_sessions.group_coaching_adjust"
            )
        )
        for user in (self.manager, self.coach_user, self.client_user):
            package = self.package.with_user(user)
            for call in (
                lambda package=package: package.action_adjust(1, "Gift"),
                lambda package=package: package.action_transfer(
                    self.other_client.id, 1, "Gift"
                ),
                lambda package=package: package.action_share("household", (), "Gift"),
            ):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    call()
        self.assertBalance(self.package, remaining=5)

    def test_adjust(self):
        self.theirs.action_adjust(2, "Two as a present")
        self.assertBalance(self.package, remaining=7)
        line = self.package.move_ids[0]
        self.assertEqual((line.kind, line.quantity), ("adjust", 2))
        self.assertEqual(line.reason, "Two as a present")
        self.assertEqual(line.create_uid, self.adjuster)
        self.theirs.action_adjust(-7, "Wrong client")
        self.assertBalance(self.package, remaining=0)
        self.assertEqual(self.package.granted, 0)

    def test_adjust_refuses(self):
        for quantity, reason, message in (
            (-6, "Too much", "can't be taken"),
            (0, "Nothing", "Enter how much to add or take"),
            (1, " ", "Enter a reason;"),
            (1.5, "Half", "not a whole number"),
            (True, "Yes", "not a whole number"),
            (10**10, "Many", "not a whole number"),
        ):
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                self.theirs.action_adjust(quantity, reason)
        self.assertBalance(self.package, remaining=5)
        self.package.order_id._action_cancel()
        with self.assertRaisesRegex(UserError, "is cancelled"):
            self.theirs.action_adjust(1, "Late")

    def test_adjust_what_is_held_is_not_taken(self):
        self.book()
        with self.assertRaisesRegex(UserError, "4 of 5 left"):
            self.theirs.action_adjust(-5, "All")

    def test_adjust_what_is_expired(self):
        self.package.expiry_date = "2027-02-01"
        with self.assertRaisesRegex(UserError, "Extend it first"):
            self.theirs.action_adjust(1, "Late")

    def test_adjust_minutes(self):
        package = self.env["coaching.package"]._grant(
            {"partner_id": self.client.id, "unit": "minutes"}, 90
        )
        with self.assertRaisesRegex(UserError, "100 minutes can't be taken"):
            package.with_user(self.adjuster).action_adjust(-100, "Too much")
        package.with_user(self.adjuster).action_adjust(-30, "Half an hour")
        self.assertBalance(package, remaining=60)
        unlimited = self.env["coaching.package"]._grant(
            {"partner_id": self.client.id, "unit": "unlimited"}, 0
        )
        with self.assertRaisesRegex(
            UserError, "unlimited, so its balance can't change"
        ):
            unlimited.with_user(self.adjuster).action_adjust(1, "More")

    def test_the_order_keeps_what_was_adjusted(self):
        """Selling more or less changes what was sold, not what was given."""
        self.theirs.action_adjust(2, "Present")
        self.package.sale_line_id.product_uom_qty = 2
        self.assertBalance(self.package, remaining=12)

    def test_transfer(self):
        # rank 22
        self.package.booking_type_ids = self.individual
        given = self.theirs.action_transfer(self.other_client.id, 2, "A gift")
        self.assertBalance(self.package, remaining=3)
        self.assertBalance(given.sudo(), remaining=2)
        self.assertEqual(given.partner_id, self.other_client)
        self.assertEqual(given.origin_id, self.package)
        for name in ("expiry_date", "unit", "booking_type_ids", "product_id"):
            self.assertEqual(given[name], self.package[name])
        self.assertFalse(given.price_total)
        taken = self.package.move_ids[0]
        self.assertEqual((taken.kind, taken.quantity), ("adjust", -2))
        for word in ("Otto Other", given.name, "A gift"):
            self.assertIn(word, taken.reason)
        for word in (self.client.name, self.package.name, "A gift"):
            self.assertIn(word, given.move_ids.reason)
        self.book(partner_ids=self.other_client.ids)
        self.assertBalance(given.sudo(), remaining=1, held=1)
        # what was given away is not taken back with the order
        self.package.order_id._action_cancel()
        self.assertEqual(given.state, "active")

    def test_transfer_refuses(self):
        for partner, quantity, message in (
            (self.client.id, 1, "Choose a different client"),
            (0, 1, "Choose a different client"),
            (2**31 - 1, 1, "Choose a different client"),
            ("x", 1, "not a whole number"),
            (self.other_client.id, 6, "6 sessions can't be taken"),
            (self.other_client.id, -1, "how much to transfer"),
        ):
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                self.theirs.action_transfer(partner, quantity, "Gift")
        self.assertBalance(self.package, remaining=5)

    def test_dialogs(self):
        """The dialogs do what the methods do."""
        dialog = Form(
            self.env["coaching.package.adjust"]
            .with_user(self.adjuster)
            .with_context(default_package_id=self.package.id)
        )
        dialog.quantity = 3
        dialog.reason = "Present"
        dialog.save().action_adjust()
        self.assertBalance(self.package, remaining=8)
        dialog = Form(
            self.env["coaching.package.transfer"]
            .with_user(self.adjuster)
            .with_context(default_package_id=self.package.id)
        )
        dialog.partner_id = self.other_client
        dialog.quantity = 3
        dialog.reason = "Gift"
        action = dialog.save().action_transfer()
        given = self.env["coaching.package"].browse(action["res_id"])
        self.assertBalance(given, remaining=3)
        dialog = Form(
            self.env["coaching.package.share"]
            .with_user(self.adjuster)
            .with_context(default_package_id=self.package.id)
        )
        self.assertEqual(dialog.sharing, "none")
        dialog.sharing = "members"
        dialog.member_ids.add(self.other_client)
        dialog.reason = "Both come"
        dialog.save().action_share()
        self.assertEqual(self.package.member_ids, self.other_client)
        with self.assertRaises(AccessError):
            self.env["coaching.package.adjust"].with_user(self.manager).create(
                {"package_id": self.package.id, "quantity": 1, "reason": "No"}
            )
