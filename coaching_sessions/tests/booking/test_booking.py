from datetime import datetime, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestBooking(CoachingCommon):
    # R87
    def test_book_creates_everything_at_once(self):
        """Session, attendance, hold, event and email come from one call."""
        session = self.book(note="First one")
        attendance = session.attendance_ids
        self.assertEqual(session.state, "scheduled")
        self.assertEqual(session.stop - session.start, timedelta(hours=1))
        self.assertEqual(attendance.partner_id, self.client)
        self.assertEqual(attendance.package_id, self.package)
        self.assertBalance(self.package, remaining=4, held=1)
        event = session.event_id
        self.assertEqual((event.start, event.stop), (session.start, session.stop))
        self.assertEqual(event.partner_ids, self.coach.partner_id, "no client")
        notifications = self.env["coaching.notification"].search(
            [("attendance_id", "=", attendance.id)]
        )
        self.assertEqual(notifications.partner_id, self.client | self.coach.partner_id)
        self.assertEqual(set(notifications.mapped("state")), {"pending"})

    def test_package_without_requirement(self):
        """A type that needs no package takes none."""
        # R128 R132
        session = self.book(booking_type_id=self.consultation.id)
        self.assertFalse(session.attendance_ids.package_id)
        self.assertBalance(self.package, remaining=5)

    def test_package_required(self):
        """Without a package there is no session."""
        # R128
        with self.assertRaisesRegex(UserError, "has no package"):
            self.book(partner_ids=self.other_client.ids)

    def test_sessions_deducted(self):
        """A type can take more than one session."""
        # R127
        self.individual.sessions_deducted = 2
        session = self.book()
        self.assertBalance(self.package, remaining=3, held=2)
        self.close(session, "completed")
        self.assertBalance(self.package, remaining=3, used=2)

    def test_oldest_expiry_first(self):
        later = self._sell(self.client)
        later.expiry_date = datetime(2028, 6, 1).date()
        sooner = self._sell(self.client)
        sooner.expiry_date = datetime(2027, 6, 1).date()
        self.assertEqual(self.book().attendance_ids.package_id, sooner)

    def test_booking_types_of_package(self):
        """A package is used for the types it is linked to."""
        # R130
        self.package.booking_type_ids = self.group_type
        with self.assertRaisesRegex(UserError, "can't be used for"):
            self.book(package_id=self.package.id)
        with self.assertRaisesRegex(UserError, "has no package"):
            self.book()

    def test_coach_overlap(self):
        self.book(days=1, hour=9)
        self._sell(self.other_client)
        with self.assertRaisesRegex(
            UserError, "coaching_coach.* already has a session"
        ):
            self.book(days=1, hour=9, minute=30, partner_ids=self.other_client.ids)
        # half-open: the next may begin when this one ends
        self.assertTrue(self.book(days=1, hour=10, partner_ids=self.other_client.ids))

    def test_client_overlap(self):
        self.book(days=1, hour=9)
        with self.assertRaisesRegex(UserError, "already has a session"):
            self.book(days=1, hour=9, minute=30, coach_id=self.other_coach.id)

    def test_buffers(self):
        """The time kept free around a session is taken too."""
        # R147
        self.individual.buffer_after_minutes = 15
        self.book(days=1, hour=9)
        self._sell(self.other_client)
        with self.assertRaisesRegex(UserError, "already has a session"):
            self.book(days=1, hour=10, partner_ids=self.other_client.ids)
        self.assertTrue(
            self.book(days=1, hour=10, minute=15, partner_ids=self.other_client.ids)
        )

    def test_group_session_is_joined(self):
        """Clients join the session that is there while seats are left."""
        # R129
        self.group_type.max_participants = 2
        self._sell(self.other_client)
        first = self.book(booking_type_id=self.group_type.id)
        second = self.book(
            booking_type_id=self.group_type.id, partner_ids=self.other_client.ids
        )
        self.assertEqual(first, second)
        self.assertEqual((first.seats, first.seats_taken), (2, 2))
        self.assertEqual(first.event_id.partner_ids, self.coach.partner_id)
        third = self.env["res.partner"].create({"name": "Third"})
        self._sell(third)
        with self.assertRaisesRegex(UserError, "no seat left"):
            self.book(booking_type_id=self.group_type.id, partner_ids=third.ids)

    def test_group_session_frees_a_seat(self):
        self.group_type.max_participants = 2
        self._sell(self.other_client)
        session = self.book(
            booking_type_id=self.group_type.id,
            partner_ids=(self.client | self.other_client).ids,
        )
        session.with_user(self.client_user).action_cancel()
        self.assertEqual(session.seats_taken, 1)
        self.assertEqual(session.state, "scheduled")
        self.assertEqual(session.event_id.partner_ids, self.coach.partner_id)
        self.assertBalance(self.package, remaining=5)

    def test_reschedule(self):
        """Moving keeps package and client; the event follows."""
        # R52 R102
        session = self.book()
        start = session.start + timedelta(days=1)
        session.with_user(self.coach_user).action_reschedule(start, "Ill child")
        self.assertEqual(session.start, start)
        self.assertEqual(session.event_id.start, start)
        self.assertEqual(session.attendance_ids.start, start)
        self.assertBalance(self.package, remaining=4, held=1)
        with self.assertRaisesRegex(UserError, "does not work"):
            session.action_reschedule(start.replace(hour=23))

    def test_drag_in_calendar_is_a_move(self):
        session = self.book()
        start = session.start + timedelta(days=1)
        session.event_id.with_user(self.coach_user).write(
            {"start": start, "stop": start + timedelta(hours=1)}
        )
        self.assertEqual(session.start, start)
        with self.assertRaisesRegex(UserError, "does not work"):
            session.event_id.write(
                {
                    "start": start.replace(hour=22),
                    "stop": start.replace(hour=23),
                }
            )

    def test_deleting_the_event_cancels(self):
        """The session is cancelled, never lost with its event."""
        session = self.book(days=3)
        session.event_id.with_user(self.coach_user).unlink()
        self.assertEqual(session.state, "cancelled")
        self.assertBalance(self.package, remaining=5)

    def test_rights(self):
        """Clients book for themselves, coaches their own time, managers all."""
        self._sell(self.other_client)
        self.assertTrue(self.book(days=1, user=self.client_user))
        self.assertTrue(self.book(days=2, user=self.coach_user))
        self.assertTrue(self.book(days=3, user=self.manager))
        with self.assertRaises(AccessError):
            self.book(days=4, user=self.client_user, partner_ids=self.other_client.ids)
        with self.assertRaises(AccessError):
            self.book(days=4, user=self.portal_coach_user)
        with self.assertRaises(AccessError):
            self.book(days=4, user=self.coach_user, coach_id=self.other_coach.id)

    # R83
    def test_mail_is_sent_by_the_cron(self):
        """What was queued goes out once, in the client's zone, with a .ics."""
        # the email itself; its link comes with video
        self.client.tz = "Europe/Berlin"
        session = self.book(user=self.coach_user)
        notification = self.env["coaching.notification"].search(
            [("attendance_id", "=", session.attendance_ids.id)]
        )
        self.assertEqual(notification.partner_id, self.client)
        notification._send()
        mail = notification.mail_id
        self.assertEqual(notification.state, "sent")
        self.assertIn("10:00", mail.subject)
        self.assertIn("Berlin time", mail.body_html)
        self.assertEqual(mail.recipient_ids, self.client)
        self.assertIn(b"BEGIN:VCALENDAR", mail.attachment_ids.raw)

    def test_mail_of_a_cancelled_session_is_skipped(self):
        session = self.book(days=4, user=self.coach_user)
        notification = self.env["coaching.notification"].search(
            [("attendance_id", "=", session.attendance_ids.id)]
        )
        session.action_cancel()
        notification._send()
        self.assertEqual(notification.state, "skipped")
        self.assertFalse(notification.mail_id)

    def test_coach_deletes_in_a_synchronised_calendar(self):
        """The client loses nothing, also when the synchronisation is superuser."""
        session = self.book()
        self.travel(session.start - timedelta(hours=2))
        session.event_id.with_user(self.coach_user).sudo().write({"active": False})
        self.assertEqual(session.attendance_ids.outcome_id.code, "coach_emergency")
        self.assertBalance(self.package, remaining=5)

    def test_stretching_the_event_is_a_move(self):
        session = self.book()
        with self.assertRaisesRegex(AccessError, "how long a session is"):
            session.event_id.with_user(self.coach_user).write({"duration": 2.0})
        with self.assertRaisesRegex(UserError, "can't be repeated"):
            session.event_id.write({"recurrency": True, "rrule_type": "weekly"})
        session.event_id.write({"duration": 2.0})
        self.assertEqual(session.stop - session.start, timedelta(hours=2))

    def test_length_is_not_the_client_s_to_say(self):
        with self.assertRaises(AccessError):
            self.book(user=self.client_user, stop=self.now + timedelta(days=1, hours=3))

    def test_portal_coach_books_for_known_clients(self):
        """A coach in the portal can't try out the contacts of the business."""
        vals = {"coach_id": self.other_coach.id, "user": self.portal_coach_user}
        with self.assertRaisesRegex(
            AccessError,
            "You can only book for clients you have already had a session with",
        ):
            self.book(**vals)
        self.book(coach_id=self.other_coach.id)
        self.assertTrue(self.book(days=2, **vals))

    def test_moving_a_group_leaves_those_who_cancelled(self):
        self.group_type.max_participants = 2
        self._sell(self.other_client)
        session = self.book(
            days=4,
            booking_type_id=self.group_type.id,
            partner_ids=(self.client | self.other_client).ids,
        )
        session.with_user(self.client_user).action_cancel()
        gone = session.attendance_ids.filtered(lambda a: a.state != "scheduled")
        third = self.env["res.partner"].create({"name": "Third"})
        self._sell(third)
        self.book(days=4, booking_type_id=self.group_type.id, partner_ids=third.ids)
        # the client who cancelled is elsewhere by then
        self.book(days=4, hour=13, coach_id=self.other_coach.id)
        start = session.start
        session.action_reschedule(start + timedelta(hours=4))
        self.assertEqual(gone.start, start)

    def test_moving_past_the_validity_is_refused(self):
        self.package.expiry_date = self.now.date() + timedelta(days=3)
        session = self.book()
        with self.assertRaisesRegex(UserError, ", which is before the session"):
            session.action_reschedule(session.start + timedelta(days=7))

    def test_a_group_does_not_read_the_booker_s_words(self):
        session = self.book(booking_type_id=self.group_type.id, note="Burnout")
        self.assertFalse(session.note)
        self.assertEqual(session.attendance_ids.note, "Burnout")

    def test_history_stays_in_its_company(self):
        session = self.book()
        self.close(session, "completed")
        other = self.env["res.company"].create({"name": "Other"})
        self.coach.resource_id.company_id = other
        self.assertEqual(session.company_id, self.company)
        self.assertEqual(session.attendance_ids.company_id, self.company)

    def test_until_midnight_and_over_it(self):
        """Who works until 24:00 gives a session that ends then, or goes on."""
        self.calendar.attendance_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "name": str(day),
                        "dayofweek": str(day),
                        "hour_from": 0,
                        "hour_to": 24,
                        "day_period": "morning",
                    }
                )
                for day in range(7)
            ),
        ]
        self.assertTrue(self.book(days=1, hour=23))
        self.assertTrue(self.book(days=2, hour=23, minute=30))
