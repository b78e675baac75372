from odoo.tests import new_test_user, tagged

from .common import COACH, PACKAGES, SESSIONS
from .common_access import AccessCommon


@tagged("post_install", "-at_install")
class TestPortalAccess(AccessCommon):
    """Every route for everybody: the owner reads, nobody else learns anything."""

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
                    continue  # a coach has days off of their own
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
        self.assertIn("You have no sessions booked", self.text(tree))
        self.assertIn("You have no package yet", self.text(self.open(PACKAGES)))
        self.assertFalse(
            self.find(
                self.open(COACH, self.coach_user), "//*[hasclass('o_coaching_card')]"
            )
        )
        # reads every session in the back office, but holds none
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

    def test_other_company(self):
        """Sessions in a company that a coach has left are not on their pages."""
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
