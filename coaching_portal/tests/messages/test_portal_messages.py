from odoo.tests import tagged

from ..common import SESSIONS
from ..common_actions import ActionCommon


@tagged("post_install", "-at_install")
class TestPortalMessages(ActionCommon):
    """Coach and client write to each other (R43, R47)."""

    # R47
    def test_write_to_the_coach(self):
        """Sent, logged, and read again on both pages."""
        response = self.post(f"{self.path}/message", body="Can we\nmove? <i>")
        self.assertSentHome(response, f"{self.path}?done=sent")
        self.assertEqual(self._log("message").description, "Can we\nmove? <i>")
        self.assertEqual(self._log("message").user_id, self.client_user)
        page = self.open(response.headers["Location"])
        self.assertIn("will be sent shortly", self.text(page))
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
        self.assertShown(response, "no email address", "Please call &lt;me&gt;")
        self.assertFalse(self._log("message"))

    # R43
    def test_coach_writes(self):
        """After a no-show with an offer, and nothing lost when refused."""
        self.login(self.portal_coach_user)
        (field,) = self.find(self.open(self.coach_path), "//textarea[@name='body']")
        self.assertEqual(field.text or "", "")
        self.close(self.booked, "no_show")
        (field,) = self.find(self.open(self.coach_path), "//textarea[@name='body']")
        self.assertIn(
            "If you would like another time, reply to this message and tell us"
            " when would suit you",
            field.text,
        )
        self.client.email = False
        path = f"{self.coach_path}/message"
        data = {"attendance_id": self.attendance.id, "body": "Next <week>?"}
        self.assertShown(
            self.post(path, **data), "no email address", "Next &lt;week&gt;?"
        )
        self.client.email = "client@example.com"
        response = self.post(path, **data)
        self.assertEqual(response.status_code, 303)
        self.assertEqual(self._log("message").user_id, self.portal_coach_user)
        page = self.open(self.coach_path + f"?sent={self.attendance.id}")
        self.assertIn("will be sent shortly", self.text(page))
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
