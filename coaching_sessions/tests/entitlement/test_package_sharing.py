from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestPackageSharing(CoachingCommon):
    """A package that others book with: who may, and what they read of it."""

    # rank 22

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member_user, cls.stranger_user = (
            new_test_user(cls.env, login, "base.group_portal", tz="UTC")
            for login in ("coaching_member", "coaching_stranger")
        )
        cls.member = cls.member_user.partner_id
        cls.stranger = cls.stranger_user.partner_id

    def share(self, sharing="members", members=None):
        members = self.member if members is None else members
        self.package.action_share(sharing, members.ids, "Sisters")

    def book_as(self, user, days=1, **vals):
        return self.book(
            days=days, user=user, partner_ids=user.partner_id.ids, **vals
        ).sudo()

    # === WHO MAY === #

    def test_chosen_people(self):
        with self.assertRaisesRegex(UserError, "(has|have) no package"):
            self.book_as(self.member_user)
        with self.assertRaises(AccessError):
            self.book_as(self.member_user, package_id=self.package.id)
        with self.assertRaisesRegex(UserError, "does not belong to"):
            self.book(partner_ids=self.member.ids, package_id=self.package.id)
        self.share()
        session = self.book_as(self.member_user, package_id=self.package.id)
        self.assertEqual(session.attendance_ids.package_id, self.package)
        self.assertBalance(self.package, remaining=4, held=1)
        self.assertEqual(
            self.book_as(self.member_user, days=2).attendance_ids.package_id,
            self.package,
        )
        with self.assertRaises(AccessError):
            self.book_as(self.stranger_user, days=3, package_id=self.package.id)
        with self.assertRaisesRegex(UserError, "(has|have) no package"):
            self.book_as(self.stranger_user, days=3)

    def test_company_or_household(self):
        company = self.env["res.partner"].create(
            {"name": "Sponsor", "is_company": True}
        )
        (self.client | self.member).parent_id = company
        self.share("household", self.env["res.partner"])
        session = self.book_as(self.member_user)
        self.assertEqual(session.attendance_ids.package_id, self.package)
        with self.assertRaisesRegex(UserError, "(has|have) no package"):
            self.book_as(self.stranger_user, days=2)
        self.share("household", self.stranger)
        self.book_as(self.stranger_user, days=2)
        # who leaves the company leaves the package
        self.member.parent_id = False
        with self.assertRaisesRegex(UserError, "(has|have) no package"):
            self.book_as(self.member_user, days=3)

    def test_ended(self):
        """What was booked stays booked; nothing new is."""
        self.share()
        session = self.book_as(self.member_user)
        self.package.action_share("none", (), "Quarrel")
        self.assertFalse(self.package.member_ids)
        with self.assertRaisesRegex(UserError, "(has|have) no package"):
            self.book_as(self.member_user, days=2)
        self.close(session, "completed")
        self.assertBalance(self.package, remaining=4, used=1)
        shares = self.package.move_ids.filtered(lambda line: line.kind == "share")
        self.assertEqual(shares.mapped("quantity"), [0, 0])
        self.assertIn("Quarrel", shares[0].reason)
        self.assertIn(self.member.name, shares[1].reason)

    def test_share_refuses(self):
        for arguments, message in (
            (("everybody", (), "Gift"), "Unknown way of sharing “"),
            (("members", [2**31 - 1], "Gift"), "contacts that exist"),
            (("members", self.member.ids, ""), "Enter a reason;"),
            (("members", "x", "Gift"), "not a list"),
        ):
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                self.package.action_share(*arguments)

    def test_a_group_shares_the_last_session(self):
        """Two of a household, one session left: none is booked twice."""
        self.share()
        self.package._post_line("adjust", -4)
        with self.assertRaisesRegex(UserError, "(has|have) no package"):
            self.book(
                booking_type_id=self.group_type.id,
                partner_ids=(self.client | self.member).ids,
            )
        own = self.env["coaching.package"]._grant({"partner_id": self.member.id}, 1)
        attendances = self.book(
            booking_type_id=self.group_type.id,
            partner_ids=(self.client | self.member).ids,
        ).attendance_ids
        self.assertEqual(attendances.package_id, self.package | own)

    def test_product_presets(self):
        self.product.coaching_sharing = "household"
        self.assertEqual(self._sell(self.other_client).sharing, "household")

    # === WHAT THEY READ === #

    def test_members_read_what_is_left_not_what_it_cost(self):
        self.share()
        self.book_as(self.member_user)
        own = self.book(days=2).attendance_ids
        theirs = self.package.with_user(self.member_user)
        self.assertEqual(theirs.search([]), theirs)
        values = theirs.read(["name", "remaining", "left_text", "expiry_date"])[0]
        self.assertEqual(values["left_text"], "3 of 5 left")
        for name in ("price_total", "order_id"):
            self.assertFalse(theirs.read([name])[0][name])
            self.assertFalse(theirs.sudo()[name], "in the portal's pages neither")
            self.assertTrue(self.package.with_user(self.client_user).read([name]))
        self.assertEqual(
            self.package.with_user(self.client_user).read(["price_total"])[0][
                "price_total"
            ],
            400.0,
        )
        for user in (self.member_user, self.client_user):
            with self.assertRaises(AccessError):
                self.package.with_user(user).read(["sale_line_id"])
            with self.assertRaises(AccessError):
                self.package.with_user(user).search([("sale_line_id.id", ">", 0)])
        # of the ledger and of the sessions their own
        lines = theirs.move_ids
        self.assertEqual(lines.sudo().attendance_id.partner_id, self.member)
        self.assertEqual(lines.mapped("kind"), ["hold"])
        self.assertNotIn(own, theirs.attendance_ids)
        # the owner reads every line
        moves = self.package.with_user(self.client_user).move_ids
        self.assertEqual(len(moves), len(self.package.move_ids))
        # who is not in it reads nothing
        with self.assertRaises(AccessError):
            self.package.with_user(self.stranger_user).read(["name"])
        self.package.action_share("none", (), "Over")
        with self.assertRaises(AccessError):
            theirs.read(["name"])
