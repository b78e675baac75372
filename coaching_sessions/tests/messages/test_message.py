from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestMessage(CoachingCommon):
    """Coach and client write to each other (R43, R47, complaint 19)."""

    def setUp(self):
        super().setUp()
        self.session = self.book(days=1)
        self.attendance = self.session.attendance_ids
        self.client.email = "client@example.com"
        self.coach.partner_id.email = "coach@example.com"

    def _mail(self):
        return self.env["coaching.notification"].search(
            [("attendance_id", "=", self.attendance.id), ("kind", "=", "message")]
        )

    def _log(self):
        return self.session.log_ids.filtered(lambda line: line.action == "message")

    def test_coach_to_client(self):
        self.attendance.with_user(self.coach_user).action_send_message(" See you \n")
        notification = self._mail()
        self.assertEqual(
            (notification.partner_id, notification.message), (self.client, "See you")
        )
        self.assertEqual(
            (self._log().description, self._log().user_id), ("See you", self.coach_user)
        )
        notification._send()
        mail = notification.mail_id
        self.assertEqual(mail.recipient_ids, self.client)
        self.assertIn("coach@example.com", mail.reply_to)

    def test_client_to_coach(self):
        self.attendance.with_user(self.client_user).action_send_message(
            "I am <b>late</b>\n{{ object.id }}"
        )
        notification = self._mail()
        self.assertEqual(notification.partner_id, self.coach.partner_id)
        notification._send()
        mail = notification.mail_id
        self.assertIn("client@example.com", mail.reply_to)
        self.assertIn("I am &lt;b&gt;late&lt;/b&gt;\n{{ object.id }}", mail.body_html)

    def test_manager_to_client(self):
        self.manager.email = "office@example.com"
        self.attendance.with_user(self.manager).action_send_message("Hello")
        notification = self._mail()
        self.assertEqual(notification.partner_id, self.client)
        notification._send()
        self.assertIn("office@example.com", notification.mail_id.reply_to)

    def test_in_the_recipient_s_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env.ref("coaching_sessions.mail_template_message").with_context(
            lang="fr_FR"
        ).subject = "Bonjour {{ object.partner_id.id }}"
        self.client.lang = "fr_FR"
        self.attendance.with_user(self.coach_user).action_send_message("Salut")
        self._mail()._send()
        self.assertIn("Bonjour", self._mail().mail_id.subject)

    def test_refused(self):
        mine = self.attendance.with_user(self.client_user)
        for body, words in (
            ("", "Write a message"),
            (" \n", "Write a message"),
            (None, "Write a message"),
            (3, "” is not text"),
            ("x" * 5001, "too long"),
        ):
            with self.assertRaisesRegex(UserError, words):
                mine.action_send_message(body)
        self.coach.partner_id.email = False
        with self.assertRaisesRegex(UserError, "no email address"):
            mine.action_send_message("Hello")
        self.assertFalse(self._log())
        mine.session_id.with_user(self.portal_coach_user)
        with self.assertRaises(AccessError):
            self.attendance.with_user(self.portal_coach_user).action_send_message("x")

    # R43
    def test_offer_after_a_no_show(self):
        """The dialog comes with an offer to find another time."""
        self._issue_makeups("no_show")
        self.client.tz = "America/New_York"
        self.close(self.session, "no_show")
        action = self.session.with_user(self.coach_user).action_open_message()
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.coach_user)
            .with_context(**action["context"])
        )
        self.assertIn("You missed your session on Tue 03/02/2027, 04:00 AM", form.body)
        self.assertIn(
            "If you would like another time, reply to this message and tell us"
            " when would suit you",
            form.body,
        )
        self.assertIn("one free session until", form.body)
        form.save().action_send()
        self.assertIn(
            "If you would like another time, reply to this message and tell us"
            " when would suit you",
            self._log().description,
        )
        self.assertEqual(self._mail().partner_id, self.client)

    def test_nothing_to_offer_before(self):
        draft = self.attendance.with_user(self.coach_user)._get_message_draft()
        self.assertNotIn("missed", draft)


@tagged("post_install", "-at_install")
class TestReliability(CoachingCommon):
    """Who missed how many sessions (rank 15, complaint 13)."""

    def test_rates(self):
        outcomes = ["completed", "completed", "no_show", "coach_missed"]
        outcomes += ["client_early_cancel", "client_emergency", "coach_emergency"]
        package = self._sell(self.client, quantity=3)
        sessions = [
            self.book(days=1 + number // 4, hour=8 + number % 4, package_id=package.id)
            for number in range(len(outcomes))
        ]
        self.book(days=10, package_id=package.id)
        for session, code in zip(sessions, outcomes, strict=True):
            self.close(session, code)
        coaches = (self.coach | self.other_coach).with_user(self.manager)
        coaches.mapped("due_count")
        coaches.invalidate_recordset(["due_count", "no_show_rate"])
        with self.assertQueryCount(1):
            coaches.mapped("no_show_rate")
        self.assertRecordValues(
            coaches,
            [
                {
                    "due_count": 4,
                    "missed_count": 1,
                    "no_show_count": 1,
                    "no_show_rate": 0.25,
                },
                {
                    "due_count": 0,
                    "missed_count": 0,
                    "no_show_count": 0,
                    "no_show_rate": 0.0,
                },
            ],
        )
        parties = self.env["coaching.attendance"]._read_group(
            [("coach_id", "=", self.coach.id), ("outcome_party", "=", "coach")],
            ["outcome_party"],
            ["__count"],
        )
        self.assertEqual(parties, [("coach", 2)])
        missed = self.env["coaching.attendance"].search(
            [
                ("coach_id", "=", self.coach.id),
                ("outcome_party", "=", "coach"),
                ("outcome_id.before_start", "=", False),
            ]
        )
        self.assertEqual(missed.outcome_id.code, "coach_missed")
