from datetime import datetime, timedelta

from psycopg2.errors import ExclusionViolation

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CoachingCommon


@tagged("post_install", "-at_install")
class TestResource(CoachingCommon):
    """Rooms and devices that sessions need (section 2, rank 27)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rooms = cls.env["resource.resource"].create(
            [
                {
                    "name": name,
                    "resource_type": "material",
                    "tz": "UTC",
                    "calendar_id": False,
                }
                for name in ("Blue room", "Green room")
            ]
        )
        cls.need = cls.env["coaching.booking.type.need"].create(
            {
                "name": "room",
                "booking_type_id": cls.individual.id,
                "resource_ids": [Command.set(cls.rooms.ids)],
            }
        )
        cls.third = cls.env["coaching.coach"].create(
            {
                "partner_id": cls.env["res.partner"].create({"name": "Third"}).id,
                "resource_calendar_id": cls.calendar.id,
                "tz": "UTC",
            }
        )
        cls._sell(cls.other_client)
        cls.third_client = cls.env["res.partner"].create({"name": "Tim Third"})
        cls._sell(cls.third_client)

    def book_all(self, hour=9):
        """Book both rooms at an hour."""
        return self.book(hour=hour) | self.book(
            hour=hour, coach_id=self.other_coach.id, partner_ids=self.other_client.ids
        )

    def book_third(self, **vals):
        return self.book(
            coach_id=self.third.id, partner_ids=self.third_client.ids, **vals
        )

    def starts(self):
        day = (self.now + timedelta(days=1)).date()
        found = self.env["coaching.booking.type"].get_slots(
            self.individual.id, day, day, coach_ids=self.third.ids, tz="UTC"
        )
        return [slot["start"][11:16] for slot in found]

    def test_one_of_several(self):
        first, second = self.book_all()
        self.assertEqual(first.resource_ids.resource_id, self.rooms[0])
        self.assertEqual(second.resource_ids.resource_id, self.rooms[1])
        self.assertNotIn("09:00", self.starts(), "the third coach has no room")
        self.assertNotIn("09:30", self.starts())
        self.assertIn("10:00", self.starts())
        with self.assertRaisesRegex(UserError, "no room free"):
            self.book_third()
        second.action_cancel()
        self.assertFalse(second.resource_ids.taken)
        self.assertEqual(self.book_third().resource_ids.resource_id, self.rooms[1])

    def test_several_needs(self):
        self.need.copy(
            {"name": "projector", "resource_ids": [Command.set(self.rooms[1].ids)]}
        )
        session = self.book()
        self.assertEqual(session.resource_ids.resource_id, self.rooms)
        self.assertNotIn("09:00", self.starts())

    def test_needs_that_share_their_resources(self):
        """Whoever needs one of two leaves the other one to whoever needs that one."""
        self.need.copy(
            {"name": "piano", "resource_ids": [Command.set(self.rooms[0].ids)]}
        )
        self.assertIn("09:00", self.starts())
        session = self.book_third()
        self.assertEqual(session.resource_ids.resource_id, self.rooms)
        self.assertNotIn("09:30", self.starts())
        session.action_cancel()
        self.rooms[1].active = False
        self.assertFalse(self.starts(), "one can't be both")

    def test_a_moved_session_takes_its_room_along(self):
        first, _second = self.book_all()
        third = self.book_third(hour=10)
        self.assertEqual(third.resource_ids.resource_id, self.rooms[0])
        with self.assertRaisesRegex(UserError, "no room free"):
            third.action_reschedule(first.start)
        first.action_reschedule(first.start + timedelta(hours=1))
        self.assertEqual(
            first.resource_ids.resource_id, self.rooms[1], "the other one is free"
        )
        self.assertEqual(first.resource_ids.start, first.start)
        third.action_reschedule(third.start - timedelta(hours=1))
        self.assertEqual(third.resource_ids.resource_id, self.rooms[0], "kept")

    def test_hours_and_maintenance(self):
        self.rooms.write({"calendar_id": self.calendar.id})
        self.assertIn("09:00", self.starts())
        day = self.now + timedelta(days=1)
        self.env["resource.calendar.leaves"].create(
            [
                {
                    "name": "Painting",
                    "resource_id": room.id,
                    "date_from": day.replace(hour=8),
                    "date_to": day.replace(hour=12),
                }
                for room in self.rooms
            ]
        )
        self.assertNotIn("09:00", self.starts())
        self.assertIn("13:00", self.starts())

    def test_no_room_at_all(self):
        self.rooms.active = False
        self.assertFalse(self.starts())
        with self.assertRaisesRegex(UserError, "no room free"):
            self.book_third()

    @mute_logger("odoo.sql_db")
    def test_the_database_judges(self):
        """Whoever writes: a room is in one session at a time."""
        first, second = self.book_all()
        other = self.book_third(hour=10)
        for statement, values in (
            (
                "UPDATE coaching_session_resource SET resource_id = %s"
                " WHERE session_id = %s",
                (self.rooms[0].id, second.id),
            ),
            (
                "UPDATE coaching_session SET start = %s, stop = %s, busy_start = %s,"
                " busy_stop = %s WHERE id = %s",
                (*(first.start, first.stop) * 2, other.id),
            ),
        ):
            with (
                self.subTest(statement),
                self.assertRaises(ExclusionViolation),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement, values)

    def test_what_took_place_after_all_takes_no_room(self):
        _first, second = self.book_all()
        second.action_cancel()
        self.book_third()
        self.travel(datetime(2027, 3, 5))
        second.attendance_ids.action_close("completed", note="It took place")
        self.assertFalse(second.resource_ids.taken)
