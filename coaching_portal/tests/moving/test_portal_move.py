from datetime import datetime, timedelta

from odoo.tests import tagged

from ..common import SESSIONS
from ..common_actions import ActionCommon


@tagged("post_install", "-at_install")
class TestPortalMove(ActionCommon):
    """Moving on the page of a session (R46-R51)."""

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
            ("", "Choose the new day and time"),
            ("soon", "Choose the new day and time"),
            ("2027-03-08T09:30+02:00", "Choose the new day and time"),
            ("9999-01-01T00:00", "Choose the new day and time"),
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
        self.assertShown(response, "is already at", "Choose another time")
        self.assertFalse(self._log("moved"))
        for _tap in range(2):
            response = self.post(f"{self.path}/move", slot="2027-03-08 09:00:00")
            self.assertSentHome(response, f"{self.path}?done=moved")
        self.assertEqual(len(self._log("moved")), 1)
        self.travel(self.now + timedelta(minutes=5))
        response = self.post(f"{self.path}/move", slot="2027-03-08 09:00:00")
        self.assertShown(response, "is already at", "Choose another time")

    # R51
    def test_too_late_to_move(self):
        """The page says who can move it, with the way to them."""
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
        """A client who missed it reads that they should write to their coach."""
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

    def test_nothing_changes_on_get(self):
        self.close(self.booked, "no_show")
        for action in ("move", "message", "dispute", "report", "withdraw"):
            response = self.url_open(f"{self.path}/{action}", allow_redirects=False)
            self.assertIn(response.status_code, (404, 405), action)
