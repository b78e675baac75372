from datetime import timedelta

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestWhatIsKept(CoachingCommon):
    """What nobody takes away, and what is said where somebody did."""

    def _run(self, query, *args):
        self.env.flush_all()
        with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
            self.env.cr.execute(SQL(query, *args))

    def test_tables_are_not_emptied(self):
        """A guard of rows says nothing of all rows at once."""
        self.book()
        self.env.cr.execute(
            """
            SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
             WHERE tgname IN (relname || '_append_only', relname || '_undeletable',
                              relname || '_kept')
            """
        )
        tables = [table for (table,) in self.env.cr.fetchall()]
        self.assertIn("coaching_package_move", tables)
        self.assertIn("coaching_session", tables)
        self.assertIn("coaching_coach_time", tables)
        for table in tables:
            with self.subTest(table), self.assertRaises(psycopg2.Error) as caught:
                self._run("TRUNCATE %s CASCADE", SQL.identifier(table))
            self.assertEqual(caught.exception.pgcode, "23001", table)

    def test_the_time_of_a_session_is_kept(self):
        """Neither is its row deleted nor changed, as long as the session says so."""
        session = self.book()
        for query in (
            "DELETE FROM coaching_coach_time WHERE session_id = %s",
            "UPDATE coaching_coach_time SET span = 'empty' WHERE session_id = %s",
            "UPDATE coaching_coach_time SET coach_id = 0 WHERE session_id = %s",
        ):
            with self.subTest(query), self.assertRaises(psycopg2.Error):
                self._run(query, session.id)
        session.action_reschedule(session.start + timedelta(hours=1))
        session.action_cancel()
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT FROM coaching_coach_time WHERE session_id = %s", [session.id]
        )
        self.assertFalse(self.env.cr.rowcount)

    def _check(self):
        with mute_logger(
            "odoo.addons.coaching_sessions.models.base.coaching_sums_check"
        ):
            self.env["coaching.sums.check"]._cron_check()

    def test_what_does_not_add_up_is_said(self):
        """Where people look: an activity, once."""
        session = self.book()
        self._check()
        self.assertFalse(self.package.activity_ids)
        self._run(
            "INSERT INTO coaching_package_move"
            " (package_id, company_id, kind, unit, quantity, create_date)"
            " VALUES (%s, %s, 'grant', 'sessions', 3, now())",
            self.package.id,
            self.company.id,
        )
        self._run("ALTER TABLE coaching_coach_time DISABLE TRIGGER USER")
        self._run("DELETE FROM coaching_coach_time WHERE session_id = %s", session.id)
        self._run("ALTER TABLE coaching_coach_time ENABLE TRIGGER USER")
        self._check()
        self._check()
        for record in (self.package, session):
            activity = record.activity_ids
            self.assertEqual(len(activity), 1, record)
            self.assertTrue(
                activity.user_id.has_group("coaching_sessions.group_coaching_manager")
            )
        self.assertIn("sum of its lines", self.package.activity_ids.note)

    def test_the_cron_runs_every_hour(self):
        cron = self.env.ref("coaching_sessions.ir_cron_check_sums")
        self.assertEqual((cron.interval_number, cron.interval_type), (1, "hours"))

    # pylint: disable=translation-required
    def test_clients_stay_out_of_the_chatter(self):
        """In a group everybody would read it."""
        self._sell(self.other_client)
        session = self.book(
            booking_type_id=self.group_type.id,
            partner_ids=(self.client | self.other_client).ids,
        )
        records = (session, session.attendance_ids.package_id[:1])
        for record in records:
            own = record.with_user(self.client_user)
            with self.assertRaises(AccessError):
                own.message_subscribe(self.client.ids)
            self.assertNotIn(self.client, record.message_partner_ids)
            # somebody of the office has made the client a follower
            record.message_subscribe(self.client.ids)
            for post in (
                lambda own=own: own.message_post(body="Hello everybody"),
                lambda own=own: self.env["mail.message"]
                .with_user(self.client_user)
                .create({"model": own._name, "res_id": own.id, "body": "Hello"}),
            ):
                with self.assertRaises(AccessError):
                    post()
        session.with_user(self.manager).message_post(body="Ready")

    def test_texts_have_an_end(self):
        session = self.book()
        attendance = session.attendance_ids
        long = "x" * 20_001
        for method, arguments in (
            (session.action_cancel, {"reason": long}),
            (session.action_reschedule, {"start": session.stop, "reason": long}),
            (attendance.action_close, {"outcome_code": "other", "note": long}),
            (attendance.action_add_note, {"body": "x" * 200_001}),
            (attendance.with_user(self.client_user).action_dispute, {"claim": long}),
        ):
            with self.subTest(method.__name__):
                with self.assertRaisesRegex(UserError, "is too long"):
                    method(**arguments)
        with self.assertRaisesRegex(UserError, "is too long"):
            self.book(days=2, note=long)

    def test_a_client_does_not_flood(self):
        """Ten messages an hour; staff writes to as many as there are."""
        session = self.book()
        other = self.book(days=2)
        for number in range(10):
            attendance = (session, other)[number % 2].attendance_ids
            attendance.with_user(self.client_user).action_send_message("Hello")
        with self.assertRaisesRegex(UserError, "messages within an hour"):
            attendance.with_user(self.client_user).action_send_message("Hello")
        attendance.with_user(self.coach_user).action_send_message("Hello")
        self.travel(self.now + timedelta(hours=1, minutes=1))
        attendance.with_user(self.client_user).action_send_message("Hello")

    def test_a_copy_calls_and_writes_to_nobody(self):
        """What Odoo runs on a copy of the database for tests."""
        self.book()
        account = self.env["coaching.zoom.account"].sudo()
        account.search([]).unlink()
        account._set_credentials(
            self.company,
            {"account_id": "a", "client_id": "b", "client_secret": "secret"},
        )
        self.env.flush_all()
        for query in get_neutralization_queries(["coaching_sessions"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertFalse(account._get_for(self.company))
        self.env.cr.execute("SELECT to_jsonb(t) FROM coaching_zoom_account t")
        self.assertNotIn("'secret'", str(self.env.cr.fetchall()))
        notifications = self.env["coaching.notification"]
        self.assertFalse(notifications.search([("state", "=", "pending")]))
        self.assertTrue(notifications.search([("state", "=", "skipped")]))
        self.assertFalse(self.env["coaching.reminder"].search([]))
        self.assertFalse(
            self.env["coaching.video.meeting"].search(
                [("state", "in", ("pending", "deleting"))]
            )
        )
