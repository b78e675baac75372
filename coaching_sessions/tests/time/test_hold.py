from datetime import timedelta

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools.coach_time import GUARDS, make_coach_time
from ...tools.database import get_missing_constraints
from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestHold(CoachingCommon):
    """Held times: judged together with sessions, until they expire (R99)."""

    def hold(self, hour=9, days=1, hours=24, **values):
        """Keep an hour of the coach, for the other client unless told otherwise."""
        start = (self.now + timedelta(days=days)).replace(hour=hour)
        values.setdefault("partner", self.other_client)
        return self.env["coaching.hold"]._hold(
            values.pop("booking_type", self.individual),
            values.pop("coach", self.coach),
            [start],
            self.now + timedelta(hours=hours),
            **values,
        )

    def get_mirror(self):
        """Return what the database keeps of the coach's time."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT session_id, hold_id, lower(span), upper(span)"
            " FROM coaching_coach_time WHERE coach_id = %s ORDER BY lower(span)",
            (self.coach.id,),
        )
        return self.env.cr.fetchall()

    def assertTaken(self, **vals):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(UserError, "is currently offered to another client"),
        ):
            self.book(**vals)

    def test_nobody_else_books_a_held_time(self):
        hold = self.hold()
        self.assertTaken()
        self.assertTaken(minute=30)
        self.book(hour=10)
        self.assertEqual(hold.state, "held")
        hold._release()
        self.book()

    def test_buffers_are_held(self):
        self.individual.buffer_after_minutes = 15
        hold = self.hold(hour=9)
        self.assertEqual(hold.busy_stop - hold.stop, timedelta(minutes=15))
        self.assertTaken(hour=10)
        self.book(hour=10, minute=15)

    def test_nobody_holds_a_booked_time(self):
        self.book()
        with mute_logger("odoo.sql_db"):
            with self.assertRaisesRegex(UserError, "already has a session"):
                self.hold()
            self.hold(hour=10)
            with self.assertRaisesRegex(UserError, "already has a session"):
                self.hold(hour=10, partner=self.client)

    def test_all_or_none(self):
        self.book(hour=10)
        starts = [self.now.replace(day=2, hour=hour) for hour in (9, 10)]
        with mute_logger("odoo.sql_db"), self.assertRaises(UserError):
            self.env["coaching.hold"]._hold(
                self.individual, self.coach, starts, self.now + timedelta(days=1)
            )
        self.assertEqual(len(self.get_mirror()), 1)

    def test_whom_it_is_held_for_takes_it(self):
        hold = self.hold(partner=self.client)
        self.book()
        self.assertEqual(hold.state, "taken")

    def test_a_booking_refused_takes_nothing(self):
        hold = self.hold(partner=self.client)
        self.hold(hour=10)
        self.assertTaken(minute=30)
        hold.invalidate_recordset()
        self.assertEqual(hold.state, "held")

    def test_what_is_held_too_long_is_free(self):
        hold = self.hold(hours=2)
        self.travel(self.now + timedelta(hours=2, seconds=-1))
        self.assertTaken()
        self.travel(self.now + timedelta(hours=2))
        self.book()
        self.assertEqual(hold.state, "expired")

    def test_cron(self):
        due, kept = self.hold(hours=1), self.hold(hour=10, hours=3)
        self.travel(self.now + timedelta(hours=2))
        self.run_cron("coaching.hold", "_cron_expire")
        self.assertEqual((due.state, kept.state), ("expired", "held"))
        self.assertFalse(due._release("taken"), "nobody takes what is released")
        self.assertEqual(due.state, "expired")

    def test_many_cost_as_much_as_one(self):
        """Letting go is one statement, however many are due."""
        counts = []
        for hours in ((8,), (9, 10, 11, 13, 14, 15, 16)):
            for hour in hours:
                self.hold(hour=hour, hours=1)
            self.travel(self.now + timedelta(hours=2))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.run_cron("coaching.hold", "_cron_expire")
            counts.append(self.env.cr.sql_log_count - before)
            self.travel(self.now)
        self.assertEqual(counts[0], counts[1])

    def test_taken_intervals(self):
        self.individual.buffer_before_minutes = 10
        first = self.hold(hour=10)
        second = self.hold(hour=8, partner=self.client)
        gone = self.hold(hour=13)
        gone._release()
        expired = self.hold(hour=15, hours=1)
        self.travel(self.now + timedelta(hours=1))
        day = self.now.replace(day=2, hour=0)
        Hold = self.env["coaching.hold"]
        coaches = self.coach | self.other_coach

        def taken(**kwargs):
            return Hold._get_taken_intervals(
                coaches, day, day + timedelta(days=1), **kwargs
            )

        everything = [(hold.busy_start, hold.busy_stop) for hold in (second, first)]
        self.assertEqual(taken(), {self.coach: everything, self.other_coach: []})
        self.assertEqual(taken(partner=self.client)[self.coach], everything[1:])
        self.assertEqual(expired.state, "held")
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            taken()

    def test_the_mirror_follows_the_session(self):
        session = self.book()
        (row,) = self.get_mirror()
        self.assertEqual(row, (session.id, None, session.busy_start, session.busy_stop))
        session.action_reschedule(session.start + timedelta(hours=1))
        (row,) = self.get_mirror()
        self.assertEqual(row[2], session.start)
        session.action_cancel()
        self.assertFalse(self.get_mirror())

    def test_a_session_corrected_into_a_held_time(self):
        session = self.book()
        session.action_cancel()
        self.hold()
        self.travel(session.stop + timedelta(minutes=5))
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(UserError, "already has a session at that time"),
        ):
            session.attendance_ids.action_close("completed")

    def test_raw_sql_into_a_held_time(self):
        """Whoever writes by hand is judged as well."""
        hold = self.hold()
        session = self.book(hour=15)
        self.env.flush_all()
        for query in (
            "UPDATE coaching_session SET start = hold.start, stop = hold.stop,"
            " busy_start = hold.busy_start, busy_stop = hold.busy_stop"
            " FROM coaching_hold hold WHERE coaching_session.id = %s AND hold.id = %s",
            "INSERT INTO coaching_session SELECT (jsonb_populate_record(session,"
            " jsonb_build_object('id', nextval('coaching_session_id_seq'),"
            " 'start', hold.start, 'stop', hold.stop, 'busy_start', hold.busy_start,"
            " 'busy_stop', hold.busy_stop))).* FROM coaching_session session,"
            " coaching_hold hold WHERE session.id = %s AND hold.id = %s",
        ):
            with (
                self.subTest(query.split()[0]),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(psycopg2.Error, "coaching_coach_time_no_over"),
                self.env.cr.savepoint(flush=False),
            ):
                self.env.cr.execute(query, (session.id, hold.id))

    def test_held_times_are_never_changed_or_deleted(self):
        hold = self.hold()
        self.env.flush_all()
        for query in (
            "DELETE FROM coaching_hold WHERE id = %s",
            "UPDATE coaching_hold SET expires_at = expires_at + interval '1 day'"
            " WHERE id = %s",
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(psycopg2.Error, "can.t"),
                self.env.cr.savepoint(flush=False),
            ):
                self.env.cr.execute(query, (hold.id,))
        with self.assertRaisesRegex(UserError, "can't be deleted"):
            hold.unlink()

    def test_lost_guards_are_told_and_put_back(self):
        """An upgrade fills in what is missing, and says what it can't hold."""
        first, hold = self.book(), self.hold(hour=10)
        self.env.flush_all()
        self.env.cr.execute(
            "ALTER TABLE coaching_coach_time DROP CONSTRAINT"
            " coaching_coach_time_no_overlap;"
            " DROP TRIGGER coaching_hold_coach_time ON coaching_hold;"
            " ALTER TABLE coaching_session DISABLE TRIGGER coaching_session_coach_time;"
            " ALTER TABLE coaching_session DROP CONSTRAINT"
            " coaching_session_coach_no_overlap"
        )
        missing = get_missing_constraints(self.env, "coaching_sessions")
        self.assertLessEqual(set(GUARDS), set(missing))
        second = self.book(hour=13)
        self.env.flush_all()
        make_coach_time(self.env.cr)
        self.assertEqual(
            [row[:2] for row in self.get_mirror()],
            [(first.id, None), (None, hold.id), (second.id, None)],
        )
        missing = get_missing_constraints(self.env, "coaching_sessions")
        self.assertFalse(set(GUARDS) & set(missing))
        make_coach_time(self.env.cr)
        self.assertEqual(len(self.get_mirror()), 3, "again changes nothing")

    def test_what_overlaps_already_is_told(self):
        """Records from before that overlap stop no upgrade, they are named."""
        first, second = self.book(), self.book(hour=13)
        self.env.flush_all()
        self.env.cr.execute(
            "ALTER TABLE coaching_session DISABLE TRIGGER coaching_session_coach_time;"
            " ALTER TABLE coaching_session DROP CONSTRAINT"
            " coaching_session_coach_no_overlap"
        )
        self.env.cr.execute(
            "UPDATE coaching_session SET start = other.start, stop = other.stop,"
            " busy_start = other.busy_start, busy_stop = other.busy_stop"
            " FROM coaching_session other"
            " WHERE coaching_session.id = %s AND other.id = %s",
            (second.id, first.id),
        )
        with self.assertLogs(
            "odoo.addons.coaching_sessions.tools.coach_time", "ERROR"
        ) as log:
            make_coach_time(self.env.cr)
        self.assertIn(str([second.id]), log.output[0])

    def test_access(self):
        """Who holds it and for whom it is held see it, nobody else does."""
        hold = self.hold(partner=self.client)
        for user, seen in (
            (self.manager, True),
            (self.coach_user, True),
            (self.client_user, True),
            (self.portal_coach_user, False),
        ):
            with self.subTest(user.login):
                theirs = hold.with_user(user)
                self.assertEqual(theirs.has_access("read"), seen)
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(theirs.has_access(operation))
        with self.assertRaises(AccessError):
            hold.with_user(self.client_user).write({"state": "released"})
