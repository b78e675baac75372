from odoo.tests import tagged

from ..common import SESSIONS, PortalCommon

WAITING = "/my/coaching/waiting"
PROPOSALS = "/my/coaching/proposals"


@tagged("post_install", "-at_install")
class TestPortalWaiting(PortalCommon):
    """A client waits for a time and takes it, on any telephone (rank 20)."""

    def setUp(self):
        super().setUp()
        self.individual.min_notice_hours = 0
        self.form = {
            "type": self.individual.id,
            "coach": self.portal_coach.id,
            "date_from": "2027-03-09",
            "date_to": "2027-03-09",
            "hour_from": "08:00",
            "hour_to": "10:00",
            "weekdays": ["1", "2"],
        }
        self.login(self.client_user)

    def entry(self):
        return self.env["coaching.waiting"].search(
            [("partner_id", "=", self.client.id)], order="id desc", limit=1
        )

    def test_join_take_and_leave(self):
        page = self.open(SESSIONS)
        self.assertTrue(self.find(page, f"//a[@href='{WAITING}']"))
        response = self.post(f"{WAITING}/join", **self.form)
        self.assertSentHome(response, f"{WAITING}?joined=1")
        entry = self.entry()
        self.assertEqual(
            (entry.weekdays, entry.hour_from, entry.hour_to), ("12", 8, 10)
        )
        text = self.text(self.open(f"{WAITING}?joined=1"))
        self.assertIn("You are on the list", text)
        self.assertIn("08:00 AM – 10:00 AM", text)
        self.run_cron("coaching.waiting", "_cron_offer")
        path = f"{PROPOSALS}/{entry.proposal_ids.id}"
        page = self.open(WAITING)
        self.assertTrue(self.find(page, f"//a[@href='{path}']"))
        self.assertIn("offers you a time", self.text(self.open(path)))
        self.assertTrue(self.find(self.open(SESSIONS), f"//a[@href='{path}']"))
        response = self.post(f"{path}/accept", start="2027-03-09 08:00:00")
        self.assertSentHome(response, path)
        self.assertEqual(entry.state, "booked")
        response = self.post(f"{WAITING}/{entry.id}/leave")
        self.assertIn("This is no longer on the waiting list", response.text)

    def test_terms_on_the_way(self):
        self.company.coaching_terms_id = self.env["coaching.terms"].create(
            {"name": "House rules", "body": "Be on time."}
        )
        self.post(f"{WAITING}/join", **self.form)
        self.run_cron("coaching.waiting", "_cron_offer")
        path = f"{PROPOSALS}/{self.entry().proposal_ids.id}"
        self.assertIn("Be on time", self.text(self.open(path)))
        start = "2027-03-09 08:00:00"
        response = self.post(f"{path}/accept", start=start)
        self.assertIn("read and accept", response.text)
        terms_id = self.company.coaching_terms_id.id
        self.post(f"{path}/accept", start=start, terms_accepted=terms_id)
        self.assertEqual(self.entry().state, "booked")

    def test_leave(self):
        self.post(f"{WAITING}/join", **self.form)
        entry = self.entry()
        self.assertSentHome(self.post(f"{WAITING}/{entry.id}/leave"), WAITING)
        self.assertEqual(entry.state, "cancelled")

    def test_refused(self):
        """Nothing that was typed is lost."""
        for values, words in (
            ({"date_from": ""}, "Choose the first and last day"),
            ({"date_from": "soon"}, "is not a date"),
            ({"hour_from": "11:00"}, "the earlier one first"),
            ({"hour_from": "noon"}, "hours from 0 to 24"),
            ({"type": "x"}, "what to wait for"),
        ):
            with self.subTest(values):
                response = self.post(f"{WAITING}/join", **{**self.form, **values})
                self.assertEqual(response.status_code, 200)
                self.assertIn(words, response.text)
                self.assertIn("2027-03-09", response.text)
        self.assertFalse(self.entry())

    def test_choices(self):
        """Clients don't wait for what they can't book."""
        option = f"//select[@name='type']/option[@value='{self.individual.id}']"
        self.assertTrue(self.find(self.open(WAITING), option))
        self.individual.client_can_book = False
        self.assertFalse(self.find(self.open(WAITING), option))
        response = self.post(f"{WAITING}/join", **self.form)
        self.assertIn(
            "so you can't join its waiting list",
            self.text(self.parse(response.text)),
        )
        self.assertFalse(self.entry())

    def test_others(self):
        self.post(f"{WAITING}/join", **self.form)
        entry = self.entry()
        self.login(self.other_user)
        self.assertNotIn("08:00 AM – 10:00 AM", self.text(self.open(WAITING)))
        self.assertSentHome(self.post(f"{WAITING}/{entry.id}/leave"))
        self.assertSentHome(self.post(f"{WAITING}/{2**40}/leave"))
        self.assertEqual(entry.state, "waiting")
