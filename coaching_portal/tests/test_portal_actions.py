from datetime import datetime, timedelta

from odoo.tests import tagged

from .common import COACH, SESSIONS, PortalCommon


@tagged("post_install", "-at_install")
class TestPortalActions(PortalCommon):
    """Moving, writing and objecting on the page of a session (R43-R51, rank 13, 15)."""

    def setUp(self):
        super().setUp()
        self.booked = self.book(days=3)
        self.attendance = self.booked.attendance_ids
        self.path = f"{SESSIONS}/{self.booked.id}"
        self.coach_path = f"{COACH}/{self.booked.id}"
        self.client.email = "client@example.com"
        self.portal_coach.partner_id.email = "coach@example.com"
        self.login(self.client_user)

    def _has(self, tree, name):
        return bool(self.find(tree, f"//*[hasclass('{name}')]"))

    def _log(self, action):
        return self.booked.log_ids.filtered(lambda line: line.action == action)

    def _disputes(self):
        return self.env["coaching.dispute"].search(
            [("session_id", "=", self.booked.id)]
        )

    def assertShown(self, response, *texts):
        """Assert that the page came back with what was typed and what was wrong."""
        self.assertEqual(response.status_code, 200)
        for text in texts:
            self.assertIn(text, response.text)

    # === MOVING === #

    # R46
    def test_move(self):
        """In the reader's own zone, and the page says it is done."""
        self.client_user.tz = "America/New_York"
        page = self.open(self.path)
        self.assertIn(
            "Possible until", self.text(page, "//*[hasclass('o_coaching_move')]")
        )
        (field,) = self.find(page, "//input[@name='start']")
        self.assertEqual(field.get("value"), "2027-03-04T04:00")
        response = self.post(
            f"{self.path}/move", start="2027-03-08T09:30", reason="Dentist"
        )
        self.assertSentHome(response, f"{self.path}?done=moved")
        self.assertEqual(self.booked.start, datetime(2027, 3, 8, 14, 30))
        self.assertIn("Dentist", self._log("moved").description)
        self.assertIn(
            "has a new time", self.text(self.open(response.headers["Location"]))
        )

    def test_move_over_a_clock_change(self):
        """What the wall clock says on the new day, not on the old one."""
        self.client_user.tz = "Europe/Brussels"
        self.post(f"{self.path}/move", start="2027-03-29T10:00")
        self.assertEqual(self.booked.start, datetime(2027, 3, 29, 8))

    def test_move_refused(self):
        """Nothing that was typed is lost."""
        for start, words in (
            ("2027-03-06T10:00", "does not work"),
            ("", "Choose the day"),
            ("soon", "Choose the day"),
            ("2027-03-08T09:30+02:00", "Choose the day"),
            ("9999-01-01T00:00", "Choose the day"),
        ):
            with self.subTest(start):
                response = self.post(f"{self.path}/move", start=start, reason="<b>Me")
                self.assertShown(response, words, "&lt;b&gt;Me", "Write to your coach")
                if start:
                    self.assertIn(start, response.text)
        self.assertFalse(self._log("moved"))

    def test_move_nowhere(self):
        """What the form is filled with is no new time; a second tap is the first."""
        (field,) = self.find(self.open(self.path), "//input[@name='start']")
        response = self.post(f"{self.path}/move", start=field.get("value"))
        self.assertShown(response, "already. Choose another time")
        self.assertFalse(self._log("moved"))
        for _tap in range(2):
            response = self.post(f"{self.path}/move", slot="2027-03-08 09:00:00")
            self.assertSentHome(response, f"{self.path}?done=moved")
        self.assertEqual(len(self._log("moved")), 1)
        self.travel(self.now + timedelta(minutes=5))
        response = self.post(f"{self.path}/move", slot="2027-03-08 09:00:00")
        self.assertShown(response, "already. Choose another time")

    # R51
    def test_too_late_to_move(self):
        """The page says who can move it, with the way to him."""
        self.travel(self.booked.start - timedelta(hours=24))
        page = self.open(self.path)
        text = self.text(page, "//*[hasclass('o_coaching_move')]")
        self.assertIn(f"only {self.portal_coach.name} can move it", text)
        self.assertFalse(self.find(page, "//input[@name='start']"))
        self.assertTrue(self.find(page, "//a[@href='#write']"))
        self.assertTrue(self.find(page, "//*[@id='write']"))
        response = self.post(f"{self.path}/move", start="2027-03-08T09:00")
        self.assertShown(response, "can move it", "Write to your coach")
        self.individual.late_reschedule = "free"
        page = self.open(self.path)
        text = self.text(page, "//*[hasclass('o_coaching_move')]")
        self.assertIn("until the session begins", text)
        self.post(f"{self.path}/move", start="2027-03-08T09:00")
        self.assertTrue(self._log("moved"))

    def test_a_group_is_not_moved(self):
        self._sell(self.client)
        session = self.book(days=4, booking_type_id=self.group_type.id)
        self.assertFalse(
            self._has(self.open(f"{SESSIONS}/{session.id}"), "o_coaching_move")
        )

    # R47
    def test_missed(self):
        """Who missed it reads that he should write to his coach."""
        self.assertFalse(self._has(self.open(self.path), "o_coaching_hint"))
        self.travel(self.booked.start)
        page = self.open(self.path)
        self.assertIn("has begun", self.text(page, "//*[hasclass('o_coaching_hint')]"))
        self.close(self.booked, "no_show")
        page = self.open(self.path)
        hint = self.text(page, "//*[hasclass('o_coaching_hint')]")
        self.assertIn(f"You missed {self.booked.name}", hint)
        self.assertIn("Write a message", hint)
        self.assertFalse(self._has(page, "o_coaching_move"))
        response = self.post(f"{self.path}/move", start="2027-03-08T09:00")
        self.assertShown(response, "You missed", "Write to your coach")

    # === MESSAGES === #

    # R47
    def test_write_to_the_coach(self):
        """Sent, logged, and read again on both pages."""
        response = self.post(f"{self.path}/message", body="Can we\nmove? <i>")
        self.assertSentHome(response, f"{self.path}?done=sent")
        self.assertEqual(self._log("message").description, "Can we\nmove? <i>")
        self.assertEqual(self._log("message").user_id, self.client_user)
        page = self.open(response.headers["Location"])
        self.assertIn("on its way", self.text(page))
        self.assertIn("You,", self.text(page, "//*[hasclass('o_coaching_message')]"))
        page = self.open(self.coach_path, self.portal_coach_user)
        text = self.text(page, "//*[hasclass('o_coaching_message')]")
        self.assertIn("Can we move? <i>", text)
        self.assertIn(self.client.name, text)

    def test_message_refused(self):
        response = self.post(f"{self.path}/message", body=" ")
        self.assertShown(response, "Write a message first")
        self.portal_coach.partner_id.email = False
        response = self.post(f"{self.path}/message", body="Please call <me>")
        self.assertShown(response, "no mail address", "Please call &lt;me&gt;")
        self.assertFalse(self._log("message"))

    # R43
    def test_coach_writes(self):
        """After a no-show with an offer, and nothing lost when refused."""
        self.login(self.portal_coach_user)
        (field,) = self.find(self.open(self.coach_path), "//textarea[@name='body']")
        self.assertEqual(field.text or "", "")
        self.close(self.booked, "no_show")
        (field,) = self.find(self.open(self.coach_path), "//textarea[@name='body']")
        self.assertIn("If you want another time", field.text)
        self.client.email = False
        path = f"{self.coach_path}/message"
        data = {"attendance_id": self.attendance.id, "body": "Next <week>?"}
        self.assertShown(
            self.post(path, **data), "no mail address", "Next &lt;week&gt;?"
        )
        self.client.email = "client@example.com"
        response = self.post(path, **data)
        self.assertEqual(response.status_code, 303)
        self.assertEqual(self._log("message").user_id, self.portal_coach_user)
        page = self.open(self.coach_path + f"?sent={self.attendance.id}")
        self.assertIn("on its way", self.text(page))
        (field,) = self.find(page, "//textarea[@name='body']")
        self.assertEqual(field.text or "", "", "the offer is made")
        self.assertIn("Next <week>?", self.text(self.open(self.path, self.client_user)))

    def test_others_of_a_group_read_nothing(self):
        partner = self.other_user.partner_id
        self._sell(partner)
        session = self.book(
            days=4,
            booking_type_id=self.group_type.id,
            partner_ids=(self.client | partner).ids,
        )
        path = f"{SESSIONS}/{session.id}"
        self.post(f"{path}/message", body="Between us")
        self.assertIn("Between us", self.text(self.open(path)))
        self.assertNotIn("Between us", self.text(self.open(path, self.other_user)))

    # === DISPUTES === #

    def test_dispute(self):
        """What is recorded, until when to object, and what became of it."""
        self.assertFalse(self._has(self.open(self.path), "o_coaching_objection"))
        self.close(self.booked, "no_show", note="Secret remark")
        page = self.open(self.path)
        text = self.text(page, "//*[hasclass('o_coaching_objection')]")
        self.assertIn("Recorded: Client did not show up", text)
        self.assertIn("Something is not right? Tell us until Mar 9, 2027, 10:05", text)
        response = self.post(f"{self.path}/dispute", claim=" ", outcome_code="other")
        self.assertShown(response, "few words", 'value="other" selected="selected"')
        response = self.post(
            f"{self.path}/dispute", claim="I was <there>", outcome_code="completed"
        )
        self.assertSentHome(response, f"{self.path}?done=disputed")
        page = self.open(response.headers["Location"])
        text = self.text(page, "//*[hasclass('o_coaching_objection')]")
        self.assertIn("I was <there>", text)
        self.assertIn("Open", text)
        self.assertIn("It should say: Completed", text)
        self.assertFalse(self._has(page, "o_coaching_dispute"))
        self.assertNotIn("Secret remark", self.text(page))
        # a second tab
        response = self.post(f"{self.path}/dispute", claim="Once more")
        self.assertShown(response, "already: Open")
        page = self.open(self.coach_path, self.portal_coach_user)
        text = self.text(page, "//*[hasclass('o_coaching_objection')]")
        self.assertIn("I was <there>", text)
        self.assertIn("your pay for the session waits", text)
        self._disputes().with_user(self.manager).action_reject("We saw nobody")
        page = self.open(self.path, self.client_user)
        text = self.text(page, "//*[hasclass('o_coaching_objection')]")
        self.assertIn("Rejected", text)
        self.assertIn("We saw nobody", text)

    def test_too_late_to_dispute(self):
        self.close(self.booked, "no_show")
        self.travel(self.attendance.closed_at + timedelta(days=5, seconds=1))
        page = self.open(self.path)
        self.assertFalse(self._has(page, "o_coaching_dispute"))
        self.assertFalse(self._has(page, "o_coaching_report"))
        self.assertIn("Recorded:", self.text(page))
        response = self.post(f"{self.path}/dispute", claim="Still typing")
        self.assertShown(response, "could be disputed until")

    def test_report(self):
        """From the start on, also while nobody closed it out; and taken back."""
        self.travel(self.booked.start - timedelta(seconds=1))
        self.assertFalse(self._has(self.open(self.path), "o_coaching_report"))
        self.travel(self.booked.start)
        self.assertTrue(self._has(self.open(self.path), "o_coaching_report"))
        self.assertShown(self.post(f"{self.path}/report", note=""), "few words")
        response = self.post(f"{self.path}/report", note="Nobody came")
        self.assertSentHome(response, f"{self.path}?done=disputed")
        self.assertEqual(self._disputes().kind, "coach_no_show")
        page = self.open(self.path)
        self.assertIn("You told us that your coach did not come", self.text(page))
        self.assertFalse(self._has(page, "o_coaching_report"))
        response = self.post(f"{self.path}/withdraw")
        self.assertSentHome(response, f"{self.path}?done=withdrawn")
        self.assertEqual(self._disputes().state, "withdrawn")

    def test_nothing_changes_on_get(self):
        self.close(self.booked, "no_show")
        for action in ("move", "message", "dispute", "report", "withdraw"):
            response = self.url_open(f"{self.path}/{action}", allow_redirects=False)
            self.assertIn(response.status_code, (404, 405), action)
