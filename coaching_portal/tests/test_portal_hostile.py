from urllib.parse import urlencode

from odoo.tests import tagged

from .common import COACH, PACKAGES, SESSIONS
from .common_access import AccessCommon

BAD_IDS = (-1, 0, 987654321, 2**31, 10**30)


@tagged("post_install", "-at_install")
class TestPortalHostile(AccessCommon):
    """Whatever is typed, linked to or forged: no page breaks, and nothing changes."""

    def test_bad_ids(self):
        for user in (self.client_user, self.portal_coach_user):
            self.login(user)
            for bad in BAD_IDS:
                for base in (SESSIONS, PACKAGES, COACH):
                    response = self.url_open(f"{base}/{bad}", allow_redirects=False)
                    self.assertSentHome(response)
                for path in (
                    f"{SESSIONS}/{bad}/cancel",
                    f"{COACH}/{bad}/close",
                    f"{COACH}/{bad}/complete",
                ):
                    self.assertSentHome(self.post(path))
            for path in (f"{SESSIONS}/abc", f"{PACKAGES}/1e3", f"{COACH}/1.5"):
                response = self.url_open(path, allow_redirects=False)
                self.assertEqual(response.status_code, 404, path)

    def test_bad_arguments(self):
        """What is typed into the address bar never breaks a page (no KeyError)."""
        self.login(self.client_user)
        for query in (
            "?filterby=x&sortby=y",
            "?sortby=write_uid",
            "/page/999999999999",
            "/page/0",
            "?page=abc&partner_id=1",
        ):
            self.open(f"{SESSIONS}{query}")
        self.login(self.portal_coach_user)
        for query in ("?filterby=x", "?saved=abc", f"?saved={10**30}", "?saved=-1"):
            tree = self.open(f"{COACH}{query}")
            self.assertFalse(self.find(tree, "//*[@role='status']"))
        data = {"outcome_code": "no_show"}
        for attendance_id in ("", "abc", str(10**30), "0"):
            response = self.post(
                f"{COACH}/{self.over.id}/close", attendance_id=attendance_id, **data
            )
            self.assertSentHome(response)
        self.assertSentHome(self.post(f"{COACH}/{self.over.id}/close", **data))
        self.assertUntouched()

    def test_attendance_of_another_session(self):
        """The session in the address and the client in the form belong together."""
        foreign = self.book(days=2, coach_id=self.coach.id)
        response = self.post(
            f"{COACH}/{self.over.id}/close",
            self.portal_coach_user,
            attendance_id=foreign.attendance_ids.id,
            outcome_code="client_emergency",
        )
        self.assertSentHome(response)
        self.assertEqual(foreign.state, "scheduled")

    def test_get_changes_nothing(self):
        """Link previews and scanners open links: no change behind a GET (T19)."""
        for user in (self.client_user, self.portal_coach_user):
            self.login(user)
            for path in self._actions():
                response = self.url_open(path, allow_redirects=False)
                self.assertEqual(response.status_code, 405, path)
            for path, data in self._forms().items():
                self.url_open(f"{path}?{urlencode({**data, 'seen': 'x'})}")
        self.assertUntouched()

    def test_no_post_without_token(self):
        for path, data in {**self._actions(), **self._forms()}.items():
            user = (
                self.portal_coach_user if path.startswith(COACH) else self.client_user
            )
            with self.assertLogs("odoo.http", "WARNING"):
                response = self.post(path, user, csrf=False, **data)
            self.assertEqual(response.status_code, 400, path)
            with self.assertLogs("odoo.http", "WARNING"):
                response = self.post(path, csrf=False, csrf_token="forged", **data)
            self.assertEqual(response.status_code, 400, path)
        self.assertUntouched()

    def test_markup_in_texts_is_only_text(self):
        """Names and notes that are markup are shown, not run (T20)."""
        payloads = (
            "<script>alert(1)</script>",
            '"><img src=x onerror=alert(1)>',
            "</textarea><svg/onload=alert(1)>",
            "{{7*7}}<t t-out='1'/>",
            "javascript:alert(1)",
        )
        self.booked.event_id.videocall_location = "javascript:alert(1)"
        for payload in payloads:
            self.client.name = payload
            self.individual.name = payload
            self.booked.note = payload
            self.over.attendance_ids.action_close("no_show", note=payload)
            pages = [(self.client_user, path) for path in self._client_pages()] + [
                (self.portal_coach_user, path) for path in self._coach_pages()
            ]
            for user, path in pages:
                tree = self.open(path, user)
                wrap = self.find(tree, "//*[@id='wrap']")[0]
                self.assertFalse(
                    self.find(wrap, "//script | .//svg | .//*[@onerror or @onload]")
                )
                for link in self.find(wrap, "//*[@href]"):
                    self.assertFalse(link.get("href").startswith("javascript"))
