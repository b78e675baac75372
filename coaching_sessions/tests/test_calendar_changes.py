from datetime import date, timedelta

import vobject

from odoo.tests import tagged

from .common import CoachingCommon


@tagged("post_install", "-at_install")
class TestCalendarChanges(CoachingCommon):
    """Whatever changes a time brings the entry that changes people's calendars (R102).

    Each person's calendar is played: what they were sent is put into it as a mail
    program would, and at the end it shows what there is.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.email = "office@example.com"
        cls.client.email = "anna@example.com"
        cls.coach.partner_id.email = "clara@example.com"
        cls.other_coach.partner_id.email = "petra@example.com"
        cls._sell(cls.other_client)

    def setUp(self):
        super().setUp()
        self.calendars = {}

    def deliver(self):
        """Send what is due, and put the entries into the readers' calendars."""
        notifications = self.env["coaching.notification"].search(
            [("state", "=", "pending"), ("company_id", "=", self.company.id)]
        )
        self.run_cron("coaching.notification", "_cron_send")
        self.assertFalse(notifications.filtered(lambda one: one.state == "failed"))
        for notification in notifications.filtered("mail_id"):
            address = notification.partner_id.email
            for attachment in notification.mail_id.attachment_ids:
                self.receive(address, vobject.readOne(attachment.raw.decode()))
        return notifications

    def receive(self, address, calendar):
        entries = self.calendars.setdefault(address, {})
        method = calendar.method.value
        if method in ("REQUEST", "CANCEL"):
            self.assertEqual(len(calendar.vevent_list), 1, "RFC 5546: one entry")
        for event in calendar.vevent_list:
            uid, sequence = event.uid.value, int(event.sequence.value)
            known = entries.get(uid)
            if known:
                self.assertGreaterEqual(sequence, known[0])
                changed = known[1:] != (event.status.value, event.dtstart.value)
                self.assertTrue(sequence > known[0] or not changed, "nothing happens")
            gone = method == "CANCEL"
            self.assertEqual(event.status.value == "CANCELLED", gone)
            entries[uid] = (sequence, event.status.value, event.dtstart.value)

    def shown(self, address):
        """Return the starts of what is in a calendar, as naive UTC."""
        return sorted(
            start.replace(tzinfo=None)
            for _sequence, status, start in self.calendars.get(address, {}).values()
            if status == "CONFIRMED"
        )

    def assertShown(self, address, *sessions):
        self.assertEqual(
            self.shown(address), sorted(session.start for session in sessions)
        )

    # R102
    def test_absence_cancels(self):
        first, second, later = self.book(days=1), self.book(days=2), self.book(days=4)
        self.deliver()
        self.assertShown("anna@example.com", first, second, later)
        self.assertShown("clara@example.com", first, second, later)
        me = self.coach.with_user(self.coach_user)
        me.action_absent(date(2027, 3, 2), date(2027, 3, 3), mode="cancel")
        told = self.deliver()
        self.assertEqual(len(told), 2, "one message a person")
        self.assertShown("anna@example.com", later)
        self.assertShown("clara@example.com", later)

    # R102
    def test_absence_offers(self):
        session = self.book(days=1)
        self.deliver()
        self.coach.action_absent(date(2027, 3, 2), date(2027, 3, 2), mode="offer")
        self.deliver()
        self.assertShown("anna@example.com", session)
        proposal = session.proposal_ids
        start = proposal.hold_ids[0].start
        proposal.with_user(self.client_user).action_accept(start)
        self.deliver()
        self.assertEqual(session.start, start)
        self.assertShown("anna@example.com", session)
        self.assertShown("clara@example.com", session)

    # R102
    def test_substitute(self):
        session = self.book(days=1)
        self.deliver()
        session.action_substitute(self.other_coach.id)
        self.deliver()
        self.assertShown("anna@example.com", session)
        self.assertShown("clara@example.com")
        self.assertShown("petra@example.com", session)
        session.action_substitute(self.coach.id)
        self.deliver()
        self.assertShown("clara@example.com", session)
        self.assertShown("petra@example.com")

    def test_substitute_with_the_same_address(self):
        """A calendar that two coaches share keeps the session, whoever gives it."""
        self.other_coach.partner_id.email = "clara@example.com"
        session = self.book(days=1)
        self.deliver()
        session.action_substitute(self.other_coach.id)
        self.deliver()
        self.assertShown("clara@example.com", session)

    # R102
    def test_coach_moves_and_cancels(self):
        session = self.book(days=1)
        self.deliver()
        self.assertShown("clara@example.com", session)
        own = session.with_user(self.coach_user)
        own.action_reschedule(session.start + timedelta(hours=1))
        self.deliver()
        self.assertShown("clara@example.com", session)
        own.event_id.with_user(self.coach_user).write(
            {
                "start": session.start + timedelta(hours=1),
                "stop": session.stop + timedelta(hours=1),
            }
        )
        self.deliver()
        self.assertShown("clara@example.com", session)
        self.assertShown("anna@example.com", session)
        own.action_cancel("Car broke down")
        self.deliver()
        self.assertShown("clara@example.com")
        self.assertShown("anna@example.com")

    # R102
    def test_series_ends(self):
        result = self.env["coaching.series"].book(
            {
                "booking_type_id": self.individual.id,
                "coach_id": self.coach.id,
                "partner_ids": self.client.ids,
                "start": self.now + timedelta(days=1, hours=1),
                "count": 3,
            }
        )
        series = self.env["coaching.series"].browse(result["series_id"])
        sessions = series.session_ids.sorted("start")
        self.deliver()
        self.assertShown("anna@example.com", *sessions)
        series.with_user(self.coach_user).action_end(date(2027, 3, 2))
        self.deliver()
        self.assertShown("anna@example.com")
        self.assertShown("clara@example.com")

    # R102
    def test_children_with_one_address(self):
        """Two children with their mother's address: each has an entry of their own."""
        self.other_client.email = "anna@example.com"
        clients = self.client | self.other_client
        session = self.book(booking_type_id=self.group_type.id, partner_ids=clients.ids)
        self.deliver()
        self.assertShown("anna@example.com", session, session)
        session.with_user(self.client_user).action_cancel()
        self.deliver()
        self.assertShown("anna@example.com", session)
        self.assertShown("clara@example.com", session)
        # taking the place again finds the entry that was taken out
        self.book(
            booking_type_id=self.group_type.id,
            start=session.start,
            partner_ids=self.client.ids,
        )
        self.deliver()
        self.assertShown("anna@example.com", session, session)
        self.assertEqual(len(self.calendars["anna@example.com"]), 2)

    # R102
    def test_entry_of_before_is_found(self):
        """What was booked while a session had one name is still changed by it."""
        session = self.book()
        session.attendance_ids.ics_name = False
        self.deliver()
        (uid,) = self.calendars["anna@example.com"]
        self.assertIn(f"coaching-session-{session.id}@", uid)
        session.action_cancel()
        self.deliver()
        self.assertShown("anna@example.com")
        self.assertEqual(list(self.calendars["anna@example.com"]), [uid])
