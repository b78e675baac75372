from lxml import html

from odoo import http
from odoo.tests import HttpCase, new_test_user

from odoo.addons.coaching_sessions.tests.common import CoachingCommon

SESSIONS = "/my/coaching/sessions"
PACKAGES = "/my/coaching/packages"
COACH = "/my/coaching/coach"


class PortalCommon(HttpCase, CoachingCommon):
    """Pages as people open them: the small business, and a second client's login.

    The coach of ``book`` is ``portal_coach_user``, who has a portal login.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_user = new_test_user(
            cls.env, "coaching_other_client", "base.group_portal", tz="UTC"
        )
        cls.portal_coach = cls.other_coach
        cls.outcomes = cls.env["coaching.outcome"].search([])

    def book(self, days=1, hour=9, minute=0, user=None, **vals):
        vals.setdefault("coach_id", self.portal_coach.id)
        return super().book(days=days, hour=hour, minute=minute, user=user, **vals)

    def login(self, user):
        """Sign in, or out with None."""
        self.authenticate(user and user.login, user and user.login)

    def open(self, path, user=None):
        """Return the page as a tree; it must be there."""
        if user:
            self.login(user)
        response = self.url_open(path, allow_redirects=False)
        self.assertEqual(response.status_code, 200, path)
        return self.parse(response.text)

    def parse(self, text):
        """Return a page as a tree."""
        return html.fromstring(text)

    def post(self, path, user=None, csrf=True, **data):
        """Send a form and return the answer, without following a redirection."""
        if user:
            self.login(user)
        if csrf:
            data["csrf_token"] = http.Request.csrf_token(self)
        response = self.url_open(path, data=data, allow_redirects=False, method="POST")
        self.env.invalidate_all()
        return response

    def find(self, tree, xpath):
        """Return the elements below another one; ``hasclass`` is Odoo's own."""
        return tree.xpath(f".{xpath}")

    def text(self, tree, xpath="//*[@id='wrap']"):
        """Return the text of a part of the page, with single spaces."""
        nodes = self.find(tree, xpath)
        self.assertTrue(nodes, xpath)
        return " ".join(" ".join(node.text_content() for node in nodes).split())

    def assertSentHome(self, response, path="/my"):
        self.assertEqual(response.status_code, 303)
        self.assertURLEqual(response.headers["Location"], path)

    # === FORMS THAT SHOW WHAT THEY LEAD TO === #

    def seen(self, tree):
        """Return the key of what the page shows; empty where nothing can be done."""
        return "".join(
            node.get("value") for node in self.find(tree, "//button[@name='seen']")
        )

    def plan(self, tree):
        return self.text(tree, "//*[hasclass('o_coaching_plan')]")

    def flash(self, tree):
        return self.text(tree, "//*[hasclass('o_coaching_flash')]")
