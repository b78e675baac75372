from datetime import timedelta

from odoo.tests import tagged

from ..common import SESSIONS, PortalCommon


@tagged("post_install", "-at_install")
class TestPortalClient(PortalCommon):
    def _counters(self, user):
        self.login(user)
        names = [
            "coaching_upcoming_count",
            "coaching_session_count",
            "coaching_package_count",
            "coaching_awaiting_count",
            "coaching_coach_count",
        ]
        response = self.url_open(
            "/my/counters", json=self.build_rpc_payload({"counters": names})
        )
        result = response.json()["result"]
        return [result[name] for name in names]

    def test_home(self):
        """Each one finds their own cards on the portal's home page."""
        self.book(days=2)
        self.book(days=3)
        over = self.book(days=1)
        self.travel(over.stop)
        self.assertEqual(self._counters(self.client_user), [2, 1, 1, 0, 0])
        self.assertEqual(self._counters(self.portal_coach_user), [0, 0, 0, 1, 1])
        self.assertEqual(self._counters(self.coach_user), [0, 0, 0, 0, 1])
        self.assertEqual(self._counters(self.manager), [0, 0, 0, 0, 0])
        tree = self.open("/my", self.client_user)
        links = {
            link.get("href")
            for link in self.find(tree, "//*[hasclass('o_portal_docs')]//a")
        }
        self.assertLessEqual({SESSIONS, "/my/coaching/packages"}, links)

    def _ids(self, query=""):
        tree = self.open(f"{SESSIONS}{query}")
        links = self.find(
            tree, "//*[hasclass('o_coaching_card')]//a[hasclass('stretched-link')]"
        )
        return [int(link.get("href").rsplit("/", 1)[1]) for link in links]

    def test_order_and_filters(self):
        """To come next first, then what is over or cancelled, latest first."""
        first = self.book(days=1)
        second = self.book(days=2)
        self.travel(second.stop)
        late, soon = self.book(days=10), self.book(days=4)
        gone = self.book(days=8)
        gone.action_cancel("Holiday")
        first.attendance_ids.action_close("no_show")
        self.login(self.client_user)
        past = [gone.id, second.id, first.id]  # R71: cancelled and missed ones too
        self.assertEqual(self._ids(), [soon.id, late.id, *past])  # R68
        self.assertEqual(self._ids("?filterby=upcoming"), [soon.id, late.id])
        self.assertEqual(self._ids("?filterby=past"), past)
        self.assertEqual(
            self._ids("?sortby=newest"),
            [late.id, gone.id, soon.id, second.id, first.id],
        )

    def test_pages_hold_everything_once(self):
        """A list of two parts goes on over the pages without loss or repetition."""
        package = self.env["coaching.package"]._grant(
            {"partner_id": self.client.id}, 50
        )
        sessions = self.env["coaching.session"]
        for days in range(0, 14):
            if days % 7 < 5:
                for hour in (10, 11, 14):
                    sessions |= self.book(days=days, hour=hour, package_id=package.id)
        self.travel(self.now + timedelta(days=7))
        self.login(self.client_user)
        seen = self._ids() + self._ids("/page/2")
        self.assertEqual(len(self._ids()), 20)
        self.assertEqual(len(seen), len(sessions))
        self.assertEqual(set(seen), set(sessions.ids))

    def test_row_and_page(self):
        """Type, coach, package with what is left and until when, zone, duration."""
        self.client_user.tz = "America/New_York"
        session = self.book(note="Preparing the talk")
        tree = self.open(SESSIONS, self.client_user)
        row = self.text(tree, "//*[hasclass('o_coaching_card')]")
        page = self.open(f"{SESSIONS}/{session.id}")
        details = self.text(page, "//*[hasclass('o_coaching_page')]")
        for text in (row, details):
            text = text.replace("\u202f", " ")
            self.assertIn("Individual session", text)
            self.assertIn(self.portal_coach.name, text)
            self.assertIn("04:00 AM – 05:00 AM", text)  # R77
            self.assertIn("60 min", text)  # R69
            self.assertIn("Package session", text)  # R118
            self.assertIn("Five sessions", text)
            self.assertIn("4 of 5 left", text)  # R119
            self.assertIn("until 08/31/2027", text)
            self.assertIn("Booked", text)
        self.assertIn("Local times in New York", self.text(tree))
        self.assertEqual(tree.findtext(".//title").strip(), "Your sessions")
        self.assertIn("(New York time)", details)
        self.assertIn("Tuesday, March 2, 2027", details)
        self.assertIn("Preparing the talk", details)

    def test_states_in_words(self):
        session = self.book(days=0, hour=10)
        self.login(self.client_user)
        path = f"{SESSIONS}/{session.id}"
        attendance = session.attendance_ids
        self.travel(session.start)
        self.assertEqual(
            self.text(self.open(path), "//*[hasclass('o_coaching_state')]"), "Now"
        )
        self.travel(session.stop)
        words = {
            None: "Waiting for your coach",
            "completed": "Completed",
            "no_show": "Missed",
            "client_late_cancel": "Late cancellation",
            "client_early_cancel": "Early cancellation",
            "coach_missed": "Cancelled",
        }
        for code, word in words.items():
            if code:
                attendance.action_close(code)
            self.assertEqual(
                self.text(self.open(path), "//*[hasclass('o_coaching_state')]"), word
            )
        self.assertIn("was returned to your package", self.text(self.open(path)))
        attendance.action_close("completed")
        self.assertIn("counts as used", self.text(self.open(path)))
