from datetime import timedelta
from urllib.parse import urlparse

import vobject

from odoo.tests import tagged

from ..common import PortalCommon


@tagged("post_install", "-at_install")
class TestReconfirm(PortalCommon):
    """“Yes, I will come”, from the reminder and without signing in (rank 26)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.email = "anna@example.com"
        cls.reminder = cls.env.ref("coaching_sessions.reminder_client_day_confirm")
        cls.individual.reminder_ids = cls.reminder
        cls.individual.reminders_since = False

    def setUp(self):
        super().setUp()
        self.session_ = self.book(days=3)
        self.attendance = self.session_.attendance_ids
        self.login(None)
        self.path = urlparse(self.attendance._get_reconfirm_url()).path

    def get(self, path):
        return self.url_open(path, allow_redirects=False)

    def test_the_reminder_has_the_link(self):
        self.travel(self.session_.start - timedelta(hours=24))
        self.run_cron("coaching.notification", "_cron_remind")
        self.run_cron("coaching.notification", "_cron_send")
        mail = self.env["coaching.notification"].search(
            [("reminder_id", "=", self.reminder.id)]
        )
        self.assertEqual(mail.attendance_id, self.attendance)
        body = mail.mail_id.body_html
        self.assertIn(self.path, body)
        self.assertIn(f"/my/coaching/sessions/{self.session_.id}", body)

    def test_clients_without_a_login(self):
        """They get no link that leads to a password nobody has."""
        self.assertIn("/my/coaching/sessions/", self.get(self.path).text)
        self.client_user.active = False
        text = self.get(self.path).text
        self.assertIn("Yes, I will come", text)
        self.assertNotIn("/my/coaching/sessions/", text)
        self.assertIn(
            "Can't come? Please reply to the message that brought you here", text
        )

    def test_opening_it_changes_nothing(self):
        """Email programs and scanners open links; people press the button."""
        response = self.get(self.path)
        self.assertEqual(response.status_code, 200)
        self.assertIn("Yes, I will come", response.text)
        self.assertIn("noindex", response.headers["X-Robots-Tag"])
        self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")
        self.env.invalidate_all()
        self.assertFalse(self.attendance.reconfirmed_at)

    def test_the_button(self):
        response = self.post(self.path)
        self.assertEqual(response.status_code, 303)
        self.assertEqual(self.attendance.reconfirmed_at, self.now)
        self.assertIn("Thank you", self.get(self.path).text)
        self.post(self.path)
        lines = self.session_.log_ids.filtered(
            lambda line: line.action == "reconfirmed"
        )
        self.assertEqual(len(lines), 1)
        # the coach sees it
        tree = self.open("/my/coaching/coach?filterby=upcoming", self.portal_coach_user)
        self.assertIn("The client will come", self.text(tree))
        tree = self.open(f"/my/coaching/coach/{self.session_.id}")
        self.assertIn("Will come", self.text(tree))

    def test_only_with_csrf_token(self):
        self.assertEqual(self.post(self.path, csrf=False).status_code, 400)
        self.assertFalse(self.attendance.reconfirmed_at)

    def test_wrong_tokens(self):
        other = self.book(days=4)
        path, token = self.path.rsplit("/", 1)
        paths = (
            f"{path}/{'0' * 32}",
            f"{path}/{token[:-1]}",
            f"{path}/é",
            self.path.replace(
                f"/{self.attendance.id}/", f"/{other.attendance_ids.id}/"
            ),
            self.path.replace(f"/{self.attendance.id}/", f"/{2**40}/"),
            f"{path[:-1]}9/{token}",
        )
        for wrong in paths:
            with self.subTest(wrong):
                self.assertEqual(self.get(wrong).status_code, 404)
                self.assertEqual(self.post(wrong).status_code, 404)

    def test_another_time_is_another_question(self):
        """The link of the old time shows the new one, and confirms nothing."""
        self.session_.action_reschedule(self.session_.start + timedelta(hours=1))
        text = self.get(self.path).text
        self.assertIn("Your session has a new time", text)
        self.assertNotIn("Yes, I will come", text)
        self.post(self.path)
        self.assertFalse(self.attendance.reconfirmed_at)

    def test_cancelled_and_over(self):
        moment = self.session_.start
        self.session_.action_cancel()
        self.assertIn("will not take place", self.get(self.path).text)
        self.post(self.path)
        self.assertFalse(self.attendance.reconfirmed_at)
        other = self.book(days=4)
        path = urlparse(other.attendance_ids._get_reconfirm_url()).path
        self.travel(max(moment, other.start))
        text = self.get(path).text
        self.assertIn("expired", text)
        self.assertNotIn(self.individual.name, text)
        self.post(path)
        self.assertFalse(other.attendance_ids.reconfirmed_at)

    # R83
    def test_language_and_zone_of_the_client(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.individual.with_context(lang="fr_FR").name = "Séance individuelle"
        self.client.write({"lang": "fr_FR", "tz": "America/Montreal"})
        text = self.get(self.path).text
        self.assertIn("jeudi 4 mars 2027", text)
        self.assertIn("04:00", text)
        self.assertIn("(Montreal time)", text)
        self.assertIn("Séance individuelle", text)

    # R102
    def test_entry_for_the_calendar(self):
        path = f"/my/coaching/sessions/{self.session_.id}/session.ics"
        self.assertEqual(self.get(path).status_code, 303)
        self.login(self.other_user)
        self.assertSentHome(self.get(path))
        self.login(self.client_user)
        response = self.get(path)
        self.assertIn("text/calendar", response.headers["Content-Type"])
        entry = vobject.readOne(response.text)
        self.assertEqual(
            entry.vevent.dtstart.value.replace(tzinfo=None), self.session_.start
        )
        page = self.open(f"/my/coaching/sessions/{self.session_.id}")
        self.assertTrue(self.find(page, f"//a[@href='{path}']"))
        self.session_.action_cancel()
        self.assertSentHome(self.get(path))
