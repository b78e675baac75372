from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.coaching_sessions.tests.common import CoachingCommon
from odoo.addons.sms.tools.sms_api import SmsApi


@tagged("post_install", "-at_install")
class TestReminderSms(CoachingCommon):
    """Reminders by text message; no real one is ever sent (R133)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.write(
            {
                "email": "anna@example.com",
                "phone": "+32470123456",
                "country_id": cls.env.ref("base.be").id,
            }
        )
        cls.reminder = cls.env.ref("coaching_sms.reminder_client_sms_two_hours")
        cls.individual.reminder_ids = cls.reminder
        cls.individual.reminders_since = False

    def setUp(self):
        super().setUp()
        self.taken = []
        self.answer = "success"
        case = self

        def send(api, messages, delivery_reports_url=False):
            case.taken += messages
            return [
                {"uuid": number["uuid"], "state": case.answer, "credit": 1}
                for message in messages
                for number in message["numbers"]
            ]

        self.startPatcher(patch.object(SmsApi, "_send_sms_batch", send))

    def remind(self):
        """Book, let the reminder become due, and return it."""
        session = self.book(days=3)
        self.travel(session.start - timedelta(hours=2))
        self.run_cron("coaching.notification", "_cron_remind")
        return self.env["coaching.notification"].search(
            [("reminder_id", "=", self.reminder.id)]
        )

    def send(self):
        self.run_cron("coaching.notification", "_cron_send")
        self.run_cron("sms.sms", "_process_queue")

    # R133
    def test_text_message(self):
        self.client.phone = "0470 12 34 56"
        notification = self.remind()
        self.assertEqual(notification.channel, "sms")
        self.send()
        self.assertEqual(notification.state, "sent", notification.error)
        self.assertFalse(notification.mail_id)
        (message,) = self.taken
        self.assertEqual(message["numbers"][0]["number"], "+32470123456")
        self.assertIn("Individual session", message["content"])
        self.assertIn("09:00", message["content"])
        log = notification.attendance_id.session_id.log_ids
        line = log.filtered(lambda line: line.action == "reminded")
        self.assertEqual(line.description, "Text message to +32470123456.")

    # R83
    def test_language_and_zone(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.client.write({"lang": "fr_FR", "tz": "America/Montreal"})
        template = self.env.ref("coaching_sms.sms_template_reminder")
        template.with_context(
            lang="fr_FR"
        ).body = "Rappel : {{ object._get_local_start() }}"
        self.remind()
        self.send()
        self.assertEqual(
            self.taken[0]["content"],
            "Rappel : jeu. 04/03/2027, 04:00 (Montreal time)",
        )

    def test_asks_to_confirm(self):
        self.reminder.reconfirm = True
        model = self.env.registry["coaching.attendance"]
        with patch.object(model, "_get_reconfirm_url", lambda self: "https://x/yes"):
            self.remind()
            self.send()
        self.assertIn("Will you come? https://x/yes", self.taken[0]["content"])

    def test_by_mail_without_a_number(self):
        for number, reason in (
            (False, "has no phone number. Sent by email instead."),
            ("12", "is not a valid phone number. Sent by email instead."),
        ):
            with self.subTest(number=number):
                self.travel(self.now)
                self.client.phone = number
                notification = self.remind()[-1:]
                self.send()
                self.assertFalse(self.taken)
                self.assertEqual(notification.state, "sent")
                self.assertEqual(notification.channel, "email")
                self.assertIn(reason, notification.error)
                self.assertEqual(notification.mail_id.recipient_ids, self.client)
                self.assertTrue(notification.mail_id)
                session = notification.attendance_id.session_id
                line = session.log_ids.filtered(lambda line: line.action == "reminded")
                self.assertIn("anna@example.com", line.description)
                session.action_cancel()

    def test_invalid_number_is_shown_on_the_client(self):
        client = self.client.with_user(self.manager)
        for number, invalid in (
            ("0470 12 34 56", False),
            ("+32470123456", False),
            (False, False),
            ("12", True),
            ("call my mother", True),
            ("+32 470 12 34 56 78 90", True),
        ):
            with self.subTest(number=number):
                self.client.phone = number
                self.assertEqual(client.coaching_phone_invalid, invalid)

    def test_by_mail_when_he_opted_out(self):
        self.env["phone.blacklist"].sudo().add("+32470123456")
        notification = self.remind()
        self.send()
        self.assertFalse(self.taken)
        self.assertEqual(notification.channel, "email")
        self.assertIn("has opted out of text messages", notification.error)

    def test_neither_number_nor_address(self):
        self.client.write({"phone": False, "email": False})
        notification = self.remind()
        with self.assertLogs("odoo.addons.coaching_sessions", "ERROR"):
            self.send()
        self.assertEqual(notification.state, "failed")
        self.assertIn("There is no email address either", notification.error)

    def test_by_mail_when_the_provider_refuses(self):
        self.answer = "insufficient_credit"
        notification = self.remind()
        self.send()
        self.assertTrue(self.taken)
        self.assertEqual(notification.state, "pending")
        self.assertEqual(notification.channel, "email")
        self.assertIn("Insufficient Credit", notification.error)
        self.send()
        self.assertEqual(notification.state, "sent")
        self.assertTrue(notification.mail_id)

    def test_never_of_what_was_cancelled(self):
        notification = self.remind()
        notification.attendance_id.session_id.action_cancel()
        self.send()
        self.assertEqual(notification.state, "skipped")
        self.assertFalse(self.taken)
