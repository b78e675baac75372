from odoo.tests import tagged

from ..common import SESSIONS, PortalCommon


@tagged("post_install", "-at_install")
class TestPortalTerms(PortalCommon):
    # R53 R54
    def test_terms(self):
        """Clients read under which terms they booked, as long as these matter."""
        self.individual.terms_id = self.env["coaching.terms"].create(
            {"name": "House rules", "body": "<p>Be on time.</p>", "company_id": False}
        )
        session = self.book()
        path = f"{SESSIONS}/{session.id}"
        terms = self.text(
            self.open(path, self.client_user), "//*[hasclass('o_coaching_terms')]"
        )
        self.assertIn("Cancel more than 24 hours before the start", terms)
        self.assertIn("House rules", terms)
        self.assertIn("Be on time.", terms)
        self.travel(session.stop)
        self.login(self.client_user)
        page = self.open(path)
        self.assertFalse(self.find(page, "//*[hasclass('o_coaching_terms')]"))
