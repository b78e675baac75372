from datetime import timedelta
from urllib.parse import urlencode

from odoo.tests import new_test_user, tagged

from .common import COACH, PACKAGES, SESSIONS, PortalCommon

BAD_IDS = (-1, 0, 987654321, 2**31, 10**30)


@tagged("post_install", "-at_install")
class TestPortalAccess(PortalCommon):
    """Every route for everybody: the owner reads, nobody else learns anything."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.session = None

    def setUp(self):
        super().setUp()
        self.booked = self.book()
        self.over = self.book(days=0, hour=14)
        self.series = self._book_series()
        self.travel(self.over.stop)

    def _book_series(self):
        result = self.env["coaching.series"].book(
            {
                "booking_type_id": self.individual.id,
                "coach_id": self.portal_coach.id,
                "partner_ids": self.client.ids,
                "start": (self.now + timedelta(days=3)).replace(hour=10),
                "count": 2,
            }
        )
        return self.env["coaching.session"].browse(result["session_ids"])

    def _client_pages(self):
        return [
            SESSIONS,
            PACKAGES,
            f"{SESSIONS}/{self.booked.id}",
            f"{PACKAGES}/{self.package.id}",
        ]

    def _coach_pages(self):
        return [COACH, f"{COACH}/{self.over.id}", *self._forms()]

    def _forms(self):
        """Return the coach's pages that are sent to the same address ."""
        series = f"{COACH}/{self.series[0].id}/series"
        return {
            f"{series}/move": {"scope": "all", "start": "2027-03-05T10:00"},
            f"{series}/cancel": {"scope": "all"},
            f"{series}/skip": {},
            f"{series}/pause": {"date_from": "2027-03-01"},
            f"{series}/end": {"date_from": "2027-03-01"},
            f"{COACH}/absence": {"date_from": "2027-03-01", "mode": "cancel"},
        }

    def _actions(self):
        """Return each route that changes something with what is sent to it."""
        return {
            f"{SESSIONS}/{self.booked.id}/cancel": {
                "outcome_code": "client_late_cancel",
            },
            f"{COACH}/absence/back": {
                "coach_id": self.portal_coach.id,
                "date_from": "2027-03-01",
            },
            f"{COACH}/{self.over.id}/close": {
                "attendance_id": self.over.attendance_ids.id,
                "outcome_code": "no_show",
            },
            f"{COACH}/{self.over.id}/complete": {},
            f"{COACH}/{self.over.id}/message": {
                "attendance_id": self.over.attendance_ids.id,
                "body": "Hello",
            },
            f"{SESSIONS}/{self.booked.id}/move": {"start": "2027-03-10T10:00"},
            f"{SESSIONS}/{self.booked.id}/message": {"body": "Hello"},
            f"{SESSIONS}/{self.over.id}/dispute": {"claim": "I was there"},
            f"{SESSIONS}/{self.over.id}/report": {"note": "Nobody came"},
            f"{SESSIONS}/{self.over.id}/withdraw": {},
        }

    def assertUntouched(self):
        sessions = self.booked | self.over | self.series
        self.assertEqual(set(sessions.mapped("state")), {"scheduled"})
        self.assertEqual(set(sessions.log_ids.mapped("action")), {"booked"})
        self.assertFalse(sessions.dispute_ids)

    def test_owner(self):
        self.login(self.client_user)
        for path in self._client_pages():
            self.open(path)
        self.login(self.portal_coach_user)
        for path in self._coach_pages():
            self.open(path)

    def test_foreign_records(self):
        """Another client, another coach, a manager: no data, back home (T16)."""
        details = (self._client_pages() + self._coach_pages())[2:]
        details.remove(COACH)
        for user in (self.other_user, self.coach_user, self.manager):
            self.login(user)
            for path in details:
                if user == self.coach_user and path == f"{COACH}/absence":
                    continue  # a coach has days off of his own
                with self.subTest(user=user.login, path=path):
                    self.assertSentHome(self.url_open(path, allow_redirects=False))
            for path, data in self._actions().items():
                with self.subTest(user=user.login, path=path):
                    self.assertSentHome(self.post(path, **data))
            for path, data in self._forms().items():
                if user == self.coach_user and path == f"{COACH}/absence":
                    continue
                with self.subTest(user=user.login, path=path):
                    self.assertSentHome(self.post(path, **data))
        self.assertUntouched()

    def test_client_is_no_coach_and_coach_no_client(self):
        self.login(self.client_user)
        for path in self._coach_pages():
            self.assertSentHome(self.url_open(path, allow_redirects=False))
        self.login(self.portal_coach_user)
        for path in self._client_pages()[2:]:
            self.assertSentHome(self.url_open(path, allow_redirects=False))
        for path, data in self._actions().items():
            user = (
                self.client_user if path.startswith(COACH) else self.portal_coach_user
            )
            self.assertSentHome(self.post(path, user, **data))
        self.assertUntouched()

    def test_lists_hold_only_own(self):
        tree = self.open(SESSIONS, self.other_user)
        self.assertFalse(self.find(tree, "//*[hasclass('o_coaching_card')]"))
        self.assertIn("No session is booked", self.text(tree))
        self.assertIn("You have no package yet", self.text(self.open(PACKAGES)))
        self.assertFalse(
            self.find(
                self.open(COACH, self.coach_user), "//*[hasclass('o_coaching_card')]"
            )
        )
        # reads every session in the back office, but gives none himself
        self.assertSentHome(self.url_open_as(self.manager, COACH))
        tree = self.open(SESSIONS, self.manager)
        self.assertFalse(self.find(tree, "//*[hasclass('o_coaching_card')]"))

    def url_open_as(self, user, path):
        self.login(user)
        return self.url_open(path, allow_redirects=False)

    def test_employee_without_coaching(self):
        """An internal user who may not read coaching gets empty pages, no error."""
        user = new_test_user(self.env, "coaching_employee", "base.group_user")
        self.login(user)
        for path in (SESSIONS, PACKAGES):
            self.assertFalse(
                self.find(self.open(path), "//*[hasclass('o_coaching_card')]")
            )
        for path in (*self._client_pages()[2:], *self._coach_pages()):
            self.assertSentHome(self.url_open(path, allow_redirects=False))

    def test_public(self):
        """Nobody signed in: to the login page, whatever is asked for."""
        self.login(None)
        pages = self._client_pages() + self._coach_pages()
        for path in pages:
            response = self.url_open(path, allow_redirects=False)
            self.assertEqual(response.status_code, 303, path)
            self.assertIn("/web/login", response.headers["Location"])
        for path, data in {**self._actions(), **self._forms()}.items():
            response = self.post(path, **data)
            self.assertEqual(response.status_code, 303, path)
            self.assertIn("/web/login", response.headers["Location"])
        self.assertUntouched()

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

    def test_other_company(self):
        """A coach's sessions in a company he has left are not his pages' business."""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.portal_coach_user.write(
            {"company_ids": [(6, 0, company.ids)], "company_id": company.id}
        )
        self.login(self.portal_coach_user)
        for path in (COACH, f"{COACH}/{self.over.id}"):
            self.assertSentHome(self.url_open(path, allow_redirects=False))

    def test_no_private_field_reaches_the_client(self):
        """Notes of the coach and shares of pay are on no page of a client (T18)."""
        secret = "SECRET-NOTE-7Q"
        self.over.attendance_ids.action_close("no_show", note=secret)
        self.over.attendance_ids.policy_id.pay_percent = 73.19
        self.login(self.client_user)
        for path in (*self._client_pages(), f"{SESSIONS}/{self.over.id}"):
            page = self.url_open(path).text
            self.assertNotIn(secret, page)
            self.assertNotIn("Called", page)
            self.assertNotIn("73.19", page)

    def test_other_clients_of_a_group_stay_unknown(self):
        self._sell(self.other_client)
        session = self.book(
            booking_type_id=self.group_type.id,
            days=2,
            partner_ids=(self.client | self.other_client).ids,
        )
        self.login(self.client_user)
        for path in (SESSIONS, f"{SESSIONS}/{session.id}"):
            self.assertNotIn(self.other_client.name, self.url_open(path).text)

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
