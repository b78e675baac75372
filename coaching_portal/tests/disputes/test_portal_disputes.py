from datetime import timedelta

from odoo.tests import tagged

from ..common_actions import ActionCommon


@tagged("post_install", "-at_install")
class TestPortalDisputes(ActionCommon):
    """A client says that something is wrong (rank 13, 15)."""

    def test_dispute(self):
        """What is recorded, until when to object, and what became of it."""
        self.assertFalse(self._has(self.open(self.path), "o_coaching_objection"))
        self.close(self.booked, "no_show", note="Secret remark")
        page = self.open(self.path)
        text = self.text(page, "//*[hasclass('o_coaching_objection')]")
        self.assertIn("Recorded: No-show", text)
        self.assertIn("Is something wrong? Tell us until 03/09/2027, 10:05", text)
        response = self.post(f"{self.path}/dispute", claim=" ", outcome_code="other")
        self.assertShown(
            response, "Describe briefly", 'value="other" selected="selected"'
        )
        response = self.post(
            f"{self.path}/dispute", claim="I was <there>", outcome_code="completed"
        )
        self.assertSentHome(response, f"{self.path}?done=disputed")
        page = self.open(response.headers["Location"])
        text = self.text(page, "//*[hasclass('o_coaching_objection')]")
        self.assertIn("I was <there>", text)
        self.assertIn("Open", text)
        self.assertIn("Correct outcome: Completed", text)
        self.assertFalse(self._has(page, "o_coaching_dispute"))
        self.assertNotIn("Secret remark", self.text(page))
        # a second tab
        response = self.post(f"{self.path}/dispute", claim="Once more")
        self.assertShown(response, "You already told us about this", "(Open)")
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
        self.assertShown(response, "Write to your coach instead")

    def test_report(self):
        """From the start on, also while nobody closed it out; and taken back."""
        self.travel(self.booked.start - timedelta(seconds=1))
        self.assertFalse(self._has(self.open(self.path), "o_coaching_report"))
        self.travel(self.booked.start)
        self.assertTrue(self._has(self.open(self.path), "o_coaching_report"))
        self.assertShown(self.post(f"{self.path}/report", note=""), "Describe briefly")
        response = self.post(f"{self.path}/report", note="Nobody came")
        self.assertSentHome(response, f"{self.path}?done=disputed")
        self.assertEqual(self._disputes().kind, "coach_no_show")
        page = self.open(self.path)
        self.assertIn("You reported that your coach did not attend", self.text(page))
        self.assertFalse(self._has(page, "o_coaching_report"))
        response = self.post(f"{self.path}/withdraw")
        self.assertSentHome(response, f"{self.path}?done=withdrawn")
        self.assertEqual(self._disputes().state, "withdrawn")
