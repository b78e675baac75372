from datetime import timedelta

from odoo.tests import tagged

from ..common import PACKAGES, SESSIONS, PortalCommon


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
                "Valid until 08/31/2027",
                "Purchase date 03/01/2027",
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
                ("+1", "Returned", "5 left"),
                ("+1", "Returned", "4 left"),
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
        self.assertIn("Makes up for the session of 03/02/2027", self.text(page))

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

    def test_units(self):
        """Minutes and sessions without limit read as what they are."""
        Package = self.env["coaching.package"]
        values = {"partner_id": self.other_user.partner_id.id}
        minutes = Package._grant({**values, "unit": "minutes"}, 300)
        partner = {"partner_ids": self.other_user.partner_id.ids}
        session = self.book(**partner)
        self.login(self.other_user)
        path = f"{PACKAGES}/{minutes.id}"
        self.assertIn("240 of 300 minutes left", self.text(self.open(path)))
        path = f"{SESSIONS}/{session.id}"
        self.assertIn("240 of 300 minutes left", self.text(self.open(path)))
        unlimited = Package._grant(
            {**values, "unit": "unlimited", "expiry_date": "2027-03-10"}, 0
        )
        session = self.book(days=2, **partner)
        text = self.text(self.open(f"{PACKAGES}/{unlimited.id}"))
        self.assertIn("1 sessions used, no limit", text)
        self.assertIn("9 days left", text)
        self.assertNotIn("0 left", text)
        text = self.text(self.open(SESSIONS))
        self.assertIn("no limit", text)
        self.assertIn("expires soon", text)

    def test_the_notice_is_the_company_s(self):
        # R121
        self.login(self.client_user)
        self.travel(self.now.replace(month=8, day=12))
        self.assertNotIn("days left", self.text(self.open(PACKAGES)))
        self.company.coaching_expiry_notice_days = 21
        self.assertIn("19 days left", self.text(self.open(PACKAGES)))

    def test_a_month_to_come(self):
        package = self.env["coaching.package"]._grant(
            {
                "partner_id": self.client.id,
                "start_date": "2027-05-01",
                "expiry_date": "2027-05-31",
            },
            1,
        )
        text = self.text(self.open(f"{PACKAGES}/{package.id}", self.client_user))
        self.assertIn("Valid from 05/01/2027", text)

    def test_shared(self):
        """Who shares a package finds it, without its price and others' sessions."""
        # rank 22
        member = self.other_user.partner_id
        path = f"{PACKAGES}/{self.package.id}"
        self.login(self.other_user)
        self.assertSentHome(self.url_open(path, allow_redirects=False))
        self.package.action_share("members", member.ids, "Sisters")
        own = self.book(days=1)
        self.book(days=2, partner_ids=member.ids)
        self.assertIn("/my/coaching/packages", self.url_open("/my/home").text)
        for page in (PACKAGES, path):
            text = self.text(self.open(page))
            self.assertIn("3 of 5 sessions left", text)
            self.assertIn(f"shared by {self.client.name}", text)
            self.assertNotIn("Price", text)
            self.assertNotIn("400", text)
        self.assertEqual(self._lines(), [("-1", "Booked", "3 left")])
        self.assertNotIn(f"{SESSIONS}/{own.id}", self.url_open(path).text)
        # the owner sees who used it, and can't open what is not theirs
        self.login(self.client_user)
        text = self.text(self.open(path))
        self.assertIn(f"Shared with {member.name}", text)
        self.assertIn("400.00", text)
        self.assertIn(f"Individual session, 03/03/2027, {member.name}", text)
        self.assertEqual([line[1] for line in self._lines()][:2], ["Booked", "Booked"])
        self.assertNotIn("Sisters", text)
