from datetime import timedelta

from odoo.tests import tagged

from ..common import COACH, SESSIONS, PortalCommon

PROPOSALS = "/my/coaching/proposals"


@tagged("post_install", "-at_install")
class TestPortalProposal(PortalCommon):
    """Asking for another time and choosing one, on any telephone (R51, R99-R101)."""

    def setUp(self):
        super().setUp()
        self.booked = self.book(days=3)  # Thursday 09:00
        self.old = self.booked.start
        self.path = f"{SESSIONS}/{self.booked.id}"
        self.coach_path = f"{COACH}/{self.booked.id}"
        self.times = ["2027-03-08 09:00:00", "2027-03-08 11:00:00"]

    def propose(self):
        return self.booked.with_user(self.portal_coach_user).action_propose(
            self.times, "I am ill"
        )

    def ask(self):
        self.travel(self.old - timedelta(hours=3))
        return self.booked.with_user(self.client_user).action_ask_reschedule(
            self.times[0], "Dentist"
        )

    def shown(self, tree):
        return [node.get("value") for node in self.find(tree, "//input[@name='slot']")]

    def test_move_to_a_time_that_is_shown(self):
        """What is shown is what can be had, in the reader's zone."""
        taken = self.book(days=4, partner_ids=self._new_client().ids)
        self.client_user.tz = "America/New_York"
        page = self.open(self.path, self.client_user)
        shown = self.shown(page)
        self.assertIn("2027-03-05 10:00:00", shown)
        self.assertNotIn(str(taken.start), shown)
        self.assertNotIn(str(self.old), shown)
        text = self.text(page, "//*[hasclass('o_coaching_move')]")
        self.assertIn("Friday, March 5, 2027", text)
        response = self.post(f"{self.path}/move", slot="2027-03-05 10:00:00")
        self.assertSentHome(response, f"{self.path}?done=moved")
        self.assertEqual(str(self.booked.start), "2027-03-05 10:00:00")

    def _new_client(self):
        self._sell(self.other_user.partner_id)
        return self.other_user.partner_id

    def test_a_time_that_another_booking_needed(self):
        """It is not there to choose any more."""
        proposal = self.booked.action_propose(self.times)
        self.book(start=self.times[0], coach_id=self.booked.coach_id.id)
        path = f"{PROPOSALS}/{proposal.id}"
        page = self.open(path, self.client_user)
        values = [node.get("value") for node in self.find(page, "//*[@name='start']")]
        self.assertEqual(values, self.times[1:])
        response = self.post(f"{path}/accept", start=self.times[0])
        self.assertIn("is no longer held because it was booked", response.text)

    def test_later_times(self):
        page = self.open(f"{self.path}?day=2027-03-22", self.client_user)
        shown = self.shown(page)
        self.assertTrue(shown)
        self.assertTrue(all(value >= "2027-03-22" for value in shown))
        (link,) = self.find(page, "//a[text()='Later times']")
        self.assertIn("day=2027-04-05", link.get("href"))
        for day in ("soon", "9999-12-31", "2027-03-22T10", "1999-01-01"):
            self.open(f"{self.path}?day={day}")

    # R51
    def test_ask_and_accept(self):
        """The client asks on one page, the coach answers on another."""
        self.travel(self.old - timedelta(hours=3))
        page = self.open(self.path, self.client_user)
        self.assertIn(self.times[0], self.shown(page))
        (form,) = self.find(page, f"//form[@action='{self.path}/ask']")
        self.assertEqual(form.get("method"), "post")
        response = self.post(f"{self.path}/ask", slot=self.times[0], reason="Dentist")
        self.assertSentHome(response, f"{self.path}?done=asked")
        proposal = self.booked.proposal_ids
        self.assertEqual((proposal.state, proposal.message), ("open", "Dentist"))
        page = self.open(self.path)
        text = self.text(page, "//*[hasclass('o_coaching_proposal')]")
        self.assertIn("You asked", text)
        self.assertIn("Withdraw", text)
        path = f"{PROPOSALS}/{proposal.id}"
        self.assertSentHome(self.post(f"{path}/accept"))
        self.assertEqual(proposal.state, "open", "the client can't answer")
        page = self.open(COACH, self.portal_coach_user)
        self.assertTrue(self.find(page, f"//a[@href='{path}']"))
        for page in (self.open(path), self.open(self.coach_path)):
            self.assertIn("asks for another time", self.text(page))
            self.assertIn("Dentist", self.text(page))
        response = self.post(f"{path}/accept", start=self.times[0])
        self.assertSentHome(response, path)
        self.assertEqual(str(self.booked.start), self.times[0])
        self.assertIn("Accepted", self.text(self.open(path)))

    def test_ask_is_refused(self):
        """What was typed stays."""
        self.travel(self.old - timedelta(hours=3))
        self.login(self.client_user)
        for slot in ("", "soon", "2027-03-06 10:00:00"):
            response = self.post(f"{self.path}/ask", slot=slot, reason="<b>Me")
            self.assertEqual(response.status_code, 200)
            self.assertIn("&lt;b&gt;Me", response.text)
            self.assertIn("alert-danger", response.text)
        self.assertFalse(self.booked.proposal_ids)

    def test_decline_and_take_back(self):
        path = f"{PROPOSALS}/{self.ask().id}"
        response = self.post(
            f"{path}/decline", self.portal_coach_user, reason="I am in Rome"
        )
        self.assertSentHome(response, path)
        self.assertIn("I am in Rome", self.text(self.open(path, self.client_user)))
        response = self.post(f"{path}/withdraw")
        self.assertEqual(response.status_code, 200)
        self.assertIn("was already declined", response.text)
        path = f"{PROPOSALS}/{self.ask().id}"
        self.assertSentHome(self.post(f"{path}/withdraw"), path)
        self.assertEqual(self.booked.start, self.old)
        self.assertEqual(
            set(self.booked.proposal_ids.mapped("state")), {"refused", "withdrawn"}
        )

    def test_offer_and_pick(self):
        """R99-R101: the coach chooses from free times, the client from those."""
        page = self.open(f"{self.coach_path}/offer", self.portal_coach_user)
        shown = self.shown(page)
        self.assertLessEqual(set(self.times), set(shown))
        response = self.post(
            f"{self.coach_path}/propose", slot=self.times, message="I am ill"
        )
        proposal = self.booked.proposal_ids
        path = f"{PROPOSALS}/{proposal.id}"
        self.assertSentHome(response, path)
        page = self.open(SESSIONS, self.client_user)
        self.assertTrue(self.find(page, f"//a[@href='{path}']"))
        for page in (self.open(self.path), self.open(path)):
            values = [n.get("value") for n in self.find(page, "//input[@name='start']")]
            self.assertLessEqual(set(self.times), set(values))
            self.assertIn("I am ill", self.text(page))
        response = self.post(f"{path}/accept")
        self.assertIn("Choose one of the times", response.text)
        self.assertSentHome(self.post(f"{path}/accept", start=self.times[1]), path)
        self.assertEqual(str(self.booked.start), self.times[1])

    def test_offer_is_refused(self):
        self.login(self.portal_coach_user)
        response = self.post(f"{self.coach_path}/propose", message="<b>Me")
        self.assertEqual(response.status_code, 200)
        self.assertIn("at least one time", response.text)
        self.assertIn("&lt;b&gt;Me", response.text)

    def test_only_by_post(self):
        """An email scanner that opens links answers nothing."""
        proposal = self.propose()
        self.login(self.client_user)
        for action in ("accept", "decline", "withdraw"):
            response = self.url_open(f"{PROPOSALS}/{proposal.id}/{action}")
            self.assertIn(response.status_code, (404, 405))
        self.assertEqual(proposal.state, "open")

    def test_others_see_nothing(self):
        proposal = self.propose()
        path = f"{PROPOSALS}/{proposal.id}"
        self.login(self.other_user)
        for url in (path, f"{PROPOSALS}/0", f"{PROPOSALS}/{2**40}"):
            self.assertSentHome(self.url_open(url, allow_redirects=False))
        self.assertNotIn("I am ill", self.text(self.open(PROPOSALS)))
        for action in ("accept", "decline", "withdraw"):
            self.assertSentHome(self.post(f"{path}/{action}", start=self.times[0]))
        for url in (f"{self.coach_path}/offer",):
            self.assertSentHome(self.url_open(url, allow_redirects=False))
        self.assertSentHome(
            self.post(f"{self.coach_path}/propose", slot="2027-03-09 09:00:00")
        )
        self.assertSentHome(self.post(f"{self.path}/ask", slot=self.times[0]))
        self.assertEqual(self.booked.proposal_ids, proposal)
        self.assertEqual(proposal.state, "open")

    def test_list_and_counter(self):
        self.propose()
        self.assertIn("I am ill", self.text(self.open(PROPOSALS, self.client_user)))
        result = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["coaching_proposal_count"]}
        )
        self.assertEqual(result["coaching_proposal_count"], 1)

    def test_mail_leads_there(self):
        proposal = self.propose()
        self.client.email = "client@example.com"
        for partner in (self.client, self.portal_coach.partner_id):
            url = proposal.sudo()._get_url(partner)
            self.assertTrue(url.endswith(f"{PROPOSALS}/{proposal.id}"))
        self.assertFalse(proposal._get_url(self.other_client), "no login, no link")
        self.assertIn("/mail/view", proposal._get_url(self.manager.partner_id))
