from contextlib import contextmanager
from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestBookedBefore(CoachingCommon):
    """What ends new bookings does not end what is booked (R46-R55, R99)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.individual.company_id = cls.company

    def setUp(self):
        super().setUp()
        self.session = self.book(days=4)
        self.attendance = self.session.attendance_ids
        self.later = self.session.start + timedelta(hours=1)

    # === WHAT CHANGES AFTER THE BOOKING === #

    def archive_type(self):
        self.individual.active = False

    def leave_list(self):
        self.individual.coach_ids = [Command.set(self.other_coach.ids)]

    def archive_coach(self):
        self.coach.active = False

    def archive_client(self):
        self.client_user.active = False
        self.client.active = False

    def end_portal(self):
        self.individual.client_can_book = False

    def shorten(self):
        self.individual.duration_minutes = 20

    CHANGES = (
        archive_type,
        leave_list,
        archive_coach,
        archive_client,
        end_portal,
        shorten,
    )

    @contextmanager
    def after(self, change):
        """Make a change, and take it back with whatever came of it."""
        with self.subTest(change.__name__), self.env.cr.savepoint() as savepoint:
            change(self)
            self.env.flush_all()
            yield
            self.env.flush_all()
            savepoint.rollback()
            self.env.invalidate_all()

    # === WHAT GOES ON === #

    def test_moved_by_staff(self):
        for change in self.CHANGES:
            with self.after(change):
                length = self.session.stop - self.session.start
                self.session.with_user(self.manager).action_reschedule(self.later)
                self.assertEqual(self.session.start, self.later)
                self.assertEqual(self.session.stop - self.session.start, length)

    def test_dragged(self):
        for change in self.CHANGES:
            with self.after(change):
                length = self.session.stop - self.session.start
                self.session.event_id.with_user(self.coach_user).write(
                    {"start": self.later, "stop": self.later + length}
                )
                self.assertEqual(self.session.start, self.later)

    def test_moved_by_the_client(self):
        for change in self.CHANGES:
            if change.__name__ == "archive_client":
                continue
            with self.after(change):
                self.session.with_user(self.client_user).action_reschedule(self.later)
                self.assertEqual(self.session.start, self.later)

    def test_times_are_found(self):
        for change in self.CHANGES:
            with self.after(change):
                day = self.later.date()
                slots = self.env["coaching.booking.type"].get_slots(
                    self.individual.id,
                    day,
                    day,
                    coach_ids=self.coach.ids,
                    tz="UTC",
                    partner_id=self.client.id,
                    session_id=self.session.id,
                )
                self.assertIn(str(self.later), [slot["start"] for slot in slots])
                self.assertTrue(self.session._find_next_starts(self.session.stop))

    def test_other_times_are_offered_and_taken(self):
        for change in self.CHANGES:
            with self.after(change):
                start = self.session.start + timedelta(hours=5)
                proposal = self.session.with_user(self.manager).action_propose([start])
                proposal.action_accept(start)
                self.assertEqual(self.session.start, start)

    def test_asked_for_late(self):
        self.individual.write(
            {"reschedule_notice_hours": 500, "late_reschedule": "ask"}
        )
        for change in self.CHANGES:
            if change.__name__ == "archive_client":
                continue
            with self.after(change):
                start = self.session.start + timedelta(hours=5)
                session = self.session.with_user(self.client_user)
                proposal = session.action_ask_reschedule(start)
                proposal.with_user(self.manager).action_accept()
                self.assertEqual(self.session.start, start)

    def test_closed(self):
        for change in self.CHANGES:
            with self.after(change):
                self.close(self.session, "completed")
                self.assertBalance(self.package, 4, used=1)
                self.travel(self.now)

    def test_cancelled(self):
        for change in self.CHANGES:
            with self.after(change):
                self.session.with_user(self.manager).action_cancel()
                self.assertBalance(self.package, 5)

    def test_fewer_seats(self):
        """A group moves with everybody in it, also if there are fewer seats by now."""
        self.group_type.package_required = False
        group = self.book(
            days=2,
            booking_type_id=self.group_type.id,
            partner_ids=(self.client | self.other_client).ids,
            without_package=True,
        )
        self.group_type.max_participants = 1
        later = group.start + timedelta(hours=5)
        group.action_reschedule(later)
        self.assertEqual(group.start, later)

    # === WHAT ENDS === #

    def test_nothing_new(self):
        for change in self.CHANGES[:3]:
            with self.after(change):
                day = self.later.date()
                slots = self.env["coaching.booking.type"].get_slots(
                    self.individual.id, day, day, coach_ids=self.coach.ids, tz="UTC"
                )
                self.assertFalse(slots)
                with self.assertRaises(UserError):
                    self.book(days=5)
