from datetime import timedelta

import pytz

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_slots import DAY, SlotsCommon


@tagged("post_install", "-at_install")
class TestSlotsTaken(SlotsCommon):
    """What takes a coach's time."""

    # === WHAT TAKES TIME === #

    def test_sessions_with_buffers_and_preparation(self):
        self.type.write(
            {
                "buffer_before_minutes": 15,
                "buffer_after_minutes": 30,
                "preparation_minutes": 30,
            }
        )
        # preparation is work, buffers are not: 8:30 is the first, 11:00 the last
        self.assertEqual(self.slots(), self.hours((8.5, 11), (13.5, 16)))
        session = self.env["coaching.session"].book(
            {
                "booking_type_id": self.type.id,
                "coach_id": self.coach.id,
                "partner_ids": self.other_client.ids,
                "start": self.at(14),
            }
        )
        self.assertEqual(
            (session.busy_start, session.busy_stop), (self.at(13.25), self.at(15.5))
        )
        # 45 minutes before the next one, 30 after it
        self.assertEqual(self.slots(), self.hours((8.5, 11)))
        self.assertIsNone(self.try_to_book(self.at(11)))
        self.assertSameAsBook()
        self.assertIn("already has a session", self.try_to_book(self.at(15.5)))

    def test_events_of_the_coach(self):
        """Busy ones take time, synchronised or not; free and declined ones do not."""
        partner = self.coach.partner_id
        values = {"partner_ids": [Command.set(partner.ids)], "user_id": False}
        Event = self.env["calendar.event"].with_context(no_mail_to_attendees=True)
        busy, free, declined, _other = Event.create(
            [
                {
                    **values,
                    "name": "Busy",
                    "start": self.at(8),
                    "stop": self.at(9),
                    "show_as": "busy",
                },
                {
                    **values,
                    "name": "Free",
                    "start": self.at(9),
                    "stop": self.at(10),
                    "show_as": "free",
                },
                {
                    **values,
                    "name": "Declined",
                    "start": self.at(10),
                    "stop": self.at(11),
                    "show_as": "busy",
                },
                {
                    "name": "Others'",
                    "start": self.at(8),
                    "stop": self.at(17),
                    "partner_ids": [Command.set(self.other_client.ids)],
                    "user_id": False,
                },
            ]
        )
        declined.attendee_ids.state = "declined"
        self.assertEqual(self.slots(), self.hours((9, 11), (13, 16)))
        self.assertSameAsBook()
        self.assertIn("has another appointment at", self.try_to_book(self.at(8)))
        busy.active = False
        self.assertIn(8, self.slots())
        self.assertTrue(free.active)

    def test_all_day_events_are_days_of_the_coach(self):
        self.coach.resource_id.tz = "America/New_York"
        self.env["calendar.event"].with_context(no_mail_to_attendees=True).create(
            {
                "name": "Conference",
                "allday": True,
                "start_date": DAY,
                "stop_date": DAY,
                "start": self.at(8),
                "stop": self.at(18),
                "show_as": "busy",
                "partner_ids": [Command.set(self.coach.partner_id.ids)],
                "user_id": False,
            }
        )
        found = self.env["coaching.booking.type"].get_slots(
            self.type.id,
            DAY - timedelta(days=1),
            DAY + timedelta(days=1),
            coach_ids=self.coach.ids,
            tz="America/New_York",
        )
        zone = pytz.timezone("America/New_York")
        days = {
            pytz.utc.localize(fields.Datetime.to_datetime(slot["start"]))
            .astimezone(zone)
            .date()
            for slot in found
        }
        self.assertEqual(days, {DAY - timedelta(days=1), DAY + timedelta(days=1)})

    def test_held_times(self):
        self.env["coaching.hold"]._hold(
            self.type, self.coach, [self.at(9)], self.at(20), partner=self.client
        )
        self.assertEqual(self.slots(), self.hours((8, 8), (10, 11), (13, 16)))
        self.assertSameAsBook()
        self.assertIn(
            "is currently offered to another client", self.try_to_book(self.at(9))
        )
        self.assertIn(9, self.slots(partner_id=self.client.id), "it is held for them")
        self.travel(self.at(20) - timedelta(days=3))
        self.travel(self.at(7.5))
        self.env["coaching.hold"].search([])._release()
        self.assertIn(9, self.slots())

    # R59
    def test_reserved_slots(self):
        engagement = self._engage(self.client)
        engagement.with_user(self.manager).action_reserve_slot(
            self.at(10), booking_type_id=self.type.id
        )
        self.assertEqual(self.slots(), self.hours((8, 9), (11, 11), (13, 16)))
        self.assertSameAsBook()
        reason = self.try_to_book(self.at(10))
        self.assertIn("reserves", reason)
        self.assertNotIn(self.client.name, reason, "for whom is nobody's business")
        self.assertIn(10, self.slots(partner_id=self.client.id))
        self.assertIsNone(self.try_to_book(self.at(10), partner=self.client))
        later = DAY + timedelta(weeks=5)
        self.assertNotIn(10, self.slots(day=later), "every week")

    def test_most_sessions_a_day_and_a_week(self):
        self.coach.write({"max_sessions_day": 2, "max_sessions_week": 3})
        clients = self.env["res.partner"].create(
            [{"name": f"Client {number}"} for number in range(3)]
        )
        for client, hour in zip(clients, (8, 13), strict=False):
            self._book_for(client, self.at(hour))
        self.assertFalse(self.slots(), "the day is full")
        self.assertIn(
            "has reached the maximum number of sessions on the day of",
            self.try_to_book(self.at(10)),
        )
        tomorrow = DAY + timedelta(days=1)
        self.assertTrue(self.slots(day=tomorrow))
        session = self._book_for(clients[2], self.at(8, tomorrow))
        self.assertFalse(self.slots(day=tomorrow), "the week is full")
        self.assertIn("in the week", self.try_to_book(self.at(10, tomorrow)))
        self.assertTrue(self.slots(day=DAY + timedelta(days=6)), "the next week")
        self.assertSameAsBook(first=tomorrow)
        # it is counted once, and what moves is not in its own way
        self.assertTrue(self.slots(day=tomorrow, session_id=session.id))
        session.action_reschedule(self.at(10, tomorrow))
        session.action_cancel()
        self.assertTrue(self.slots(day=tomorrow))

    def test_mondays_are_not_counted_with_their_week(self):
        self.coach.write({"max_sessions_day": 1, "max_sessions_week": 3})
        monday = DAY + timedelta(days=6)
        for number, client in enumerate((self.client, self.other_client), start=1):
            self._book_for(client, self.at(9, monday + timedelta(days=number)))
        self.assertSameAsBook(first=monday, step=60)
        session = self._book_for(self.visitor, self.at(9, monday))
        self.assertEqual(session.day_key, f"{self.coach.id}:{monday}:1")
        self.assertEqual(session.week_key, f"{self.coach.id}:{monday}:3")

    def test_limits_are_in_the_database(self):
        """Numbers of a day are given once, whoever counts wrongly."""
        self.coach.max_sessions_day = 2
        first = self._book_for(self.client, self.at(8))
        second = self._book_for(self.other_client, self.at(10))
        self.assertEqual(
            [session.day_key for session in first | second],
            [f"{self.coach.id}:2027-03-02:{number}" for number in (1, 2)],
        )
        with self.assertRaises(UserError):
            self.env["coaching.session"]._prepare_limit_keys(
                [self._request(self.at(14))]
            )

    def test_the_clients_own_sessions(self):
        self._book_for(self.client, self.at(9), coach_id=self.other_coach.id)
        self.assertIn(9, self.slots())
        self.assertNotIn(9, self.slots(partner_id=self.client.id))
        self.assertNotIn(9, self.slots(user=self.client_user), "the user, by default")
        self.assertSameAsBook(partner=self.client)
