from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import COACH
from .common_absence import ABSENCE, DAYS, AbsenceCommon


@tagged("post_install", "-at_install")
class TestPortalAbsenceRights(AbsenceCommon):
    """Whose days these are, and days that make no sense."""

    def test_of_others(self):
        self.confirm()
        data = {"coach_id": self.coach.id, "date_from": "2027-03-02"}
        self.assertSentHome(self.post(f"{ABSENCE}/back", **data), "/my")
        self.login(self.client_user)
        data["coach_id"] = self.portal_coach.id
        self.assertSentHome(self.post(f"{ABSENCE}/back", **data), "/my")
        self.assertTrue(self.time_off())

    def test_what_makes_no_sense(self):
        """The sentence is on the page, and what was typed as well."""
        for data, words in (
            ({"date_from": "", "date_to": ""}, "Choose the first and last day"),
            ({"date_from": "soon"}, "is not a date"),
            ({"date_from": "2027-03-04"}, "Choose the first and last day"),
            ({"date_to": "2029-03-04"}, "at most one year apart"),
            ({"mode": "sing"}, "cancel them, or offer other times"),
            ({"mode": ""}, "cancel them, or offer other times"),
        ):
            with self.subTest(data):
                tree = self.ask(**{"reason": "<b>Flu", "message": "Sorry!", **data})
                alert = self.text(tree, "//*[hasclass('alert-danger')][@role='alert']")
                self.assertIn(words, alert)
                self.assertFalse(self.seen(tree))
                self.assertEqual(
                    self.text(tree, "//textarea[@name='reason']"), "<b>Flu"
                )
                self.assertEqual(
                    self.text(tree, "//textarea[@name='message']"), "Sorry!"
                )
                (field,) = self.find(tree, "//input[@name='date_from']")
                self.assertEqual(
                    field.get("value"), data.get("date_from", "2027-03-02")
                )
        self.assertUntouched()

    def test_days_are_the_coach_s(self):
        """In the coach's zone, which the page names, whatever the login's zone is."""
        self.portal_coach.tz = "Pacific/Auckland"
        tree = self.ask(date_from="2027-03-02", date_to="2027-03-02")
        self.assertIn("local time in Auckland", self.text(tree))
        self.assertIn("Tuesday, March 2, 2027, 10:00", self.plan(tree))
        self.assertIn("03/02/2027, 09:00 AM, local time in UTC", self.plan(tree))
        self.assertIn("one session", self.plan(tree))

    def test_two_companies(self):
        """Who coaches for two of them says for which one."""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.portal_coach_user.company_ids |= company
        other = self.env["coaching.coach"].create(
            {
                "user_id": self.portal_coach_user.id,
                "company_id": company.id,
                "tz": "UTC",
            }
        )
        coaches = self.env["coaching.coach"].with_user(self.portal_coach_user)
        if len(coaches.search([("user_id", "=", self.portal_coach_user.id)])) < 2:
            self.skipTest("A portal user is in one company at a time")
        tree = self.open(ABSENCE)
        values = [n.get("value") for n in self.find(tree, "//select//option")]
        self.assertEqual(values, [str(self.portal_coach.id), str(other.id)])
        self.assertIn("You have no sessions", self.plan(self.ask(coach_id=other.id)))
        self.assertIn("2 sessions", self.plan(self.ask(coach_id=self.portal_coach.id)))

    def test_outsiders(self):
        """A client, a manager who is no coach, a visitor; and no other coach's days."""
        for user in (self.client_user, self.manager):
            self.login(user)
            self.assertSentHome(self.url_open(ABSENCE, allow_redirects=False))
            for coach_id in ("", self.portal_coach.id):
                response = self.post(ABSENCE, mode="cancel", coach_id=coach_id, **DAYS)
                self.assertSentHome(response)
        self.login(self.coach_user)
        for coach_id in (self.portal_coach.id, 0, "abc", 10**30, "-1"):
            response = self.post(ABSENCE, mode="cancel", coach_id=coach_id, **DAYS)
            self.assertSentHome(response)
        self.assertNotIn(self.client.name, self.plan(self.ask()))
        with self.assertRaises(AccessError):
            coach = self.portal_coach.with_user(self.coach_user)
            coach._plan_portal_absence({**DAYS, "mode": "cancel"})
        self.login(None)
        response = self.url_open(ABSENCE, allow_redirects=False)
        self.assertIn("/web/login", response.headers["Location"])
        response = self.post(ABSENCE, mode="cancel", **DAYS)
        self.assertIn("/web/login", response.headers["Location"])
        self.assertUntouched()

    def test_only_one_s_own_flash(self):
        """What names clients is read by the one who did it."""
        seen = self.seen(self.ask())
        self.post(ABSENCE, mode="cancel", seen=seen, **DAYS)
        tree = self.open(COACH, self.coach_user)
        self.assertFalse(self.find(tree, "//*[hasclass('o_coaching_flash')]"))
