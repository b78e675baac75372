from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestMark(CoachingCommon):
    """Closing out many from a list, and a group in one grid."""

    # R44
    def test_each_is_judged_on_its_own(self):
        """Paid, complimentary, closed, to come: none stops another."""
        paid = self.book(hour=8)
        free = self.book(hour=9, booking_type_id=self.consultation.id)
        closed = self.book(hour=10)
        later = self.book(days=4)
        self.travel(paid.start + timedelta(days=1))
        closed.attendance_ids.action_close("completed")
        sessions = paid | free | closed | later
        result = sessions.with_user(self.manager).action_mark("no_show", "Snow")
        self.assertEqual(result["closed"], 2)
        reasons = {row["session_id"]: row["reason"] for row in result["failed"]}
        self.assertIn("is closed as “Completed”", reasons[closed.id])
        self.assertIn("has not begun", reasons[later.id])
        self.assertEqual((paid.state, free.state), ("no_show", "no_show"))
        self.assertTrue(paid.attendance_ids.uses_session)
        self.assertFalse(free.attendance_ids.uses_session)
        self.assertEqual(paid.attendance_ids.outcome_note, "Snow")

    def _other(self):
        self._sell(self.other_client)
        return self.other_client

    def test_what_the_database_refuses_stops_no_other(self):
        """Found by halves: the one whose place was given away since."""
        self.travel(self.now)
        package = self._sell(self.client)
        sessions = self.env["coaching.session"]
        for hour in (8, 9, 10, 11, 13):
            sessions |= self.book(hour=hour, package_id=package.id)
        blocked = self.book(hour=14)
        blocked.action_cancel()
        self.book(hour=14, partner_ids=self._other().ids)
        # as a program would leave it: open again in a time that is taken
        self.travel(sessions[0].stop + timedelta(days=1))
        attendances = blocked.attendance_ids | sessions.attendance_ids
        failed = attendances._close_in_parts("completed", "")
        self.assertEqual(list(failed), [blocked.attendance_ids])
        self.assertIn("already has a session", failed[blocked.attendance_ids])
        self.assertEqual(set(sessions.mapped("state")), {"completed"})
        self.assertBalance(package, remaining=0, used=5)

    def test_marking_twice_posts_once(self):
        session = self.book()
        self.travel(session.stop)
        session.action_mark("no_show")
        moves = self.package.move_ids
        result = session.action_mark("no_show")
        self.assertEqual((result["closed"], result["failed"]), (1, []))
        self.assertEqual(self.package.move_ids, moves)

    def test_only_by_staff(self):
        session = self.book()
        other = self.book(days=2, coach_id=self.other_coach.id)
        self.travel(other.stop)
        for user in (self.client_user, self.coach_user):
            with self.assertRaises(AccessError):
                (session | other).with_user(user).action_mark("completed")
        self.assertEqual(session.state, "scheduled")

    def test_dialog(self):
        sessions = self.book(hour=8) | self.book(hour=9) | self.book(days=4)
        self.travel(sessions[1].stop)
        dialog = Form(
            self.env["coaching.session.mark"]
            .with_user(self.manager)
            .with_context(
                active_model="coaching.session",
                active_ids=sessions.ids,
                outcome_code="no_show",
            )
        )
        self.assertIn("2 are closed as", dialog.consequences)
        self.assertIn("2 used, 0 returned", dialog.consequences)
        self.assertIn("1 don't change", dialog.consequences)
        dialog.note = "Snow"
        dialog = dialog.save()
        action = dialog.action_mark()
        self.assertEqual(action["res_id"], dialog.id)
        self.assertEqual(dialog.closed_count, 2)
        self.assertIn("has not begun", dialog.failures)
        # what is left goes well
        again = dialog.copy({"session_ids": [(6, 0, sessions[:2].ids)]})
        self.assertEqual(again.action_mark()["tag"], "display_notification")

    def _group(self):
        self._sell(self.other_client)
        return self.book(
            booking_type_id=self.group_type.id,
            partner_ids=(self.client | self.other_client).ids,
        )

    def test_group_grid(self):
        """One line a client; what is left open is asked again."""
        session = self._group()
        self.travel(session.stop)
        action = session.with_user(self.coach_user).action_open_close()
        Dialog = self.env[action["res_model"]].with_user(self.coach_user)
        dialog = Form(Dialog.with_context(**action["context"]))
        self.assertEqual(len(dialog.line_ids), 2)
        dialog.actual_stop = session.stop + timedelta(minutes=10)
        with dialog.line_ids.edit(0) as line:
            line.outcome_id = self.env.ref("coaching_sessions.outcome_no_show")
            line.note = "Called twice"
            self.assertIn("4 of 5", line.consequences)
        dialog.save().action_close()
        self.assertEqual(session.state, "scheduled")
        self.assertEqual(
            set(session.attendance_ids.mapped("state")), {"no_show", "scheduled"}
        )
        dialog = Dialog.with_context(**action["context"]).create({})
        dialog.action_all_attended()
        self.assertEqual(
            set(session.attendance_ids.mapped("state")),
            {"no_show", "scheduled"},
            "nothing is recorded before Confirm",
        )
        dialog.line_ids[0].outcome_id = self.env.ref(
            "coaching_sessions.outcome_no_show"
        )
        dialog.action_close()
        self.assertEqual(
            set(session.attendance_ids.mapped("state")), {"no_show", "completed"}
        )
        self.assertEqual(
            session.attendance_ids.filtered("outcome_note").outcome_note, "Called twice"
        )

    def test_group_keeps_its_actual_times(self):
        session = self._group()
        self.travel(session.stop)
        stop = session.stop + timedelta(minutes=10)
        dialog = (
            self.env["coaching.session.close.group"]
            .with_context(default_session_id=session.id)
            .create({"actual_stop": stop})
        )
        completed = self.env.ref("coaching_sessions.outcome_completed")
        missed = self.env.ref("coaching_sessions.outcome_no_show")
        dialog.line_ids[0].outcome_id = completed
        dialog.line_ids[1].outcome_id = missed
        dialog.action_close()
        self.assertEqual(session.actual_stop, stop)
