from datetime import timedelta

from ..common import COACH, PortalCommon

ACTIONS = ("move", "cancel", "skip", "pause", "resume", "end")


class SeriesCommon(PortalCommon):
    """Forms of a series, as its coach fills them in.

    Four Wednesdays at ten, from 3 March 2027 on.
    """

    def setUp(self):
        super().setUp()
        result = self.env["coaching.series"].book(
            {
                "booking_type_id": self.individual.id,
                "coach_id": self.portal_coach.id,
                "partner_ids": self.client.ids,
                "start": (self.now + timedelta(days=2)).replace(hour=10),
                "count": 4,
            }
        )
        self.series = self.env["coaching.series"].browse(result["series_id"])
        sessions = self.env["coaching.session"].browse(result["session_ids"])
        self.sessions = sessions.sorted("start")
        self.starts = self.sessions.mapped("start")
        self.login(self.portal_coach_user)

    # === HELPERS === #

    def url(self, action, session=None):
        return f"{COACH}/{(session or self.sessions[0]).id}/series/{action}"

    def ask(self, action, session=None, **data):
        """Send a form that was not seen; return the page with what will happen."""
        response = self.post(self.url(action, session), **data)
        self.assertEqual(response.status_code, 200)
        return self.parse(response.text)

    def confirm(self, action, session=None, **data):
        """See what will happen and do it; return the page that follows."""
        session = session or self.sessions[0]
        seen = self.seen(self.ask(action, session, **data))
        self.assertTrue(seen)
        response = self.post(self.url(action, session), seen=seen, **data)
        self.assertSentHome(response, f"{COACH}/{session.id}")
        return self.open(f"{COACH}/{session.id}")

    def error(self, tree):
        return self.text(tree, "//*[hasclass('alert-danger')][@role='alert']")

    def links(self, session):
        tree = self.open(f"{COACH}/{session.id}", self.portal_coach_user)
        links = self.find(tree, "//*[hasclass('o_coaching_series_actions')]//a")
        return [link.get("href").rsplit("/", 1)[1] for link in links]

    def assertUntouched(self):
        self.assertEqual(set(self.sessions.mapped("state")), {"scheduled"})
        self.assertEqual(self.sessions.mapped("start"), self.starts)
        self.assertEqual(self.series.state, "active")
        self.assertFalse(self.series.gap_ids)
