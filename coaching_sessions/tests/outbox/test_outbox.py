from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from ..common import CoachingCommon


class OutboxCommon(CoachingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.email = "office@example.com"
        cls.client.email = "anna@example.com"
        cls.coach.partner_id.email = "clara@example.com"
        cls.newest = cls.env["coaching.notification"].search(
            [], order="id desc", limit=1
        )

    def mails(self, kind=None, partner=None, state=None):
        """Return the notifications since the test began."""
        mails = self.env["coaching.notification"].search(
            [("id", ">", self.newest.id or 0)], order="id"
        )
        return mails.filtered(
            lambda mail: kind in (None, mail.kind)
            and partner in (None, mail.partner_id)
            and state in (None, mail.state)
        )

    def send(self):
        """Send what is due; return what was sent now."""
        before = self.mails(state="sent")
        self.run_cron("coaching.notification", "_cron_send")
        return self.mails(state="sent") - before


@tagged("post_install", "-at_install")
class TestOneMessage(OutboxCommon):
    """One act, one message a person; and several acts, what is true."""

    def book_group(self):
        clients = self.client
        for number in range(4):
            clients |= self.env["res.partner"].create(
                {"name": f"Client {number}", "email": f"client{number}@example.com"}
            )
        for client in clients - self.client:
            self._sell(client)
        return self.book(booking_type_id=self.group_type.id, partner_ids=clients.ids)

    def assertCoachOnce(self, kind, session):
        (mail,) = self.mails(kind, self.coach.partner_id)
        self.assertEqual(len(self.mails(kind)), 6)
        names = session.attendance_ids.partner_id.mapped("name")
        self.assertEqual(mail.listed_attendance_ids, session.attendance_ids)
        self.send()
        for name in names:
            self.assertIn(name, mail.mail_id.body_html)
        self.assertEqual(len(mail.mail_id.attachment_ids), 1)

    def test_group_is_one_message(self):
        session = self.book_group()
        self.assertCoachOnce("booked", session)
        session.action_reschedule(session.start + timedelta(hours=1))
        self.assertCoachOnce("moved", session)
        session.action_cancel()
        self.assertCoachOnce("cancelled", session)

    def test_missed_and_not_and_missed(self):
        session = self.book()
        self.send()
        attendance = self.close(session, "no_show")
        attendance.action_close("completed")
        attendance.action_close("no_show")
        self.assertEqual(self.send().mapped("kind"), ["no_show"])

    def test_moved_twice(self):
        session = self.book()
        self.send()
        for _times in range(2):
            session.action_reschedule(session.start + timedelta(hours=1))
        sent = self.send()
        self.assertEqual(sorted(sent.mapped("kind")), ["moved", "moved"])
        self.assertEqual(sent.partner_id, self.client | self.coach.partner_id)

    def test_moved_there_and_back(self):
        session = self.book()
        self.send()
        start = session.start
        session.action_reschedule(start + timedelta(hours=1))
        session.action_reschedule(start)
        self.assertFalse(self.send(), "nothing has changed")
        # but who was told of the other time is told of this one
        session.action_reschedule(start + timedelta(hours=1))
        self.send()
        session.action_reschedule(start)
        self.assertEqual(set(self.send().mapped("kind")), {"moved"})

    def test_booked_and_moved(self):
        session = self.book()
        start = session.start
        session.action_reschedule(start + timedelta(hours=1))
        sent = self.send()
        self.assertEqual(sent.partner_id, self.client | self.coach.partner_id)
        self.assertEqual(len(sent), 2)
        self.assertEqual(set(sent.mapped("session_start")), {session.start})

    def test_booked_and_moved_there_and_back(self):
        session = self.book()
        start = session.start
        session.action_reschedule(start + timedelta(hours=1))
        session.action_reschedule(start)
        sent = self.send()
        self.assertEqual(sent.mapped("kind"), ["booked", "booked"])

    def test_cancelled_and_taken_again(self):
        session = self.book_group()
        self.send()
        session.with_user(self.client_user).action_cancel()
        self.book(
            booking_type_id=self.group_type.id,
            start=session.start,
            partner_ids=self.client.ids,
        )
        sent = self.send().filtered(lambda mail: mail.partner_id == self.client)
        self.assertEqual(sent.mapped("kind"), ["booked"])


@tagged("post_install", "-at_install")
class TestDelivery(OutboxCommon):
    """The outbox knows what became of an email."""

    def deliver(self, error=None):
        """Let Odoo's queue send; the server refuses everything where an error is given.

        :return: the emails as they left
        """
        left = []

        def send_email(server, message, *args, **kwargs):
            if error:
                raise error
            left.append(message)
            return message["Message-Id"]

        mails = self.mails().mail_id.filtered(lambda mail: mail.state == "outgoing")
        with (
            patch.object(IrMail_Server, "_disable_send", lambda server: False),
            patch.object(IrMail_Server, "_connect__", lambda *args, **kwargs: None),
            patch.object(IrMail_Server, "send_email", send_email),
        ):
            mails.send()
        return left

    def book_and_send(self):
        self.coach.partner_id.email = False
        self.book()
        (mail,) = self.send()
        return mail

    def test_delivered(self):
        mail = self.book_and_send()
        self.assertEqual(mail.mail_state, "outgoing")
        self.assertEqual(len(self.deliver()), 1)
        self.assertEqual((mail.state, mail.mail_state), ("sent", "sent"))

    def test_line_break_in_a_name(self):
        self.client.name = "Anna\r\nBcc: everybody@example.com\x07\u2028Meyer"
        self.individual.name = "Individual\nsession"
        mail = self.book_and_send()
        (message,) = self.deliver()
        self.assertEqual(mail.mail_state, "sent", mail.error)
        self.assertIn("Individual session", message["Subject"])
        self.assertNotIn("\n", message["To"])
        self.assertFalse(message["Bcc"])

    def test_tried_again(self):
        mail = self.book_and_send()
        first = mail.mail_id
        self.deliver(ConnectionError("Server is away"))
        self.assertEqual((mail.state, mail.attempts), ("pending", 1))
        self.assertIn("Server is away", mail.error)
        self.assertEqual(first.state, "cancel", "it leaves once")
        self.assertFalse(self.send(), "later")
        self.travel(mail.not_before)
        self.send()
        self.assertNotEqual(mail.mail_id, first)
        self.deliver()
        self.assertEqual((mail.state, mail.attempts), ("sent", 0))
        self.assertFalse(mail.error)

    def test_not_tried_again_when_it_is_no_longer_true(self):
        mail = self.book_and_send()
        self.deliver(ConnectionError("Server is away"))
        mail.attendance_id.session_id.action_cancel()
        self.travel(mail.not_before)
        self.send()
        self.assertEqual(mail.state, "skipped")

    def test_given_up(self):
        mail = self.book_and_send()
        for _attempt in range(3):
            self.deliver(ConnectionError("Server is away"))
            self.travel(mail.not_before)
            self.run_cron("coaching.notification", "_cron_send")
        self.deliver(ConnectionError("Server is away"))
        self.assertEqual(mail.state, "failed")
        with self.assertRaises(AccessError):
            mail.with_user(self.coach_user).action_retry()
        mail.with_user(self.manager).action_retry()
        self.send()
        self.deliver()
        self.assertEqual((mail.state, mail.mail_state), ("sent", "sent"))

    def test_address_that_is_none(self):
        """No second attempt makes an address of what is none."""
        self.client.email = "anna"
        mail = self.book_and_send()
        error = AssertionError(IrMail_Server.NO_VALID_RECIPIENT)
        self.deliver(error)
        self.assertEqual(mail.state, "failed")
        self.assertTrue(mail.error)

    def test_came_back(self):
        mail = self.book_and_send()
        self.deliver()
        self.env["mail.thread"]._routing_handle_bounce(
            None,
            {
                "bounced_email": "anna@example.com",
                "bounced_partner": self.client,
                "bounced_msg_ids": mail.mail_id.message_id,
                "bounced_message": mail.mail_id.mail_message_id,
                "email_from": "mailer-daemon@example.com",
                "to": "bounce@example.com",
                "message_id": "<1@example.com>",
            },
        )
        self.assertEqual(mail.state, "bounced")
        self.assertIn("anna@example.com", mail.error)
        mail.with_user(self.manager).action_retry()
        self.assertEqual(mail.state, "pending")
