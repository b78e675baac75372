# Over 300 lines: asking, reminding and completing share one clock.

from datetime import timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CoachingCommon

LOGGER = "odoo.addons.coaching_sessions.models.closing.coaching_session_completing"


@tagged("post_install", "-at_install")
class TestAsking(CoachingCommon):
    """When a session is over, its coach is asked, or it completes by itself."""

    def run_cron(self, name):
        with self.enter_registry_test_mode():
            self.env.ref(f"coaching_sessions.ir_cron_{name}").method_direct_trigger()
        self.env.invalidate_all()

    def questions(self, session, kind="ask"):
        return self.env["coaching.notification"].search(
            [("session_id", "in", session.ids), ("kind", "=", kind)]
        )

    # === ASKING === #

    # R12
    def test_asked_once_when_over(self):
        session = self.book()
        self.travel(session.stop - timedelta(seconds=1))
        self.run_cron("ask")
        self.assertFalse(self.questions(session), "it is not over")
        self.travel(session.stop)
        self.run_cron("ask")
        question = self.questions(session)
        self.assertEqual(question.partner_id, self.coach.partner_id)
        self.assertEqual(session.asked_at, session.stop)
        self.run_cron("ask")
        self.assertEqual(self.questions(session), question)

    # R12 R13
    def test_the_mail(self):
        session = self.book()
        self.travel(session.stop)
        self.run_cron("ask")
        self.run_cron("send_notifications")
        mail = self.questions(session).mail_id
        self.assertIn("Did your session take place?", mail.subject)
        self.assertEqual(mail.recipient_ids, self.coach.partner_id)
        body = mail.body_html
        self.assertIn("CONFIRM SESSION", body)
        self.assertIn(self.client.name, body)
        self.assertIn(f"model=coaching.session&amp;res_id={session.id}", body)

    # R12
    def test_a_coach_without_login_answers_the_mail(self):
        self.coach.user_id = False
        session = self.book(user=self.manager)
        self.travel(session.stop)
        self.run_cron("ask")
        self.run_cron("send_notifications")
        body = self.questions(session).mail_id.body_html
        self.assertNotIn("CONFIRM SESSION", body)
        self.assertIn("reply to this email", body)

    # R12 R32
    def test_not_asked_what_is_known(self):
        closed, late = self.book(days=1), self.book(days=1, hour=10)
        cancelled = self.book(days=2)
        cancelled.action_cancel()
        self.close(closed, "completed")
        self.travel(late.stop)
        self.run_cron("ask")
        self.assertFalse(self.questions(closed | cancelled))
        with self.subTest("closed before the email went out"):
            late.attendance_ids.action_close("completed")
            self.run_cron("send_notifications")
            self.assertEqual(self.questions(late).state, "skipped")

    # R12
    def test_reminded_once(self):
        session = self.book()
        self.travel(session.stop)
        self.run_cron("ask")
        self.travel(session.stop + timedelta(hours=23, minutes=59))
        self.run_cron("ask")
        self.assertFalse(self.questions(session, "remind"))
        self.travel(session.stop + timedelta(hours=24))
        self.run_cron("ask")
        self.run_cron("ask")
        self.assertEqual(len(self.questions(session, "remind")), 1)
        self.run_cron("send_notifications")
        self.assertIn("Still open", self.questions(session, "remind").mail_id.subject)

    def test_reminder_is_a_setting(self):
        session = self.book()
        self.travel(session.stop)
        self.run_cron("ask")
        self.company.coaching_reminder_hours = 0
        self.travel(session.stop + timedelta(days=6))
        self.run_cron("ask")
        self.assertFalse(self.questions(session, "remind"))
        self.company.coaching_reminder_hours = 100
        self.run_cron("ask")
        self.assertTrue(self.questions(session, "remind"))

    def test_asked_late_is_reminded_later(self):
        """A server that stood still does not ask and remind in one go."""
        session = self.book()
        self.travel(session.stop + timedelta(days=2))
        self.run_cron("ask")
        self.run_cron("ask")
        self.assertTrue(self.questions(session))
        self.assertFalse(self.questions(session, "remind"))
        self.travel(session.stop + timedelta(days=2, hours=12))
        self.run_cron("ask")
        self.assertTrue(self.questions(session, "remind"))

    def test_no_flood(self):
        """What was open for long when asking began is on the list, not in emails."""
        session = self.book()
        self.travel(session.stop + timedelta(days=7))
        self.run_cron("ask")
        self.assertFalse(self.questions(session))
        self.assertTrue(session.awaiting_update)

    def test_moved_is_asked_again(self):
        session = self.book()
        session.sudo().write({"asked_at": self.now, "reminded_at": self.now})
        session.action_reschedule(session.start + timedelta(days=1))
        self.assertFalse(session.asked_at)
        self.assertFalse(session.reminded_at)
        self.travel(session.stop)
        self.run_cron("ask")
        self.assertEqual(self.questions(session).session_start, session.start)

    def test_type_that_does_not_ask(self):
        self.individual.after_session = "complete"
        session = self.book()
        self.travel(session.stop)
        self.run_cron("ask")
        self.assertFalse(self.questions(session))

    def test_asking_many_costs_the_same(self):
        counts = []
        for days, hours in ((1, (8,)), (2, (8, 9, 10, 13, 14))):
            self.travel(self.now)
            package = self._sell(self.client)
            sessions = self.env["coaching.session"]
            for hour in hours:
                sessions |= self.book(days=days, hour=hour, package_id=package.id)
            self.travel(max(sessions.mapped("stop")))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            asked = self.env["coaching.session"]._take_to_ask(200)
            asked._queue_questions("ask")
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(asked, sessions)
        self.assertLessEqual(counts[1], counts[0])

    def test_batches(self):
        """A batch that is full is followed by another."""
        sessions = self.book(hour=8) | self.book(hour=9) | self.book(hour=10)
        self.travel(max(sessions.mapped("stop")))
        with patch.object(type(self.env["ir.cron"]), "_commit_progress") as progress:
            progress.return_value = 60
            sessions._cron_ask(limit=2)
        self.assertEqual(len(self.questions(sessions)), 3)

    # === COMPLETING === #

    # R37
    def test_asking_is_the_default(self):
        """Nothing completes by itself unless somebody chose that."""
        types = self.env["coaching.booking.type"].search([])
        self.assertEqual(set(types.mapped("after_session")), {"ask"})
        session = self.book()
        self.travel(session.stop + timedelta(days=3))
        self.run_cron("complete")
        self.assertEqual(session.state, "scheduled")

    # R37
    def test_completes_by_itself(self):
        self.individual.write({"after_session": "complete", "auto_complete_hours": 2})
        session = self.book()
        self.travel(session.stop + timedelta(hours=1, minutes=59))
        self.run_cron("complete")
        self.assertEqual(session.state, "scheduled")
        self.travel(session.stop + timedelta(hours=2))
        self.run_cron("complete")
        attendance = session.attendance_ids
        self.assertEqual(attendance.outcome_id.code, "completed")
        self.assertBalance(self.package, remaining=4, used=1)
        closed = session.log_ids.filtered(lambda line: line.action == "closed")
        self.assertEqual(
            closed.description, "Completed automatically 2 hours after the end."
        )
        with self.subTest("and is corrected like any other"):
            attendance.with_user(self.coach_user).action_close("no_show")
            self.assertEqual(attendance.state, "no_show")

    def test_right_after_the_end(self):
        self.group_type.write({"after_session": "complete", "auto_complete_hours": 0})
        self._sell(self.other_client)
        session = self.book(
            booking_type_id=self.group_type.id,
            partner_ids=(self.client | self.other_client).ids,
        )
        self.travel(session.stop)
        missed, other = session.attendance_ids
        missed.action_close("no_show")
        self.run_cron("complete")
        self.assertEqual(missed.state, "no_show")
        self.assertEqual(other.state, "completed")

    def test_hours_are_not_negative(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.individual.auto_complete_hours = -1
            self.individual.flush_recordset()

    # R37
    def test_what_a_person_said_stays(self):
        """Closed while the cron looked: it finds nothing open, and leaves it."""
        self.individual.write({"after_session": "complete", "auto_complete_hours": 0})
        session = self.book()
        self.travel(session.stop)
        due = session._find_to_complete(10, 0)
        self.assertEqual(due, session)
        session.attendance_ids.action_close("client_emergency")
        due._try_to_complete()
        self.assertEqual(session.attendance_ids.outcome_id.code, "client_emergency")

    # R37
    def test_one_that_fails_stops_no_other(self):
        self.individual.write({"after_session": "complete", "auto_complete_hours": 0})
        bad, good = self.book(hour=8), self.book(hour=9)
        self.travel(good.stop)
        attendances = type(self.env["coaching.attendance"])
        original = attendances._log_closing

        def fail_once(attendance, before):
            if attendance.session_id == bad:
                raise ValueError("no way")
            return original(attendance, before)

        # the last thing that closing does: everything else was written by then
        with patch.object(attendances, "_log_closing", fail_once):
            with mute_logger(LOGGER):
                self.run_cron("complete")
        self.assertEqual(bad.state, "scheduled", "nothing of it is kept")
        self.assertEqual(good.state, "completed")
        self.run_cron("complete")
        self.assertEqual(bad.state, "completed")

    def test_old_ones_are_left_to_people(self):
        session = self.book()
        self.travel(session.stop + timedelta(days=30))
        self.individual.write({"after_session": "complete", "auto_complete_hours": 1})
        self.run_cron("complete")
        self.assertEqual(session.state, "scheduled")

    # === AWAITING UPDATES === #

    # R31
    def test_activity_menu(self):
        """Coaches and managers see how many sessions wait, and since when."""
        users = self.env["res.users"]
        mine = self.book(days=1)
        self.book(days=1, coach_id=self.other_coach.id, hour=13)
        self.travel(mine.stop + timedelta(days=3))

        def count(user):
            return [
                (group["total_count"], group["oldest"])
                for group in users.with_user(user)._get_activity_groups()
                if group["type"] == "coaching_awaiting"
            ]

        self.assertEqual(count(self.coach_user), [(1, "3 days")])
        everybody = self.env["coaching.session"].search_count(
            [("awaiting_update", "=", True), ("company_id", "=", self.company.id)]
        )
        self.assertEqual([total for total, _age in count(self.manager)], [everybody])
        self.assertGreaterEqual(everybody, 2)
        mine.attendance_ids.action_close("completed")
        self.assertEqual(count(self.coach_user), [])

    # R31
    def test_list(self):
        newer, older = self.book(days=2), self.book(days=1)
        self.travel(older.stop + timedelta(days=5))
        action = self.env["coaching.session"].with_user(self.manager)
        self.assertIn("group_coach", str(action._get_awaiting_action()["context"]))
        action = action.with_user(self.coach_user)._get_awaiting_action()
        self.assertNotIn("group_coach", str(action["context"]))
        view = self.env.ref("coaching_sessions.coaching_session_view_list_awaiting")
        self.assertEqual(action["views"][0], (view.id, "list"))
        self.assertEqual(older.awaiting_age, "5 days")
        self.assertEqual(newer.awaiting_age, "4 days")
        self.assertFalse(self.book(days=9).awaiting_age)
