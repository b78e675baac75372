from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestCloseOut(CoachingCommon):
    """The form after a session: everything in one act, or nothing."""

    def _dialog(self, session, user=None, **context):
        user = user or self.coach_user
        return Form(
            self.env["coaching.session.close"]
            .with_user(user)
            .with_context(default_attendance_id=session.attendance_ids.id, **context)
        )

    def _held(self, **vals):
        session = self.book(**vals)
        self.travel(session.stop + timedelta(minutes=5))
        return session

    # R8 R29 R30 R33 R34 R35 R36 R57 R96 R149
    def test_completed_with_everything(self):
        self.individual.agreement_required = True
        session = self._held(client_agreed=True)
        attendance = session.attendance_ids
        goal = attendance.action_add_goal("Speak up in meetings")
        attendance.goal_ids = False
        dialog = self._dialog(session)
        dialog.attended = "yes"
        self.assertEqual(dialog.outcome_id.code, "completed")
        self.assertIn("4 of 5", dialog.consequences)
        dialog.actual_stop = session.stop + timedelta(minutes=10)
        dialog.shared_note = "<p>Well done</p>"
        dialog.private_note = "<p>Seems tired</p>"
        dialog.next_step = "Write down three situations"
        dialog.next_step_date = "2027-03-08"
        dialog.goal_ids.add(goal.with_user(self.coach_user))
        dialog.continue_wish = "yes"
        dialog.slot_wish = "same"
        dialog.reserve_slot = True
        dialog.book_next = True
        self.assertEqual(dialog.next_start, session.start + timedelta(weeks=1))
        action = dialog.save().action_close()
        self.assertIn("The next session is booked", action["params"]["message"])
        self.assertEqual(session.state, "completed")
        self.assertEqual(session.actual_stop, session.stop + timedelta(minutes=10))
        self.assertEqual(attendance.goal_ids, goal)
        engagement = attendance.engagement_id
        self.assertEqual(engagement.continue_wish, "yes")
        self.assertEqual(engagement.slot_ids.state, "active")
        following = self.env["coaching.session"].search(
            [("start", "=", session.start + timedelta(weeks=1))]
        )
        self.assertEqual(following.coach_id, self.coach)
        self.assertIn("close-out", following.attendance_ids.agreement_note)
        self.assertBalance(self.package, remaining=3, used=1, held=1)
        note = self.env["coaching.note"].search([("attendance_id", "=", attendance.id)])
        self.assertIn("Well done", note.body)
        item = self.env["coaching.action.item"].search(
            [("attendance_id", "=", attendance.id)]
        )
        self.assertEqual(item.description, "Write down three situations")

    # R32
    def test_one_click_is_enough(self):
        session = self._held()
        dialog = self._dialog(session, outcome_code="completed")
        self.assertEqual(dialog.attended, "yes")
        action = dialog.save().action_close()
        self.assertEqual(action["type"], "ir.actions.act_window_close")
        self.assertEqual(session.state, "completed")
        self.assertFalse(session.actual_stop, "as planned is no news")

    # R5 R8
    def test_what_is_asked_depends_on_the_outcome(self):
        self._issue_makeups("no_show")
        session = self._held()
        dialog = self._dialog(session)
        self.assertFalse(dialog.outcome_id)
        dialog.attended = "no"
        self.assertFalse(dialog.outcome_id)
        allowed = self.env["coaching.outcome"].browse(dialog.allowed_outcome_ids.ids)
        codes = set(allowed.mapped("code"))
        self.assertNotIn("completed", codes)
        self.assertIn("no_show", codes)
        dialog.outcome_id = self.env.ref("coaching_sessions.outcome_no_show")
        self.assertFalse(dialog.took_place)
        self.assertFalse(dialog.is_cancellation)
        self.assertIn("4 of 5", dialog.consequences)
        self.assertIn("free make-up", dialog.consequences)
        dialog.attended = "yes"
        self.assertEqual(dialog.outcome_id.code, "completed")

    # R6
    def test_early_or_late_follows_from_the_clock(self):
        session = self._held(days=3)
        dialog = self._dialog(session)
        dialog.attended = "no"
        dialog.outcome_id = self.env.ref("coaching_sessions.outcome_client_late_cancel")
        self.assertIn("late: 0.0", dialog.clock)
        self.assertIn("4 of 5", dialog.consequences)
        dialog.notice_at = session.start - timedelta(hours=25)
        self.assertEqual(dialog.outcome_id.code, "client_early_cancel")
        self.assertIn("5 of 5", dialog.consequences)
        dialog.save().action_close()
        self.assertEqual(session.state, "early_cancel")
        self.assertEqual(
            session.attendance_ids.notice_at, session.start - timedelta(hours=25)
        )

    # R6
    def test_against_the_clock_only_with_a_word(self):
        session = self._held(days=3)
        answers = {"outcome_code": "client_early_cancel"}
        attendance = session.attendance_ids.with_user(self.coach_user)
        with self.assertRaisesRegex(UserError, "Add a note that explains why;"):
            attendance.action_close_out(answers)
        dialog = self._dialog(session)
        dialog.attended = "no"
        dialog.outcome_id = self.env.ref(
            "coaching_sessions.outcome_client_early_cancel"
        )
        self.assertTrue(dialog.is_other_than_clock)
        with self.assertRaises(AssertionError):
            dialog.save()
        dialog.note = "Told me in person"
        dialog.save().action_close()
        self.assertTrue(session.attendance_ids.clock_overridden)

    def test_nothing_or_all(self):
        """When the next session can't be booked, nothing is recorded."""
        session = self._held()
        attendance = session.attendance_ids.with_user(self.coach_user)
        with self.assertRaisesRegex(UserError, "does not work"):
            with self.env.cr.savepoint():
                attendance.action_close_out(
                    {
                        "outcome_code": "completed",
                        "shared_note": "Well done",
                        "continue_wish": "yes",
                        "next_start": "2027-03-07 03:00:00",
                    }
                )
        self.assertEqual(session.state, "scheduled")
        self.assertFalse(attendance.engagement_id.continue_wish)

    # R60 R61
    def test_no_rebooking_locks_nobody_out(self):
        session = self._held()
        dialog = self._dialog(session, outcome_code="completed")
        dialog.continue_wish = "no"
        dialog.save().action_close()
        engagement = session.attendance_ids.engagement_id
        self.assertEqual(engagement.continue_wish, "no")
        self.travel(self.now)
        following = self.book(days=9, user=self.client_user)
        self.assertEqual(following.state, "scheduled")

    # R62 R63 R64
    def test_reserved_slot_goes_and_comes_back(self):
        self.company.coaching_release_slot = "no_follow_up"
        session = self._held()
        engagement = session.attendance_ids.engagement_id
        slot = engagement.action_reserve_slot()
        dialog = self._dialog(session, outcome_code="completed")
        action = dialog.save().action_close()
        self.assertEqual(slot.state, "removed")
        self.assertIn("was removed", action["params"]["message"])
        session.invalidate_recordset()
        self.assertTrue(session.removed_slot_message)
        session.with_user(self.coach_user).action_restore_slot()
        self.assertEqual(slot.state, "active")

    def test_answers_are_checked(self):
        session = self._held()
        attendance = session.attendance_ids.with_user(self.coach_user)
        for answers, message in (
            ([], "dictionary"),
            ({"outcome": "completed"}, "Unknown value “outcome”"),
            (
                {"outcome_code": "completed", "continue_wish": "perhaps"},
                "Unknown wish “",
            ),
            ({"outcome_code": "completed", "next_start": "soon"}, "not a time"),
        ):
            with self.assertRaisesRegex(UserError, message):
                with self.env.cr.savepoint():
                    attendance.action_close_out(answers)
        with self.assertRaises(AccessError):
            session.attendance_ids.with_user(self.client_user).action_close_out({})
        self.assertEqual(session.state, "scheduled")

    def test_correcting_shows_what_was_answered(self):
        session = self._held()
        dialog = self._dialog(session, outcome_code="completed")
        dialog.note = "Well prepared"
        dialog.continue_wish = "yes"
        dialog.save().action_close()
        dialog = self._dialog(session)
        self.assertEqual(dialog.note, "Well prepared")
        self.assertEqual(dialog.continue_wish, "yes")
        self.assertEqual(dialog.outcome_id.code, "completed")
