from unittest.mock import patch
from urllib.parse import parse_qsl, urlsplit

from lxml import html

from odoo.tests import tagged

from ...controllers import base
from ..common import COACH, PortalCommon


@tagged("post_install", "-at_install")
class TestPortalCoach(PortalCommon):
    """The coach's list, and the email that leads to it."""

    def _ids(self, query=""):
        tree = self.open(f"{COACH}{query}")
        links = self.find(
            tree, "//*[hasclass('o_coaching_card')]//a[hasclass('stretched-link')]"
        )
        return [int(link.get("href").rsplit("/", 1)[1]) for link in links]

    def test_lists(self):
        """Awaiting updates, oldest first; to come; below what is closed (R31, R32)."""
        first, second = self.book(days=1), self.book(days=2)
        done = self.book(days=0, hour=10)
        future = self.book(days=9)
        self.travel(second.stop)
        done.attendance_ids.action_close("completed")
        self.login(self.portal_coach_user)
        self.assertEqual(self._ids(), [first.id, second.id, future.id, done.id])
        self.assertEqual(
            [
                node.text_content().strip()
                for node in self.find(self.open(COACH), "//h2")
            ],
            ["Awaiting updates", "Upcoming", "Closed"],
        )
        self.assertEqual(self._ids("?filterby=awaiting"), [first.id, second.id])
        self.assertEqual(self._ids("?filterby=upcoming"), [future.id])
        self.assertEqual(self._ids("?filterby=past"), [done.id])
        # where an email's button lands (R13)
        self.assertTrue(self.find(self.open(COACH), f"//*[@id='session-{first.id}']"))
        first.attendance_ids.action_close("no_show")
        self.assertEqual(self._ids("?filterby=awaiting"), [second.id])

    def _mail_link(self, session):
        """Return where the button of the email about a session leads to."""
        with self.enter_registry_test_mode():
            for name in ("ask", "send_notifications"):
                cron = self.env.ref(f"coaching_sessions.ir_cron_{name}")
                cron.method_direct_trigger()
        self.env.invalidate_all()
        question = self.env["coaching.notification"].search(
            [("session_id", "=", session.id), ("kind", "=", "ask")]
        )
        body = html.fromstring(question.mail_id.body_html)
        (link,) = body.xpath("//a[contains(., 'CONFIRM SESSION')]")
        url = link.get("href")
        base = session.get_base_url()
        self.assertTrue(url.startswith(base), url)
        return url.removeprefix(base)

    def _land(self, link):
        """Open a link of an email and return where it ended and the page."""
        response = self.url_open(link)
        self.assertEqual(response.status_code, 200)
        url = urlsplit(response.url)
        return url, html.fromstring(response.text)

    # R12 R13
    def test_mail_lands_at_the_card(self):
        """CONFIRM SESSION leads to the card, whatever page of the list it is on."""
        session = self.book(days=1)
        self.travel(session.stop)
        link = self._mail_link(session)
        self.login(self.portal_coach_user)
        url, page = self._land(link)
        self.assertEqual((url.path, url.fragment), (COACH, f"session-{session.id}"))
        self.assertTrue(self.find(page, f"//*[@id='session-{session.id}']"))
        with self.subTest("on a later page"):
            with patch.object(base, "ITEMS_PER_PAGE", 2):
                self.travel(self.now)
                package = self._sell(self.client)
                others = self.env["coaching.session"]
                for hour in (8, 13, 14):
                    others |= self.book(days=1, hour=hour, package_id=package.id)
                self.travel(max(others.mapped("stop")))
                self.assertEqual(self._land(link)[0].path, COACH)
                for other, number in zip(
                    others.sorted("start"), ("", "/page/2", "/page/2"), strict=True
                ):
                    url, page = self._land(f"{COACH}/confirm/{other.id}")
                    self.assertEqual(url.path, f"{COACH}{number}")
                    self.assertTrue(self.find(page, f"//*[@id='session-{other.id}']"))
                # oldest first, and what is closed comes after: on a page of its own
                session.attendance_ids.action_close("completed")
                url, page = self._land(link)
                self.assertEqual(url.path, f"{COACH}/page/2")
                self.assertTrue(self.find(page, f"//*[@id='session-{session.id}']"))
        with self.subTest("to come, after all"):
            self.travel(self.now)
            future = self.book(days=9)
            url, page = self._land(f"{COACH}/confirm/{future.id}")
            self.assertEqual(url.query, "filterby=upcoming")
            self.assertTrue(self.find(page, f"//*[@id='session-{future.id}']"))

    # R13
    def test_mail_lands_after_signing_in(self):
        session = self.book(days=1)
        self.travel(session.stop)
        link = self._mail_link(session)
        self.login(None)
        response = self.url_open(link, allow_redirects=False)
        login = urlsplit(response.headers["Location"])
        self.assertEqual(login.path, "/web/login")
        back = dict(parse_qsl(login.query))["redirect"]
        self.portal_coach_user.password = "let me in please"
        form = self.url_open(response.headers["Location"])
        token = html.fromstring(form.text).xpath("//input[@name='csrf_token']")[0]
        response = self.url_open(
            "/web/login",
            data={
                "login": self.portal_coach_user.login,
                "password": "let me in please",
                "csrf_token": token.get("value"),
                "redirect": back,
            },
        )
        url = urlsplit(response.url)
        self.assertEqual((url.path, url.fragment), (COACH, f"session-{session.id}"))

    # R13
    def test_mail_lands_in_the_backend(self):
        """An internal coach answers in the form of that session."""
        session = self.book(coach_id=self.coach.id)
        self.travel(session.stop)
        link = self._mail_link(session)
        self.login(self.coach_user)
        response = self.url_open(link, allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        target = urlsplit(response.headers["Location"])
        self.assertEqual(target.path, f"/odoo/coaching.session/{session.id}")

    # R13
    def test_mail_link_of_others(self):
        session = self.book(days=1)
        self.travel(session.stop)
        for user in (self.client_user, self.coach_user):
            self.login(user)
            response = self.url_open(
                f"{COACH}/confirm/{session.id}", allow_redirects=False
            )
            self.assertSentHome(response)

    def test_internal_coach(self):
        session = self.book(coach_id=self.coach.id)
        self.travel(session.stop)
        self.login(self.coach_user)
        self.assertEqual(self._ids(), [session.id])
        self.post(f"{COACH}/{session.id}/complete")
        self.assertEqual(session.state, "completed")

    def test_empty(self):
        page = self.open(f"{COACH}?filterby=awaiting", self.portal_coach_user)
        self.assertIn("All sessions are closed out", self.text(page))
        self.assertIn("No session has taken place yet", self.text(self.open(COACH)))
