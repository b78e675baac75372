from datetime import timedelta
from unittest.mock import patch

import vobject

from odoo.tests import tagged

from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestCalendarEntry(CoachingCommon):
    """What lies in people's own calendars follows the session (R102)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.email = "office@example.com"
        cls.client.email = "anna@example.com"

    def _get_mails(self, session, kind=None, partner=None):
        """Return the queued emails of a session's clients, oldest first."""
        mails = self.env["coaching.notification"].search(
            [("attendance_id", "in", session.attendance_ids.ids)], order="id"
        )
        return mails.filtered(
            lambda mail: mail.kind == (kind or mail.kind)
            and mail.partner_id == (partner or mail.partner_id)
        )

    def _send(self, session, kind, partner=None):
        """Send the latest email of a kind, return its entry parsed."""
        mail = self._get_mails(session, kind, partner or self.client)[-1:]
        mail._send()
        self.assertEqual(mail.state, "sent", mail.error)
        return vobject.readOne(mail.mail_id.attachment_ids.raw.decode())

    # R102
    def test_entry_is_made_changed_and_taken_back(self):
        session = self.book()
        booked = self._send(session, "booked")
        session.action_reschedule(session.start + timedelta(hours=2))
        moved = self._send(session, "moved")
        session.action_cancel()
        cancelled = self._send(session, "cancelled")
        entries = (booked, moved, cancelled)
        self.assertEqual(len({entry.vevent.uid.value for entry in entries}), 1)
        self.assertEqual(
            [entry.vevent.sequence.value for entry in entries], ["0", "1", "2"]
        )
        self.assertEqual(
            [entry.method.value for entry in entries], ["REQUEST", "REQUEST", "CANCEL"]
        )
        self.assertEqual(
            [entry.vevent.status.value for entry in entries],
            ["CONFIRMED", "CONFIRMED", "CANCELLED"],
        )
        self.assertEqual(moved.vevent.dtstart.value.replace(tzinfo=None), session.start)
        self.assertEqual(moved.vevent.organizer.value, "mailto:office@example.com")
        self.assertEqual(moved.vevent.attendee.value, "mailto:anna@example.com")
        self.assertTrue(moved.vevent.dtstamp.value)

    # R102
    def test_mail_programs_are_told_what_to_do(self):
        """The MIME type of the part names the method, else nothing is updated."""
        session = self.book()
        self._send(session, "booked")
        mail = self._get_mails(session, "booked").mail_id
        values = mail._prepare_outgoing_list()[0]
        message = self.env["ir.mail_server"]._build_email__(
            "office@example.com",
            ["anna@example.com"],
            "Subject",
            "<p>Body</p>",
            attachments=values["attachments"],
            subtype="html",
        )
        part = next(
            part
            for part in message.walk()
            if part.get_content_type() == "text/calendar"
        )
        self.assertEqual(part.get_param("method"), "REQUEST")
        self.assertEqual(part.get_filename(), "session.ics")
        self.assertIn(b"BEGIN:VCALENDAR", part.get_payload(decode=True))

    # R102
    def test_group_keeps_its_clients_apart(self):
        """Cancelling clears one's own calendar; nobody reads who else comes."""
        self._sell(self.other_client)
        clients = self.client | self.other_client
        session = self.book(booking_type_id=self.group_type.id, partner_ids=clients.ids)
        entry = self._send(session, "booked").serialize()
        self.assertNotIn("otto", entry.lower())
        self._send(session, "booked", self.other_client)
        before = len(self._get_mails(session))
        session.with_user(self.client_user).action_cancel()
        cancelled = self._send(session, "cancelled")
        self.assertEqual(cancelled.method.value, "CANCEL")
        new = self._get_mails(session)[before:]
        self.assertNotIn(self.other_client, new.partner_id)
        # and the coach still gives it
        coach_mail = new.filtered(lambda m: m.partner_id == self.coach.partner_id)
        coach_mail._send()
        entry = vobject.readOne(coach_mail.mail_id.attachment_ids.raw.decode())
        self.assertEqual(entry.method.value, "PUBLISH")
        # a later move of the others has a higher number than what they have
        session.action_reschedule(session.start + timedelta(hours=1))
        moved = self._send(session, "moved", self.other_client)
        self.assertGreater(int(moved.vevent.sequence.value), 0)
        # and who books again replaces what was taken out
        again = self.book(
            booking_type_id=self.group_type.id,
            start=session.start,
            partner_ids=self.client.ids,
        )
        self.assertEqual(again, session)
        back = self._send(session, "booked")
        self.assertEqual(back.vevent.uid.value, cancelled.vevent.uid.value)
        self.assertGreater(
            int(back.vevent.sequence.value), int(cancelled.vevent.sequence.value)
        )

    def test_entry_without_addresses(self):
        """Where nobody can invite it still is an entry; quotes do no harm."""
        self.company.email = False
        self.coach.partner_id.email = False
        self.client.name = 'Anna "Annie"\nMeyer; BEGIN:VEVENT'
        session = self.book()
        entry = vobject.readOne(session.attendance_ids._get_ics())
        self.assertEqual(entry.method.value, "PUBLISH")
        self.assertEqual(
            entry.vevent.attendee.params["CN"], ["Anna Annie Meyer; BEGIN:VEVENT"]
        )
        self.assertEqual(len(entry.vevent_list), 1)

    def test_what_waits_is_looked_at_again(self):
        """An email that is not due lies for some minutes and lets others pass."""
        session = self.book()
        mail = self._get_mails(session, "booked", self.client)
        model = self.env.registry["coaching.notification"]
        with patch.object(model, "_is_due", lambda self: False):
            mail._send()
        self.assertEqual(mail.state, "pending")
        self.run_cron("coaching.notification", "_cron_send")
        self.assertEqual(mail.state, "pending")
        self.travel(mail.not_before)
        self.run_cron("coaching.notification", "_cron_send")
        self.assertEqual(mail.state, "sent")
