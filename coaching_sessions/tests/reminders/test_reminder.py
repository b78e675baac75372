from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_reminder import ReminderCommon


@tagged("post_install", "-at_install")
class TestReminder(ReminderCommon):
    """Clients and coaches are reminded once, of what still takes place (R133)."""

    # R133
    def test_a_type_reminds_by_default(self):
        """Shipped: one email a day before, to the client."""
        session = self.book(days=3)
        due = session.start - timedelta(hours=24)
        self.assertFalse(self.remind(at=due - timedelta(seconds=1)))
        reminder = self.remind(at=due)
        self.assertEqual(reminder.kind, "reminder")
        self.assertEqual(reminder.attendance_id, session.attendance_ids)
        self.assertEqual(reminder.partner_id, self.client)
        self.send()
        self.assertEqual(reminder.state, "sent")
        self.assertIn("Reminder", reminder.mail_id.subject)
        self.assertEqual(reminder.mail_id.recipient_ids, self.client)
        # once
        self.assertFalse(self.remind(at=due + timedelta(minutes=5)))

    # R133
    def test_new_types_remind(self):
        booking_type = self.env["coaching.booking.type"].create({"name": "New"})
        self.assertEqual(booking_type.reminder_ids, self.day)

    # section 3, complaint 15
    def test_never_of_what_was_cancelled_or_moved(self):
        """Also when that happens between the two crons."""
        cancelled, moved = self.book(days=3), self.book(days=3, hour=14)
        queued = self.remind(at=moved.start - timedelta(hours=20))
        self.assertEqual(len(queued), 2)
        cancelled.action_cancel()
        moved.action_reschedule(moved.start + timedelta(days=5))
        self.send()
        self.assertEqual(queued.mapped("state"), ["skipped", "skipped"])
        self.assertFalse(queued.mail_id)
        self.assertFalse(self.remind())
        # of its new time it is reminded anew
        again = self.remind(at=moved.start - timedelta(hours=24))
        self.assertEqual(again.attendance_id, moved.attendance_ids)
        self.send()
        self.assertEqual(again.state, "sent")

    def test_not_when_it_has_begun(self):
        """A server that stood still does not remind of what is over."""
        session = self.book(days=3)
        queued = self.remind(at=session.start - timedelta(hours=1))
        self.travel(session.start)
        self.send()
        self.assertEqual(queued.state, "skipped")
        other = self.book(days=8)
        self.assertFalse(self.remind(at=other.start))

    def test_one_at_a_time(self):
        """After a standstill the last one is sent, not all of them."""
        self.individual.reminder_ids = self.day | self.two_hours | self.coach_hour
        self.travel(self.now + timedelta(minutes=1))
        first, second = self.book(days=3), self.book(days=4)
        both = self.remind(at=first.start - timedelta(hours=1))
        self.assertEqual(set(both.reminder_id), {self.two_hours, self.coach_hour})
        # and otherwise each in its time
        day = self.remind(at=second.start - timedelta(hours=24))
        self.assertEqual(day.reminder_id, self.day)
        late = self.remind(at=second.start - timedelta(hours=2))
        self.assertEqual(late.reminder_id, self.two_hours)

    def test_moved_there_and_back(self):
        """The reminder that was dropped comes again, one that was sent does not."""
        session = self.book(days=4)
        start = session.start
        dropped = self.remind(at=start - timedelta(hours=24))
        session.action_reschedule(start + timedelta(days=3))
        self.send()
        self.assertEqual(dropped.state, "skipped")
        self.travel(start - timedelta(hours=30))
        session.action_reschedule(start)
        again = self.remind(at=start - timedelta(hours=24))
        self.assertTrue(again)
        self.send()
        self.assertEqual(again.state, "sent")
        session.action_reschedule(start + timedelta(days=3))
        self.travel(start - timedelta(hours=30))
        session.action_reschedule(start)
        self.assertFalse(self.remind(at=start - timedelta(hours=24)))

    def test_what_was_over_at_booking_is_not_sent(self):
        """Who books two hours before was just told."""
        self.travel(self.now)
        self.individual.reminder_ids = self.day | self.two_hours
        self.travel(self.now + timedelta(minutes=1))
        session = self.book(start=self.now + timedelta(hours=5))
        self.assertFalse(self.remind())
        # but the shorter one is
        queued = self.remind(at=session.start - timedelta(hours=2))
        self.assertEqual(queued.reminder_id, self.two_hours)

    def test_a_new_reminder_makes_up_for_nothing(self):
        """Adding one does not write to everybody who comes today."""
        session = self.book(days=2)
        self.travel(session.start - timedelta(hours=1))
        self.individual.reminder_ids += self.two_hours
        self.assertFalse(self.remind())

    # R133
    def test_a_session_has_its_own(self):
        session, silent = self.book(days=3), self.book(days=3, hour=14)
        session.with_user(self.coach_user).action_set_reminders(
            "own", self.two_hours.ids
        )
        silent.with_user(self.manager).action_set_reminders("none")
        self.assertEqual(session.reminder_ids, self.two_hours)
        self.assertFalse(silent.reminder_ids)
        self.assertFalse(self.remind(at=session.start - timedelta(hours=20)))
        queued = self.remind(at=session.start - timedelta(hours=2))
        self.assertEqual(queued.reminder_id, self.two_hours)
        # what waits is not sent when it is turned off meanwhile
        session.action_set_reminders("none")
        self.send()
        self.assertEqual(queued.state, "skipped")
        self.assertFalse(self.remind(at=silent.start - timedelta(hours=1)))
        session.action_set_reminders("type")
        self.assertEqual(session.reminder_ids, self.day)

    def test_dialog(self):
        session = self.book(days=3)
        action = session.with_user(self.coach_user).action_open_reminders()
        dialog = (
            self.env["coaching.session.remind"]
            .with_user(self.coach_user)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(dialog.mode, "type")
        self.assertEqual(dialog.reminder_ids, self.day)
        dialog.mode = "own"
        dialog.reminder_ids = self.two_hours
        dialog.action_save()
        self.assertEqual(session.own_reminder_ids, self.two_hours)

    def test_who_may_change_reminders(self):
        session = self.book(days=3)
        with self.assertRaises(AccessError):
            session.with_user(self.client_user).action_set_reminders("none")
        with self.assertRaises(AccessError):
            session.with_user(self.portal_coach_user).action_set_reminders("none")
        for mode, ids in (("never", []), ("own", []), ("own", [0]), ("own", "1")):
            with self.subTest(mode=mode, ids=ids), self.assertRaises(UserError):
                session.action_set_reminders(mode, ids)

    def test_coach_is_reminded_once_a_session(self):
        """Also of a group, and of one that only some of its clients left."""
        self._sell(self.other_client)
        self.group_type.reminder_ids = self.day | self.coach_hour
        self.travel(self.now + timedelta(minutes=1))
        session = self.book(
            days=3,
            booking_type_id=self.group_type.id,
            partner_ids=(self.client | self.other_client).ids,
        )
        clients = self.remind(at=session.start - timedelta(hours=2))
        self.assertEqual(clients.partner_id, self.client | self.other_client)
        session.with_user(self.client_user).action_cancel()
        coach = self.remind(at=session.start - timedelta(hours=1))
        self.assertEqual(coach.kind, "reminder_coach")
        self.assertEqual(coach.session_id, session)
        self.assertEqual(coach.partner_id, self.coach.partner_id)
        self.coach.partner_id.email = "coach@example.com"
        self.send()
        self.assertEqual(coach.state, "sent")
        self.assertEqual(
            {row.partner_id: row.state for row in clients},
            {self.client: "skipped", self.other_client: "sent"},
        )
        # who left is not reminded again and again
        self.assertFalse(self.remind())

    def test_another_coach_stands_in(self):
        """Who holds the session is reminded, whoever was reminded before."""
        coaches = self.coach | self.other_coach
        for coach, email in zip(
            coaches, ("a@example.com", "b@example.com"), strict=True
        ):
            coach.partner_id.email = email
        self.individual.reminder_ids = self.coach_hour
        self.travel(self.now + timedelta(minutes=1))
        session = self.book(days=3)
        first = self.remind(at=session.start - timedelta(hours=1))
        self.assertEqual(first.partner_id, self.coach.partner_id)
        session.sudo().coach_id = self.other_coach
        second = self.remind()
        self.assertEqual(second.partner_id, self.other_coach.partner_id)
        self.send()
        self.assertEqual((first.state, second.state), ("skipped", "sent"))
        self.assertFalse(self.remind())
