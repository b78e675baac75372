from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_slots import DAY, SlotsCommon


@tagged("post_install", "-at_install")
class TestSlotsBuffers(SlotsCommon):
    """What is kept free around a session is kept free of whatever takes time (R147)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.type.write({"buffer_before_minutes": 30, "buffer_after_minutes": 30})

    # === WHAT TAKES 10 TO 11 === #

    def take_by_event(self):
        self.env["calendar.event"].with_context(no_mail_to_attendees=True).create(
            {
                "name": "Dentist",
                "start": self.at(10),
                "stop": self.at(11),
                "show_as": "busy",
                "partner_ids": [Command.set(self.coach.partner_id.ids)],
                "user_id": False,
            }
        )

    def take_by_session_as_client(self):
        self.group_type.write({"duration_minutes": 60, "package_required": False})
        self.env["coaching.session"].book(
            {
                "booking_type_id": self.group_type.id,
                "coach_id": self.other_coach.id,
                "partner_ids": self.coach.partner_id.ids,
                "start": self.at(10),
            }
        )

    def take_by_time_off(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "resource_id": self.coach.resource_id.id,
                "calendar_id": self.calendar.id,
                "date_from": self.at(10),
                "date_to": self.at(11),
                "time_type": "leave",
            }
        )

    def take_by_holiday(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "company_id": self.company.id,
                "date_from": self.at(10),
                "date_to": self.at(11),
                "time_type": "leave",
            }
        )

    def test_kept_from_whatever_takes_time(self):
        """10 to 11 is taken: neither 9:00 nor 11:00, by nobody and nowhere."""
        moving = self._book_for(self.visitor, self.at(15))
        types = self.env["coaching.booking.type"]
        for take in (
            self.take_by_event,
            self.take_by_session_as_client,
            self.take_by_time_off,
            self.take_by_holiday,
        ):
            with self.subTest(take.__name__), self.env.cr.savepoint() as savepoint:
                take()
                # half an hour before 10 is 8:30 for an hour, half an hour after 11:30
                self.assertEqual(
                    self.slots(session_id=moving.id),
                    self.hours((8, 8.5), (13, 16)),
                )
                for hour in (9, 11):
                    self.assertTrue(
                        types.explain_slot(self.type.id, self.coach.id, self.at(hour))
                    )
                    self.assertIn(
                        "Choose another time", self.try_to_book(self.at(hour))
                    )
                    with self.assertRaises(UserError):
                        moving.action_reschedule(self.at(hour))
                moving.action_reschedule(self.at(8.5))
                savepoint.rollback()
                self.env.invalidate_all()

    def test_as_before_without_buffers(self):
        self.type.write({"buffer_before_minutes": 0, "buffer_after_minutes": 0})
        self.take_by_event()
        self.assertEqual(self.slots(), self.hours((8, 9), (11, 11), (13, 16)))

    def test_the_client_needs_none(self):
        """Who comes may come from one session and go on to the next."""
        self._book_for(self.visitor, self.at(10), coach_id=self.other_coach.id)
        slots = self.slots(partner_id=self.visitor.id)
        self.assertIn(9, slots)
        self.assertIn(11, slots)

    def test_a_whole_day_off(self):
        """The last session of the day before ends as late as ever."""
        day = DAY + timedelta(days=1)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "resource_id": self.coach.resource_id.id,
                "calendar_id": self.calendar.id,
                "date_from": self.at(0, day),
                "date_to": self.at(24, day),
                "time_type": "leave",
            }
        )
        self.assertEqual(self.slots(), self.hours((8, 11), (13, 16)))
        self.assertFalse(self.slots(day))
