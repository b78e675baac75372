from contextlib import contextmanager
from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import CoachingCommon

HOUR = timedelta(hours=1)


@contextmanager
def undone(env):
    """Take back what is done in the block."""
    savepoint = env.cr.savepoint()
    try:
        yield
        env.flush_all()
    finally:
        savepoint.close(rollback=True)
        env.invalidate_all()


@tagged("post_install", "-at_install")
class TestMoving(CoachingCommon):
    """How often and how far sessions are moved, and whose notice counts (R46-R55)."""

    def setUp(self):
        super().setUp()
        self.session = self.book(days=3)  # Thursday 09:00
        self.mine = self.session.with_user(self.client_user)
        self.individual.late_reschedule = "free"

    def test_no_laundering(self):
        """Moving late and cancelling early is late all the same (complaint 5)."""
        day = timedelta(days=1)
        late, in_time = 2 * HOUR, 2 * day
        for name, moved_before, by_client, to, cancelled_before, early in (
            # moved …       by whom, to,     cancelled … before the new start
            ("in time, then in time", in_time, True, 7 * day, 2 * day, True),
            ("in time, then late", in_time, True, 7 * day, late, False),
            ("late, then in time", late, True, 7 * day, 5 * day, False),
            ("late, then late", late, True, 7 * day, late, False),
            ("by the coach late, then in time", late, False, 7 * day, 2 * day, True),
            ("exactly the notice", day, True, 7 * day, 5 * day, False),
            ("a second more", day + timedelta(seconds=1), True, 7 * day, 3 * day, True),
            ("late, but to an earlier time", late, True, HOUR, HOUR, False),
        ):
            with self.subTest(name), undone(self.env):
                session = self.session
                old = session.start
                new = old + to
                self.travel(old - moved_before)
                session.with_user(
                    self.client_user if by_client else self.coach_user
                ).action_reschedule(new)
                self.travel(new - cancelled_before)
                self.mine.action_cancel()
                code = "client_early_cancel" if early else "client_late_cancel"
                self.assertEqual(session.outcome_id.code, code)
                self.assertFalse(session.attendance_ids.clock_overridden)
                self.assertEqual(session.first_start, old)

    def test_tiers_count_to_the_worse_start(self):
        """The tier of the notice is that of the time it was moved away from."""
        self.travel(self.session.start - 10 * HOUR)
        self.mine.action_reschedule(self.session.start + timedelta(days=7))
        self.mine.action_cancel()
        self.assertEqual(self.session.attendance_ids.notice_hours, 10)

    def test_staff_moves_do_not_count(self):
        self.individual.max_moves = 1
        start = self.session.start
        for hours in (1, 4, 5):
            self.session.with_user(self.coach_user).action_reschedule(
                start + hours * HOUR
            )
        self.assertEqual(self.session.move_count, 0)
        self.assertEqual(self.session.first_start, start)
        self.mine.action_reschedule(start)
        self.assertEqual(self.session.move_count, 1)

    def test_so_often(self):
        """At most so many times (complaint 5)."""
        self.individual.max_moves = 2
        start = self.session.start
        for hours in (1, 4):
            self.mine.action_reschedule(start + hours * HOUR)
        with self.assertRaisesRegex(UserError, "already been moved 2 times"):
            self.mine.action_reschedule(start)
        self.individual.max_moves = 0
        self.mine.action_reschedule(start)

    def test_so_far(self):
        """At most so many days from the first date, however it got there."""
        self.individual.max_move_days = 7
        start = self.session.start
        self.mine.action_reschedule(start + timedelta(days=4))
        with self.assertRaisesRegex(UserError, "up to 7 days"):
            self.mine.action_reschedule(start + timedelta(days=8))
        self.mine.action_reschedule(start + timedelta(days=7))

    def test_a_move_refused_counts_nothing(self):
        with self.assertRaises(UserError):
            self.mine.action_reschedule("2027-03-06 10:00:00")  # a Saturday
        self.assertEqual(self.session.move_count, 0)
        self.assertFalse(self.session.first_start)

    def test_rules_of_coaches(self):
        """Client and coach each with their own (rank 11); managers always may."""
        own = self.session.with_user(self.coach_user)
        new = self.session.start + HOUR
        self.travel(self.session.start - 2 * HOUR)
        for mode, hours, words in (
            ("free", 4, None),
            ("ask", 4, "offer other times"),
            ("refuse", 4, "You can still hold or cancel it;"),
            ("ask", 2, "offer other times"),
            ("refuse", 1.9, None),
        ):
            self.individual.staff_reschedule = mode
            self.individual.staff_notice_hours = hours
            with self.subTest(mode=mode, hours=hours):
                for move in (
                    lambda: own.action_reschedule(new),
                    lambda: own.write({"start": new, "stop": new + HOUR}),
                    lambda: own.event_id.write({"start": new, "stop": new + HOUR}),
                ):
                    if words:
                        with self.assertRaisesRegex(UserError, words):
                            move()
                    else:
                        move()
                        self.session.action_reschedule(new - HOUR)
        self.individual.staff_reschedule = "refuse"
        self.individual.staff_notice_hours = 48
        self.session.with_user(self.manager).action_reschedule(new)
        self.assertEqual(self.session.start, new)

    def test_drag(self):
        """Dragging it in the calendar is moving it (R102)."""
        new = datetime(2027, 3, 8, 14)
        for user in (self.coach_user, self.manager):
            self.session.with_user(user).write({"start": new, "stop": new + HOUR})
            self.assertEqual(self.session.start, new)
            self.assertEqual(self.session.attendance_ids.start, new)
            self.assertEqual(self.session.event_id.start, new)
            new += HOUR
        self.session.with_user(self.coach_user).write({"start": str(new)})
        self.assertEqual((self.session.start, self.session.stop), (new, new + HOUR))

    def test_nowhere(self):
        """To when it is already: nobody is told, and what was offered stays."""
        proposal = self.session.action_propose([self.session.start + 4 * HOUR])
        mails = self.env["coaching.notification"].search([])
        start = self.session.start
        for user in (self.client_user, self.coach_user, self.manager):
            session = self.session.with_user(user)
            for move in (session.action_reschedule, session.action_move_series):
                if user == self.client_user and move == session.action_move_series:
                    continue
                with self.assertRaisesRegex(UserError, "already at .* Choose another"):
                    move(start)
        # a drag that ends where it began says nothing, also too late to move
        self.individual.write(
            {"staff_reschedule": "refuse", "staff_notice_hours": 24 * 30}
        )
        for user in (self.coach_user, self.manager):
            session = self.session.with_user(user)
            session.write({"start": start, "stop": start + HOUR})
            session.write({"start": str(start)})
        self.session.event_id.with_user(self.coach_user).write(
            {"start": start, "stop": start + HOUR}
        )
        with self.assertRaises(AccessError):
            self.mine.write({"start": start})
        self.assertEqual(proposal.state, "open")
        self.assertEqual(self.env["coaching.notification"].search([]), mails)
        self.assertFalse(self.session.first_start)
        # as long as it was is no condition
        self.session.with_user(self.manager).write({"stop": start + 2 * HOUR})
        self.assertEqual(self.session.stop, start + 2 * HOUR)

    def test_drag_is_refused(self):
        start, stop = self.session.start, self.session.stop
        taken = self.book(days=3, hour=14)
        own = self.session.with_user(self.coach_user)
        for values, error, words in (
            ({"stop": stop + HOUR}, AccessError, "Only a manager"),
            ({"start": taken.start, "stop": taken.stop}, UserError, "already has"),
            ({"start": stop, "stop": start}, AccessError, "Only a manager"),
            ({"start": "2027-03-06 10:00:00"}, UserError, "does not work"),
            ({"start": False}, UserError, "Enter the start in UTC"),
            (
                {"start": start, "stop": stop, "coach_id": 1},
                UserError,
                "of a booked session can't be edited",
            ),
        ):
            with self.subTest(values), self.assertRaisesRegex(error, words):
                own.write(values)
        for user in (self.client_user, self.portal_coach_user):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.session.with_user(user).write({"start": taken.stop})
        self.assertEqual((self.session.start, self.session.stop), (start, stop))

    def test_drag_by_a_manager_changes_the_length(self):
        stop = self.session.stop + HOUR / 2
        self.session.with_user(self.manager).write({"stop": stop})
        self.assertEqual(self.session.stop, stop)
        self.assertEqual(self.session.attendance_ids.stop, stop)
