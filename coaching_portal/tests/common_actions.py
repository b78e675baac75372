from .common import COACH, SESSIONS, PortalCommon


class ActionCommon(PortalCommon):
    """The page of a session that is to come, and what can be done there."""

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
