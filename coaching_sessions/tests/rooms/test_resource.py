# Over 300 lines: rooms are set up once and booked in every way.

from datetime import datetime, timedelta

from psycopg2.errors import ExclusionViolation

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from ...tools.spans import to_seconds
from ..common import CoachingCommon


class ResourceCommon(CoachingCommon):
    """Two rooms that individual sessions take one of."""

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


@tagged("post_install", "-at_install")
class TestResource(ResourceCommon):
    """Rooms and devices that sessions need (section 2, rank 27)."""

    def test_one_of_several(self):
        first, second = self.book_all()
        self.assertEqual(first.resource_ids.resource_id, self.rooms[0])
        self.assertEqual(second.resource_ids.resource_id, self.rooms[1])
        self.assertNotIn("09:00", self.starts(), "the third coach has no room")
        self.assertNotIn("09:30", self.starts())
        self.assertIn("10:00", self.starts())
        with self.assertRaisesRegex(UserError, "No room is free"):
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
        with self.assertRaisesRegex(UserError, "No room is free"):
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
        with self.assertRaisesRegex(UserError, "needs room, and .* has none"):
            self.book_third()

    def test_booked_before_a_room_is_archived(self):
        """It moves with what it has, and takes another room where one is free."""
        first, second = self.book_all()
        self.rooms[1].active = False
        later = second.start + timedelta(hours=2)
        second.action_reschedule(later)
        self.assertEqual(second.resource_ids.resource_id, self.rooms[0], "there still")
        self.rooms.active = False
        # nothing is meant for it any more, but it has one
        first.action_reschedule(later + timedelta(hours=3))
        self.assertEqual(first.resource_ids.resource_id, self.rooms[0])
        self.assertFalse(self.starts())

    def test_what_the_type_needs_by_now_was_not_booked(self):
        first, _second = self.book_all()
        self.need.copy(
            {"name": "piano", "resource_ids": [Command.set(self.rooms[0].ids)]}
        )
        self.rooms[1].active = False
        first.action_reschedule(first.start + timedelta(hours=2))
        self.assertEqual(first.resource_ids.resource_id, self.rooms[0])

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


@tagged("post_install", "-at_install")
class TestResourceCompany(ResourceCommon):
    """A booking type of all companies takes rooms of the coach's company (rank 27)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.env.user.company_ids += cls.elsewhere
        cls.individual.company_id = False

    def test_rooms_that_can_be_chosen(self):
        self.rooms[0].company_id = self.elsewhere
        for company, expected in (
            (self.env["res.company"], self.rooms),
            (self.elsewhere, self.rooms[0]),
            (self.env.company, self.rooms[1]),
        ):
            domain = safe_eval(
                self.need._fields["resource_ids"].domain, {"company_id": company.id}
            )
            found = self.rooms.search(domain) & self.rooms
            self.assertEqual(found, expected, company.name)

    def test_never_a_room_of_another_company(self):
        self.rooms[0].company_id = self.elsewhere
        self.assertEqual(self.book().resource_ids.resource_id, self.rooms[1])
        self.assertNotIn("09:00", self.starts(), "the other room is elsewhere")
        with self.assertRaisesRegex(UserError, "No room is free"):
            self.book_third()
        self.rooms[0].company_id = False
        self.assertIn("09:00", self.starts(), "now it is everybody's")
        self.assertEqual(self.book_third().resource_ids.resource_id, self.rooms[0])

    def test_no_room_in_the_company(self):
        session = self.book()
        self.rooms.company_id = self.elsewhere
        self.assertFalse(self.starts())
        with self.assertRaisesRegex(UserError, f"{self.env.company.name} has none"):
            self.book_third()
        with self.assertRaisesRegex(
            UserError, "Add one to the booking type, or choose another booking type"
        ):
            session.action_reschedule(session.start + timedelta(hours=1))
        coach = self.env["coaching.coach"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Far"}).id,
                "company_id": self.elsewhere.id,
                "resource_calendar_id": self.calendar.id,
                "tz": "UTC",
            }
        )
        times = self.env["coaching.availability"]._load(
            self.third | coach,
            self.now,
            self.now + timedelta(days=2),
            booking_type=self.individual,
            length=3600,
        )
        starts = {
            one: times[one.id].get_starts(
                self.individual._get_need(),
                to_seconds(self.now),
                to_seconds(self.now + timedelta(days=2)),
            )
            for one in (self.third, coach)
        }
        self.assertFalse(starts[self.third])
        self.assertTrue(starts[coach], "each coach by the rooms of their company")


@tagged("post_install", "-at_install")
class TestResourceForm(CoachingCommon):
    """A new room is open whenever the coach is there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        action = cls.env.ref("coaching_sessions.coaching_resource_action")
        context = safe_eval(action.context)
        cls.resources = cls.env["resource.resource"].with_context(**context)
        cls.calendar.tz = "Asia/Tokyo"

    def form(self, record=None):
        return Form(
            record or self.resources, "coaching_sessions.coaching_resource_view_form"
        )

    def test_without_hours(self):
        self.assertTrue(self.env.company.resource_calendar_id)
        with self.form() as form:
            form.name = "Blue room"
        room = form.record
        self.assertFalse(room.calendar_id)
        self.assertEqual(
            (room.resource_type, room.company_id), ("material", self.env.company)
        )

    def test_typed_in_on_a_booking_type(self):
        room = self.resources.browse(self.resources.name_create("Green room")[0])
        self.assertFalse(room.calendar_id)
        self.assertEqual(room.resource_type, "material")

    def test_hours_that_are_chosen(self):
        with self.form() as form:
            form.name = "Blue room"
            form.calendar_id = self.calendar
        self.assertEqual(form.record.calendar_id, self.calendar)
        self.assertEqual(form.record.tz, "Asia/Tokyo", "the hours are in their zone")

    def test_elsewhere_as_in_odoo(self):
        resource = self.env["resource.resource"].create({"name": "Press"})
        self.assertEqual(resource.calendar_id, self.env.company.resource_calendar_id)
