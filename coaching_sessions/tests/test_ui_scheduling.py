from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from .common_ui import CoachingUiCommon

SESSIONS = "coaching_sessions.coaching_session_action"
CALENDAR = "coaching_sessions.coaching_session_action_calendar"


class SchedulingUiCommon(CoachingUiCommon):
    """Times by the real clock: a browser has its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Datetime.now().replace(hour=0, minute=0, second=0)
        # the Wednesday of the next week, weeks beginning on Sunday as in English
        days = 7 + 3 - cls.today.isoweekday() % 7
        cls.wednesday = cls.today + timedelta(days=days)
        cls.sessions = cls.env["coaching.session"]

    def plan(self, start, client=None):
        """Book at some moment to come."""
        return self.sessions.book(
            {
                "booking_type_id": self.env.ref(
                    "coaching_sessions.booking_type_individual"
                ).id,
                "coach_id": self.coach.id,
                "partner_ids": (client or self.client).ids,
                "start": start,
            }
        )

    def find(self, client=None):
        return self.sessions.search(
            [("attendance_ids.partner_id", "=", (client or self.client).id)]
        )


@tagged("post_install", "-at_install")
class TestUiSlotPicker(SchedulingUiCommon):
    """Choosing a time that is free in the dialogs (R52, R147)."""

    def test_book(self):
        self.tour("coaching_sessions_slot_picker", SESSIONS, login="tour_manager")
        session = self.find()
        self.assertEqual(session.start, self.today + timedelta(days=9, hours=10))
        self.assertEqual(session.coach_id, self.coach)

    def test_any_coach(self):
        user = new_test_user(
            self.env,
            "second_coach",
            "coaching_sessions.group_coaching_coach",
            name="Second Coach",
            tz="UTC",
        )
        second = self.env["coaching.coach"].create(
            {
                "user_id": user.id,
                "resource_calendar_id": self.coach.resource_calendar_id.id,
                "tz": "UTC",
            }
        )
        self.tour("coaching_sessions_slot_picker_any", SESSIONS, login="tour_manager")
        session = self.find()
        self.assertEqual(session.start, self.today + timedelta(days=9, hours=11))
        self.assertEqual(session.coach_id, second)

    def test_nobody_free(self):
        self.env["resource.calendar.leaves"].create(
            {
                "resource_id": self.coach.resource_id.id,
                "date_from": self.today - timedelta(days=1),
                "date_to": self.today + timedelta(days=12),
            }
        )
        self.tour(
            "coaching_sessions_slot_picker_nobody", SESSIONS, login="tour_manager"
        )

    # R46
    def test_reschedule(self):
        session = self.plan(self.wednesday + timedelta(hours=10))
        self.tour("coaching_sessions_reschedule_picker", SESSIONS)
        self.assertEqual(session.start, self.wednesday + timedelta(hours=15))


@tagged("post_install", "-at_install")
class TestUiSlotPickerPhone(SchedulingUiCommon):
    """The same with a phone."""

    browser_size = "390x844"
    touch_enabled = True

    # R46
    def test_reschedule(self):
        session = self.plan(self.wednesday + timedelta(hours=10))
        self.tour("coaching_sessions_reschedule_phone", SESSIONS)
        self.assertEqual(session.start, self.wednesday + timedelta(hours=15))


@tagged("post_install", "-at_install")
class TestUiCalendar(SchedulingUiCommon):
    """The coach's week: moving by drag, booking by click."""

    CLIENTS = ("Tour Client", "Anna Tour")

    # R46
    def test_drag(self):
        session = self.plan(self.wednesday + timedelta(hours=10))
        self.tour("coaching_sessions_drag", CALENDAR)
        self.assertEqual(session.start.date(), self.wednesday.date())
        self.assertIn(session.start.hour, (14, 15))
        self.assertIn("moved", session.log_ids.mapped("action"))

    def test_drag_refused(self):
        anna = self.clients[1]
        session = self.plan(self.wednesday + timedelta(hours=10), anna)
        self.plan(self.wednesday + timedelta(hours=15))
        self.tour("coaching_sessions_drag_refused", CALENDAR)
        self.assertEqual(session.start, self.wednesday + timedelta(hours=10))

    def test_book(self):
        self.tour("coaching_sessions_calendar_book", CALENDAR)
        session = self.find()
        self.assertEqual(session.start, self.wednesday + timedelta(hours=9))
        self.assertEqual(session.coach_id, self.coach)
        self.assertEqual(session.state, "scheduled")


@tagged("post_install", "-at_install")
class TestUiCoachIll(SchedulingUiCommon):
    """A coach is ill: one dialog for all of it (24)."""

    def test_cancel(self):
        session = self.plan(self.today + timedelta(days=1, hours=23))
        self.tour(
            "coaching_sessions_coach_ill",
            "coaching_sessions.coaching_coach_absence_action",
            login="tour_manager",
        )
        self.assertEqual(session.state, "cancelled")
        # at the coach's account: the client loses nothing
        self.assertBalance(self.package, remaining=5)


@tagged("post_install", "-at_install")
class TestUiSeries(SchedulingUiCommon):
    """A series is changed from one of its sessions on (R110, R111)."""

    def test_edit(self):
        booked = self.env["coaching.series"].book(
            {
                "booking_type_id": self.env.ref(
                    "coaching_sessions.booking_type_individual"
                ).id,
                "coach_id": self.coach.id,
                "partner_ids": self.client.ids,
                "start": self.wednesday + timedelta(hours=10),
                "weekdays": [2],
                "count": 4,
            }
        )
        sessions = self.sessions.browse(booked["session_ids"]).sorted("start")
        self.tour("coaching_sessions_series_edit", SESSIONS, login="tour_manager")
        self.assertEqual(
            sessions.mapped("start"),
            [self.wednesday + timedelta(weeks=week, hours=15) for week in range(4)],
        )
        told = self.env["coaching.notification"].search(
            [("kind", "=", "series_changed"), ("partner_id", "=", self.client.id)]
        )
        self.assertLessEqual(len(told), 1, "one email for one action")
        self.assertBalance(self.package, remaining=1, held=4)
