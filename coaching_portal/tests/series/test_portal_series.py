from datetime import timedelta

from odoo.tests import tagged

from ..common import COACH, SESSIONS, PortalCommon


@tagged("post_install", "-at_install")
class TestPortalSeries(PortalCommon):
    """From any session of a series the whole of it is seen (R109)."""

    def setUp(self):
        super().setUp()
        self._sell(self.other_user.partner_id)
        result = self.env["coaching.series"].book(
            {
                "booking_type_id": self.group_type.id,
                "coach_id": self.portal_coach.id,
                "partner_ids": (self.client | self.other_user.partner_id).ids,
                "start": (self.now + timedelta(days=1)).replace(hour=10),
                "count": 4,
            }
        )
        sessions = self.env["coaching.session"].browse(result["session_ids"])
        self.sessions = sessions.sorted("start")

    def _links(self, tree):
        links = self.find(tree, "//*[hasclass('o_coaching_series')]//li//a")
        return [int(link.get("href").rsplit("/", 1)[1]) for link in links]

    def test_the_client_s(self):
        """The client's own sessions, and nobody else's name."""
        self.sessions[3].with_user(self.client_user).action_cancel()
        tree = self.open(f"{SESSIONS}/{self.sessions[1].id}", self.client_user)
        self.assertEqual(self._links(tree), self.sessions.ids)
        text = self.text(tree)
        self.assertIn("Series: 2 of 4", text)
        self.assertIn("Early cancellation", text)
        self.assertNotIn(self.other_user.name, text)

    def test_the_coach_s(self):
        self.sessions[2].coach_id = self.coach
        tree = self.open(f"{COACH}/{self.sessions[0].id}", self.portal_coach_user)
        self.assertEqual(self._links(tree), (self.sessions - self.sessions[2]).ids)
        self.assertIn("Series: 1 of 4", self.text(tree))

    def test_no_series(self):
        session = self.book(days=2)
        for path, user in (
            (f"{SESSIONS}/{session.id}", self.client_user),
            (f"{COACH}/{session.id}", self.portal_coach_user),
        ):
            tree = self.open(path, user)
            self.assertFalse(self.find(tree, "//*[hasclass('o_coaching_series')]"))
