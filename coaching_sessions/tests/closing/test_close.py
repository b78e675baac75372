# Over 300 lines: the table of outcomes is read from top to bottom.

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import CoachingCommon

# outcome code -> (state, session used when paid, when complimentary)
MATRIX = {
    "completed": ("completed", True, True),
    "no_show": ("no_show", True, False),  # R20, R26, R124
    "client_late_cancel": ("late_cancel", True, False),  # R21, R27, R125
    "client_early_cancel": ("early_cancel", False, False),  # R126
    "client_emergency": ("cancelled", False, False),  # R16, R22
    "coach_emergency": ("cancelled", False, False),  # R17, R23
    "coach_missed": ("cancelled", False, False),  # R18, R24
    "other": ("cancelled", False, False),  # R19, R25
}


@tagged("post_install", "-at_install")
class TestClose(CoachingCommon):
    def test_matrix_paid(self):
        """Every shipped outcome of a paid session."""
        # R1 R15 R16 R17 R18 R19 R20 R21 R124 R125 R126
        for hour, (code, (state, used, _free)) in enumerate(MATRIX.items()):
            with self.subTest(code):
                self.travel(self.now)
                package = self._sell(self.client)
                session = self.book(
                    hour=(8, 9, 10, 11, 13, 14, 15, 16)[hour], package_id=package.id
                )
                attendance = self.close(session, code)
                self.assertEqual((attendance.state, session.state), (state, state))
                self.assertEqual(attendance.uses_session, used)
                self.assertEqual(attendance.charge_percent, 100 if used else 0)
                self.assertEqual(attendance.pay_percent, 100 if used else 0)
                self.assertBalance(package, remaining=4 if used else 5, used=used)

    def test_matrix_complimentary(self):
        """Every shipped outcome of a complimentary session."""
        # R22 R23 R24 R25 R26 R27 R28
        self.individual.complimentary = True
        for hour, (code, (state, _paid, used)) in enumerate(MATRIX.items()):
            with self.subTest(code):
                self.travel(self.now)
                package = self._sell(self.client)
                session = self.book(
                    hour=(8, 9, 10, 11, 13, 14, 15, 16)[hour], package_id=package.id
                )
                attendance = self.close(session, code)
                self.assertEqual(attendance.state, state)
                self.assertEqual(attendance.uses_session, used)
                self.assertEqual(attendance.charge_percent, 0)
                self.assertBalance(package, remaining=4 if used else 5, used=used)

    def test_policy_of_a_booking_type_beats_the_general_one(self):
        self.individual.action_customize_policy()
        row = self.individual.policy_ids.filtered(
            lambda policy: policy.outcome_id.code == "no_show"
        )
        row.write({"uses_session": False, "pay_percent": 50})
        attendance = self.close(self.book(), "no_show")
        self.assertEqual(attendance.policy_id, row)
        self.assertEqual(attendance.pay_percent, 50)
        self.assertBalance(self.package, remaining=5)

    def test_own_outcome(self):
        """A business adds an outcome and its consequences as data."""
        outcome = self.env["coaching.outcome"].create(
            {"name": "Power cut", "code": "power_cut", "state": "cancelled"}
        )
        self.env["coaching.outcome.policy"].create({"outcome_id": outcome.id})
        attendance = self.close(self.book(), "power_cut")
        self.assertEqual(attendance.outcome_id, outcome)
        self.assertBalance(self.package, remaining=5)

    # R3 R38 R72
    def test_a_check_in_closes_like_any_session(self):
        """A check-in is a booking type, and part of the client's history."""
        check_in = self.consultation.copy({"name": "Check-in", "code": "check_in"})
        session = self.book(booking_type_id=check_in.id)
        self.assertEqual(session.state, "scheduled")
        self.close(session, "completed")
        self.assertEqual(session.state, "completed")
        self.assertEqual(self.client.coaching_session_count, 1)
        action = self.client.action_view_coaching_sessions()
        self.assertIn(session, self.env["coaching.session"].search(action["domain"]))

    def test_closing_twice_posts_once(self):
        """A double click changes nothing."""
        session = self.book()
        attendance = self.close(session, "completed", note="Went well")
        moves = self.package.move_ids
        closed_at = attendance.closed_at
        attendance.action_close("completed", note="Went well")
        self.assertEqual(self.package.move_ids, moves)
        self.assertEqual(attendance.closed_at, closed_at)
        self.assertBalance(self.package, remaining=4, used=1)

    def test_correcting_posts_reversals(self):
        """Correcting posts lines, it changes none."""
        # R14
        session = self.book()
        attendance = self.close(session, "no_show")
        before = self.package.move_ids
        values = before.read(["kind", "quantity", "attendance_id", "reversal_of_id"])
        for code, remaining in (
            ("coach_emergency", 5),
            ("completed", 4),
            ("client_late_cancel", 4),
            ("other", 5),
            ("no_show", 4),
        ):
            attendance.action_close(code)
            self.assertBalance(self.package, remaining, used=5 - remaining)
        self.assertEqual(
            before.read(["kind", "quantity", "attendance_id", "reversal_of_id"]), values
        )
        self.assertEqual(attendance.state, "no_show")

    def test_who_when_and_why(self):
        """The log tells outcome, note and who."""
        # R4 R10
        session = self.book()
        self.travel(session.stop)
        attendance = session.attendance_ids.with_user(self.portal_coach_user)
        with self.assertRaises(AccessError):
            attendance.action_close("no_show")
        session.attendance_ids.with_user(self.coach_user).action_close(
            "no_show", note="Called twice"
        )
        attendance = session.attendance_ids
        self.assertEqual(attendance.closed_by_id, self.coach_user)
        self.assertTrue(attendance.closed_at)
        self.assertEqual(attendance.outcome_note, "Called twice")
        # R41: the client is told
        told = self.env["coaching.notification"].search(
            [("attendance_id", "=", attendance.id), ("kind", "=", "no_show")]
        )
        self.assertEqual(told.partner_id, self.client)
        log = session.log_ids.filtered(lambda line: line.action == "closed")
        self.assertEqual(log.description, "Called twice")
        self.assertEqual(log.outcome_id, attendance.outcome_id)
        self.assertEqual(log.user_id, self.coach_user)

    def test_portal_coach_closes_own(self):
        """A coach with a portal login closes out, and no one else's."""
        # R11
        session = self.book(coach_id=self.other_coach.id)
        self.travel(session.stop)
        session.attendance_ids.with_user(self.portal_coach_user).action_close(
            "completed"
        )
        self.assertEqual(session.state, "completed")
        with self.assertRaises(AccessError):
            session.attendance_ids.with_user(self.coach_user).action_close("no_show")
        with self.assertRaises(AccessError):
            session.attendance_ids.with_user(self.client_user).action_close("no_show")

    def test_actual_times(self):
        """The coach can say when the session really was."""
        # R2 R143
        session = self.book()
        start = session.start + timedelta(minutes=5)
        self.close(session, "completed", actual_start=start, actual_stop=session.stop)
        self.assertEqual(
            (session.actual_start, session.actual_stop), (start, session.stop)
        )

    def test_group_each_on_its_own(self):
        """Clients of one session can have different outcomes."""
        other_package = self._sell(self.other_client)
        session = self.book(
            booking_type_id=self.group_type.id,
            partner_ids=(self.client | self.other_client).ids,
        )
        self.travel(session.stop)
        mine, other = session.attendance_ids.sorted("partner_id")
        if mine.partner_id != self.client:
            mine, other = other, mine
        mine.action_close("no_show")
        self.assertEqual(session.state, "scheduled", "one client is still open")
        self.assertTrue(session.awaiting_update)
        other.action_close("client_emergency")
        self.assertEqual(session.state, "no_show")
        self.assertBalance(self.package, remaining=4, used=1)
        self.assertBalance(other_package, remaining=5)

    def test_awaiting_updates(self):
        """Past sessions without outcome are listed until they have one."""
        # R31 R32
        session = self.book()
        domain = [("awaiting_update", "=", True), ("id", "=", session.id)]
        with self.subTest("not over yet"):
            self.assertFalse(self.env["coaching.session"].search(domain))
        self.travel(session.stop)
        self.assertEqual(self.env["coaching.session"].search(domain), session)
        session.attendance_ids._close("completed")
        self.assertFalse(self.env["coaching.session"].search(domain))

    def test_early_or_late_to_the_second(self):
        """More than the notice is early, exactly as much is late."""
        # R6 R49 R56
        self.individual.cancel_notice_hours = 48
        for seconds, state in ((1, "early_cancel"), (0, "late_cancel")):
            self.travel(self.now)
            session = self.book(days=7 + seconds)
            self.travel(session.start - timedelta(hours=48, seconds=seconds))
            session.with_user(self.client_user).action_cancel("Dentist")
            self.assertEqual(session.state, state)
            # R7
            self.assertEqual(session.attendance_ids.outcome_note, "Dentist")
        self.assertBalance(self.package, remaining=4, used=1)

    def test_late_cancellation_and_what_staff_may_decide(self):
        """Staff may send back what the policy would use, and it is logged."""
        # R103
        session = self.book()
        self.travel(session.start - timedelta(hours=1))
        with self.assertRaises(AccessError):
            session.with_user(self.client_user).action_cancel(refund="full")
        session.with_user(self.manager).action_cancel("Goodwill", refund="full")
        self.assertEqual(session.state, "late_cancel")
        self.assertTrue(session.attendance_ids.policy_overridden)
        self.assertBalance(self.package, remaining=5)
        self.assertIn("Policy overridden", session.log_ids.sorted("id")[-1].description)

    def test_coach_cancels_on_own_account(self):
        """The client loses nothing when the coach can't come, however late."""
        session = self.book()
        self.travel(session.start - timedelta(minutes=10))
        session.with_user(self.coach_user).action_cancel("Car broke down")
        self.assertEqual(session.attendance_ids.outcome_id.code, "coach_emergency")
        self.assertBalance(self.package, remaining=5)
        self.assertFalse(session.event_id.active)

    def test_cancelled_time_is_free_again(self):
        session = self.book(days=3)
        session.action_cancel()
        again = self.book(days=3)
        self.assertNotEqual(session, again)
        self.travel(session.stop)
        # bringing the first one back would double-book the coach
        with self.assertRaisesRegex(Exception, "already has a session"):
            session.attendance_ids.action_close("completed")

    def test_closing_again_keeps_what_was_decided(self):
        """A note changes nothing else: no override, no policy of another day."""
        session = self.book()
        self.travel(session.start - timedelta(hours=1))
        session.with_user(self.manager).action_cancel("Goodwill", refund="full")
        attendance = session.attendance_ids
        attendance.with_user(self.coach_user).action_close(
            "client_late_cancel", note="Was ill"
        )
        self.assertBalance(self.package, remaining=5)
        self.assertTrue(attendance.policy_overridden)
        self.assertEqual(attendance.outcome_note, "Was ill")
        attendance.action_close("client_late_cancel")
        self.assertEqual(attendance.outcome_note, "Was ill", "nothing typed is lost")

    def test_mails_go_out_once(self):
        session = self.book()
        attendance = self.close(session, "no_show")
        attendance.action_close("no_show", note="Called twice")
        mails = self.env["coaching.notification"].search(
            [("attendance_id", "=", attendance.id), ("kind", "=", "no_show")]
        )
        self.assertEqual(len(mails), 1)

    def test_actual_times_go_with_the_session(self):
        session = self.book()
        stop = session.stop + timedelta(minutes=5)
        attendance = self.close(
            session, "completed", actual_start=session.start, actual_stop=stop
        )
        attendance.action_close("no_show")
        self.assertFalse(session.actual_stop)

    def test_log_says_who_knew_better_than_the_clock(self):
        session = self.book(days=3)
        session.attendance_ids.with_user(self.coach_user).action_close(
            "client_late_cancel"
        )
        self.assertIn(
            "which does not match", session.log_ids.sorted("id")[-1].description
        )

    # R103
    def test_cancel_dialog(self):
        """Whole groups are cancelled at once, by the clock or for a reason."""
        other = self._sell(self.other_client)
        session = self.book(
            booking_type_id=self.group_type.id,
            partner_ids=(self.client | self.other_client).ids,
        )
        self.travel(session.start - timedelta(hours=1))
        dialog = Form(
            self.env["coaching.session.cancel"]
            .with_user(self.manager)
            .with_context(active_model="coaching.session", active_ids=session.ids)
        )
        self.assertIn("Late cancellation by the client", dialog.consequences)
        dialog.outcome_id = self.env.ref("coaching_sessions.outcome_coach_emergency")
        self.assertIn("5 of 5 left", dialog.consequences)
        dialog.message = "Sorry"
        dialog.save().action_cancel()
        self.assertEqual(session.state, "cancelled")
        for package in (self.package, other):
            self.assertBalance(package, remaining=5)
        mails = self.env["coaching.notification"].search(
            [
                ("attendance_id", "in", session.attendance_ids.ids),
                ("kind", "=", "cancelled"),
            ]
        )
        self.assertEqual(set(mails.mapped("message")), {"Sorry"})

    def test_failed_mails_are_sent_again(self):
        session = self.book(user=self.coach_user)
        mail = self.env["coaching.notification"].search(
            [("attendance_id", "=", session.attendance_ids.id)]
        )
        mail.write({"state": "failed", "error": "no route"})
        with self.assertRaises(AccessError):
            mail.with_user(self.coach_user).action_retry()
        mail.with_user(self.manager).action_retry()
        self.assertEqual((mail.state, mail.error), ("pending", False))

    def test_cancelling_needs_its_outcomes(self):
        """What a cancellation is closed with can't be switched off."""
        outcome = self.env.ref("coaching_sessions.outcome_client_early_cancel")
        for change in (
            lambda: outcome.action_archive(),
            lambda: outcome.write({"before_start": False}),
            lambda: outcome.unlink(),
        ):
            with self.assertRaisesRegex(UserError, "” is needed for cancellations:"):
                change()

    def test_duplicating_settings(self):
        """What a business copies can be used at once."""
        outcome = self.env.ref("coaching_sessions.outcome_other").copy()
        self.assertEqual((outcome.state, outcome.code), ("cancelled", "other_copy"))
        self.assertEqual(self.individual.copy().code, "individual_copy")

    def test_dialogs_open(self):
        """Each dialog opens with what its button gives it, and does its work."""
        session = self.book(days=3)
        dialog = Form(
            self.env["coaching.session.reschedule"]
            .with_user(self.manager)
            .with_context(default_session_id=session.id, default_start=session.start)
        )
        dialog.start = session.start + timedelta(hours=1)
        dialog.save().action_reschedule()
        self.assertEqual(session.start.hour, 10)
        dialog = Form(
            self.env["coaching.package.extend"]
            .with_user(self.manager)
            .with_context(default_package_id=self.package.id)
        )
        dialog.date = self.package.expiry_date + timedelta(days=7)
        dialog.reason = "Ill"
        dialog.save().action_extend()
        self.assertEqual(self.package.move_ids[0].kind, "extend")
        dialog = Form(self.env["coaching.session.book"].with_user(self.manager))
        dialog.booking_type_id = self.individual
        dialog.coach_id = self.coach
        dialog.start = session.start + timedelta(days=1)
        dialog.partner_ids.add(self.client)
        dialog.package_id = self.package
        action = dialog.save().action_book()
        booked = self.env["coaching.session"].browse(action["res_id"])
        self.assertEqual(booked.attendance_ids.package_id, self.package)

    # R10
    def test_log_keeps_what_a_correction_replaces(self):
        session = self.book()
        self.travel(session.stop)
        attendance = session.attendance_ids
        attendance.with_user(self.coach_user).action_close("completed")
        self.assertEqual(attendance.closed_by_id, self.coach_user)
        attendance.with_user(self.manager).action_close("no_show")
        log = session.log_ids.sorted("id")[-1]
        self.assertEqual(log.action, "corrected")
        self.assertEqual(log.outcome_id.code, "no_show")
        self.assertIn("It was “Completed”", log.description)
        self.assertIn(self.coach_user.name, log.description)
        self.assertEqual(log.user_id, self.manager)
