from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged

from ...tools.local_time import get_weekly_starts, shift_weeks, to_local, to_utc
from ..common import CoachingCommon

BRUSSELS = "Europe/Brussels"


@tagged("post_install", "-at_install")
class TestLocalTime(BaseCase):
    """The local time, without a database."""

    def test_weeks_over_the_clock_changes(self):
        # 28 March 2027 at 02:00 the clocks go forward, 31 October at 03:00 back
        for before, after in (
            (datetime(2027, 3, 23, 9), datetime(2027, 3, 30, 8)),
            (datetime(2027, 10, 26, 8), datetime(2027, 11, 2, 9)),
        ):
            self.assertEqual(shift_weeks(before, 1, BRUSSELS), after)
            self.assertEqual(shift_weeks(after, -1, BRUSSELS), before)
            self.assertEqual(to_local(after, BRUSSELS).hour, 10)

    def test_times_that_are_missing_or_twice(self):
        self.assertEqual(
            to_utc(datetime(2027, 3, 28, 2, 30), BRUSSELS), datetime(2027, 3, 28, 1, 30)
        )
        self.assertEqual(
            to_utc(datetime(2027, 10, 31, 2, 30), BRUSSELS),
            datetime(2027, 10, 31, 0, 30),
        )

    def test_no_zone_is_utc(self):
        moment = datetime(2027, 3, 1, 8)
        self.assertEqual(to_utc(to_local(moment, None), None), moment)

    def test_weekly_starts(self):
        starts = get_weekly_starts(
            1, 600, BRUSSELS, date(2027, 3, 23), date(2027, 3, 30)
        )
        self.assertEqual(starts, [datetime(2027, 3, 23, 9), datetime(2027, 3, 30, 8)])
        self.assertFalse(
            get_weekly_starts(1, 600, "UTC", date(2027, 3, 24), date(2027, 3, 29))
        )


@tagged("post_install", "-at_install")
class TestNextSession(CoachingCommon):
    """The next session from close-out: proposed, and booked."""

    # R149
    def test_proposed_a_week_later(self):
        session = self.book(days=1, hour=10)
        attendance = self.close(session, "completed").with_user(self.coach_user)
        self.assertEqual(
            attendance._propose_next_start(), session.start + timedelta(weeks=1)
        )
        self.assertIsNone(attendance._propose_next_start(same_slot=False))

    # R149
    def test_proposed_on_the_wall(self):
        """The hour stays over both changes of the clocks."""
        self.coach.tz = BRUSSELS
        self.coach.resource_calendar_id.tz = BRUSSELS
        for start, following in (
            (datetime(2027, 3, 23, 9), datetime(2027, 3, 30, 8)),
            (datetime(2027, 10, 26, 8), datetime(2027, 11, 2, 9)),
        ):
            self.travel(start - timedelta(days=1))
            package = self._sell(self.client)
            session = self.book(start=start, package_id=package.id)
            attendance = self.close(session, "completed")
            self.assertEqual(attendance._propose_next_start(), following)
            next_session = attendance.engagement_id.action_book_next(following)
            self.assertEqual(to_local(next_session.start, BRUSSELS).hour, 10)

    def test_taken_weeks_are_skipped(self):
        self._sell(self.other_client)
        session = self.book(days=1, hour=10)
        attendance = session.attendance_ids
        # the coach is taken a week later, the client another week later
        self.book(days=8, hour=10, minute=30, partner_ids=self.other_client.ids)
        self.consultation.package_required = False
        self.book(
            days=15,
            hour=9,
            minute=45,
            coach_id=self.other_coach.id,
            booking_type_id=self.consultation.id,
        )
        # the third is kept for somebody else, the fourth is a holiday
        other = self.env["coaching.engagement"].search(
            [("partner_id", "=", self.other_client.id)]
        )
        day = date(2027, 3, 23)
        other.action_reserve_slot(
            start=datetime(2027, 3, 23, 10, 30), date_from=day, date_to=day
        )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "date_from": datetime(2027, 3, 30),
                "date_to": datetime(2027, 3, 31),
            }
        )
        self.assertEqual(attendance._propose_next_start(), datetime(2027, 4, 6, 10))
        self.assertIsNone(attendance._propose_next_start(weeks=4))

    def test_buffers_count(self):
        self._sell(self.other_client)
        session = self.book(days=1, hour=9)
        self.book(days=8, hour=10, partner_ids=self.other_client.ids)
        self.assertEqual(
            session.attendance_ids._propose_next_start(), datetime(2027, 3, 9, 9)
        )
        self.individual.buffer_after_minutes = 10
        self.assertEqual(
            session.attendance_ids._propose_next_start(), datetime(2027, 3, 16, 9)
        )

    def test_past_weeks_are_skipped(self):
        session = self.book(days=1, hour=10)
        attendance = self.close(session, "completed", at=datetime(2027, 4, 7, 9))
        self.assertEqual(attendance._propose_next_start(), datetime(2027, 4, 13, 10))

    def test_reserved_slot_comes_first(self):
        """A session held on another day for once returns to its slot."""
        session = self.book(days=3, hour=14)
        attendance = session.attendance_ids
        attendance.engagement_id.action_reserve_slot(start=datetime(2027, 3, 2, 10))
        self.assertEqual(attendance._propose_next_start(), datetime(2027, 3, 9, 10))

    def test_proposing_costs_the_same(self):
        attendance = self.book(days=1, hour=10).attendance_ids
        attendance._propose_next_start(weeks=2)
        counts = []
        for weeks in (2, 40):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            attendance._propose_next_start(weeks=weeks)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    # R149
    def test_book_next(self):
        attendance = self.close(self.book(days=1, hour=10), "completed")
        engagement = attendance.engagement_id.with_user(self.coach_user)
        session = engagement.action_book_next("2027-03-09 10:00:00")
        self.assertRecordValues(
            session,
            [
                {
                    "coach_id": self.coach.id,
                    "booking_type_id": self.individual.id,
                    "start": datetime(2027, 3, 9, 10),
                }
            ],
        )
        self.assertEqual(session.attendance_ids.partner_id, self.client)
        with self.assertRaisesRegex(UserError, "already has a session"):
            engagement.action_book_next("2027-03-09 10:00:00")
        consultation = engagement.action_book_next(
            "2027-03-10 10:00:00", self.consultation.id
        )
        self.assertEqual(consultation.booking_type_id, self.consultation)
        with self.assertRaisesRegex(UserError, "is not a time"):
            engagement.action_book_next("soon")
        with self.assertRaises(AccessError):
            engagement.with_user(self.client_user).action_book_next(
                "2027-03-11 10:00:00"
            )

    def test_book_next_after_a_make_up(self):
        """A make-up is once; what follows is the usual session."""
        self._issue_makeups("no_show")
        self.close(self.book(days=1), "no_show")
        session = self.book(days=3, booking_type_id=self.makeup_type.id)
        engagement = session.attendance_ids.engagement_id
        self.assertEqual(
            session.attendance_ids._propose_next_start(),
            datetime(2027, 3, 9, 9),
            "when they usually meet, not when there was time for a make-up",
        )
        self.assertEqual(engagement._propose_slot()["weekday"], 1)
        self.assertEqual(
            engagement._propose_slot()["booking_type_id"], self.individual.id
        )
        following = engagement.action_book_next("2027-03-10 10:00:00")
        self.assertEqual(following.booking_type_id, self.individual)
