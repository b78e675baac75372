from datetime import timedelta

from odoo.tests import tagged

from .common import PACKAGES, SESSIONS, PortalCommon


@tagged("post_install", "-at_install")
class TestPortalPackage(PortalCommon):
    def test_package(self):
        """Total, used, left, bought when, until when, for how much (R120)."""
        self.close(self.book(days=1), "completed")
        self.travel(self.now)
        self.book(days=2)
        self.login(self.client_user)
        for path in (PACKAGES, f"{PACKAGES}/{self.package.id}"):
            tree = self.open(path)
            text = self.text(tree, "//*[hasclass('o_coaching_page')]")
            for words in (
                "Five sessions",
                "3 of 5 sessions left",
                "1 used",
                "1 booked",
                "3 left",
                "Valid until Aug 31, 2027",
                "Bought on Mar 1, 2027",
                "400.00",
                "Active",
            ):
                self.assertIn(words, text)
            bars = [
                bar.get("style")
                for bar in self.find(tree, "//*[hasclass('progress-bar')]")
            ]
            self.assertEqual(bars, ["width: 20%", "width: 20%", "width: 60%"])

    def _lines(self):
        tree = self.open(f"{PACKAGES}/{self.package.id}")
        return [
            (
                self.text(item, "//*[hasclass('o_coaching_change')]"),
                self.text(item, "//*[hasclass('o_coaching_inline')]/span[1]"),
                self.text(item, "//*[hasclass('text-end') and hasclass('small')]"),
            )
            for item in self.find(tree, "//*[hasclass('o_coaching_ledger')]/li")
        ]

    def test_ledger(self):
        """What happened when, in a client's words; a use is one line."""
        used = self.close(self.book(days=1), "completed")
        self.travel(self.now)
        self.book(days=2).action_cancel("Holiday")
        used.action_close("coach_emergency")
        self.login(self.client_user)
        self.assertEqual(
            self._lines(),
            [
                ("+1", "Given back", "5 left"),
                ("+1", "Given back", "4 left"),
                ("-1", "Booked", "3 left"),
                ("±0", "Used", "4 left"),
                ("-1", "Booked", "4 left"),
                ("+5", "Package bought", "5 left"),
            ],
        )

    def test_makeups(self):
        """A make-up to use is shown where the client looks, until it is used."""
        self._issue_makeups("no_show")
        missed = self.close(self.book(days=1), "no_show")
        self.login(self.client_user)
        self.assertIn("free make-up session", self.text(self.open(SESSIONS)))
        self.assertIn("Make-up to use until", self.text(self.open(SESSIONS)))
        self.assertIn("One free session", self.text(self.open(PACKAGES)))
        page = self.open(f"{SESSIONS}/{missed.session_id.id}")
        self.assertIn("make up for this session", self.text(page))
        with self.subTest("expired, though the cron did not run"):
            self.travel(self.now + timedelta(days=120))
            self.assertNotIn("free make-up", self.text(self.open(SESSIONS)))
            self.assertNotIn("One free session", self.text(self.open(PACKAGES)))
        self.travel(missed.stop + timedelta(hours=1))
        session = self.book(
            days=4,
            booking_type_id=self.makeup_type.id,
            makeup_of_id=missed.id,
        )
        self.assertNotIn("One free session", self.text(self.open(PACKAGES)))
        page = self.open(f"{SESSIONS}/{session.id}")
        self.assertIn("Makes up for the session of Mar 2, 2027", self.text(page))

    def test_expiry_is_announced(self):
        self.login(self.client_user)
        self.travel(self.now.replace(month=8, day=30))
        self.assertIn("1 day left", self.text(self.open(PACKAGES)))
        self.travel(self.now.replace(month=9, day=1))
        text = self.text(self.open(PACKAGES))
        self.assertIn("Expired", text)
        self.assertNotIn("days left", text)

    def test_package_that_was_given(self):
        """Without an order there is no price."""
        package = self.env["coaching.package"]._grant(
            {"partner_id": self.client.id}, 3, "Welcome"
        )
        text = self.text(self.open(f"{PACKAGES}/{package.id}", self.client_user))
        self.assertIn("3 of 3 sessions left", text)
        self.assertIn("Valid until no end", text)
        self.assertNotIn("Price", text)
        self.assertNotIn("Welcome", text)
