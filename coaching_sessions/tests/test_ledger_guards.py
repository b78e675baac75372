import psycopg2

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.database import get_missing_constraints
from .common import CoachingCommon


@tagged("post_install", "-at_install")
class TestLedgerGuards(CoachingCommon):
    """What the database refuses, whoever writes: each guard without the ORM."""

    def assertDatabaseRefuses(self, name, query, params=()):
        self.env.flush_all()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(psycopg2.Error, name),
            self.env.cr.savepoint(flush=False),
        ):
            self.env.cr.execute(query, params)

    def test_constraints_are_in_the_database(self):
        self.assertFalse(get_missing_constraints(self.env, "coaching_sessions"))
        self.env.cr.execute(
            "ALTER TABLE coaching_session DROP CONSTRAINT"
            " coaching_session_coach_no_overlap"
        )
        self.assertEqual(
            get_missing_constraints(self.env, "coaching_sessions"),
            ["coaching_session_coach_no_overlap"],
        )

    def test_overlap_by_raw_sql(self):
        """Every way into an occupied time is judged by the database."""
        first, second = self.book(days=1), self.book(days=2)
        self.assertDatabaseRefuses(
            "coach_no_overlap",
            "UPDATE coaching_session session SET start = other.start,"
            " stop = other.stop, busy_start = other.start, busy_stop = other.stop"
            " FROM coaching_session other WHERE session.id = %s AND other.id = %s",
            (second.id, first.id),
        )
        self.assertDatabaseRefuses(
            "client_no_overlap",
            "UPDATE coaching_attendance attendance SET start = other.start,"
            " stop = other.stop FROM coaching_attendance other"
            " WHERE attendance.session_id = %s AND other.session_id = %s",
            (second.id, first.id),
        )

    def test_nothing_is_deleted_or_changed(self):
        session = self.book()
        self._issue_makeups("no_show")
        self.close(session, "no_show")
        for record in (
            session,
            session.attendance_ids,
            self.package,
            self.package.move_ids[0],
            session.attendance_ids.makeup_id,
        ):
            with self.assertRaises(UserError):
                record.unlink()
            self.assertDatabaseRefuses(
                "be deleted",
                f"DELETE FROM {record._table} WHERE id = %s",  # noqa: S608
                (record.id,),
            )
        move = self.package.move_ids[0]
        with self.assertRaises(UserError):
            move.quantity = 7
        self.assertDatabaseRefuses(
            "t change",
            "UPDATE coaching_package_move SET quantity = 7 WHERE id = %s",
            (move.id,),
        )
        # Odoo itself clears the author of a deleted user
        self.env.cr.execute(
            "UPDATE coaching_package_move SET create_uid = NULL WHERE id = %s",
            (move.id,),
        )

    def test_counters(self):
        with self.assertRaises(UserError):
            self.package.remaining = 9
        self.assertDatabaseRefuses(
            "check_counters",
            "UPDATE coaching_package SET remaining = 9 WHERE id = %s",
            (self.package.id,),
        )
        self.assertDatabaseRefuses(
            "check_counters",
            "UPDATE coaching_package SET remaining = -1, used = granted + 1"
            " WHERE id = %s",
            (self.package.id,),
        )

    def test_a_hold_ends_once(self):
        session = self.book()
        hold = session.attendance_ids.claim_move_id
        self.close(session, "completed")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.env["coaching.package.move"].create([hold._prepare_reversal_values()])

    def test_one_claim_at_a_time(self):
        attendance = self.book().attendance_ids
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.env["coaching.package.move"].create(
                {
                    "package_id": self.package.id,
                    "attendance_id": attendance.id,
                    "kind": "use",
                    "quantity": -1,
                    "claim_number": attendance.claim_count,
                }
            )

    def test_one_makeup_each(self):
        self._issue_makeups("no_show")
        attendance = self.close(self.book(), "no_show")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.env["coaching.makeup"]._issue(attendance)

    def test_no_overdraft(self):
        with self.assertRaisesRegex(UserError, "has no session left"):
            with self.env.cr.savepoint():
                self.package._post_line("adjust", -6)
        self.assertBalance(self.package, remaining=5)

    def test_fields_have_their_method(self):
        """Managers change sessions through methods, not by writing fields."""
        session = self.book().with_user(self.manager)
        session.note = "Bring the workbook"
        for values in (
            {"start": self.now},
            {"state": "completed"},
            {"seats_taken": 0},
        ):
            with self.assertRaises(UserError):
                session.write(values)
        with self.assertRaises(UserError):
            session.attendance_ids.write({"state": "completed"})
        with self.assertRaises(UserError):
            self.package.with_user(self.manager).write({"expiry_date": False})
