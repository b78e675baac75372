from datetime import timedelta

from odoo.tests import tagged

from .common_ui import CoachingUiCommon

AWAITING = "coaching_sessions.coaching_session_action_awaiting"


@tagged("post_install", "-at_install")
class TestUi(CoachingUiCommon):
    """People at the screen."""

    # R29 R31 R32 R33 R40
    def test_close_out_and_correct(self):
        session = self.book()
        self.tour("coaching_sessions_close_out", AWAITING, login="tour_manager")
        self.assertEqual(session.state, "cancelled")
        self.assertBalance(self.package, remaining=5)
        self.assertEqual(session.attendance_ids.closed_by_id, self.manager)

    def test_book(self):
        self.tour(
            "coaching_sessions_book",
            "coaching_sessions.coaching_session_action",
            login="tour_manager",
        )
        self.assertFalse(
            self.env["coaching.session"].search([("coach_id", "=", self.coach.id)])
        )


@tagged("post_install", "-at_install")
class TestUiCloseOut(CoachingUiCommon):
    """The dialog after a session, one way through it per outcome."""

    CLIENTS = ("Anna Tour", "Ben Tour", "Cleo Tour")

    # R29 R30 R33 R34 R35 R36 R96 R149
    def test_completed(self):
        session = self.book()
        attendance = session.attendance_ids
        self.tour("coaching_sessions_close_completed", AWAITING)
        self.assertEqual(session.state, "completed")
        self.assertEqual(attendance.closed_by_id, self.coach_user)
        engagement = attendance.engagement_id
        self.assertEqual(
            (engagement.continue_wish, engagement.slot_wish), ("yes", "same")
        )
        slot = engagement.slot_ids
        self.assertEqual(slot.state, "active")
        following = self.env["coaching.session"].search(
            [("coach_id", "=", self.coach.id), ("state", "=", "scheduled")]
        )
        self.assertEqual(following.start, session.start + timedelta(weeks=1))
        self.assertEqual(following.attendance_ids.partner_id, self.client)
        note = self.env["coaching.note"].search([("attendance_id", "=", attendance.id)])
        self.assertIn("You kept calm", note.body)
        item = self.env["coaching.action.item"].search(
            [("attendance_id", "=", attendance.id)]
        )
        self.assertEqual(item.description, "Write down three situations")
        self.assertBalance(self.package, remaining=3, held=1, used=1)

    # R3 R29 R45
    def test_no_show(self):
        self._issue_makeups()
        session = self.book()
        self.tour("coaching_sessions_close_no_show", AWAITING)
        attendance = session.attendance_ids
        self.assertEqual(session.state, "no_show")
        self.assertEqual(attendance.outcome_note, "Called twice, no answer")
        self.assertEqual(attendance.makeup_id.state, "issued")
        self.assertEqual(attendance.makeup_id.partner_id, self.client)
        self.assertBalance(self.package, remaining=4, used=1)

    # R6
    def test_late_cancel(self):
        session = self.book()
        self.tour("coaching_sessions_close_late_cancel", AWAITING)
        attendance = session.attendance_ids
        self.assertEqual(attendance.outcome_id.code, "client_late_cancel")
        self.assertTrue(attendance.clock_overridden)
        self.assertEqual(attendance.outcome_note, "The second time this month")
        self.assertLess(attendance.notice_at, session.start - timedelta(hours=24))
        self.assertBalance(self.package, remaining=4, used=1)

    # R11 R44
    def test_group(self):
        self._issue_makeups()
        session = self.book(self.clients, kind="group")
        self.tour("coaching_sessions_close_group", AWAITING)
        self._check_group(session)

    def _check_group(self, session):
        outcomes = {
            attendance.partner_id.name: attendance.outcome_id.code
            for attendance in session.attendance_ids
        }
        self.assertEqual(
            outcomes,
            {"Anna Tour": "completed", "Ben Tour": "no_show", "Cleo Tour": "completed"},
        )
        missed = session.attendance_ids.filtered("makeup_id")
        self.assertEqual(missed.partner_id.name, "Ben Tour")
        self.assertEqual(missed.outcome_note, "Called twice")
        for package in self.packages:
            self.assertBalance(package, remaining=4, used=1)


@tagged("post_install", "-at_install")
class TestUiPhone(CoachingUiCommon):
    """The coach between two sessions, with a phone."""

    browser_size = "390x844"
    touch_enabled = True
    CLIENTS = ("Anna Tour", "Ben Tour", "Cleo Tour")

    # R31 R32
    def test_cards(self):
        self._issue_makeups()
        missed = self.book(hours=-48)
        group = self.book(self.clients, hours=-24, kind="group")
        self.tour("coaching_sessions_close_phone", AWAITING)
        self.assertEqual(missed.state, "no_show")
        outcomes = group.attendance_ids.mapped("outcome_id.code")
        self.assertEqual(sorted(outcomes), ["completed", "no_show"])
        absent = group.attendance_ids.filtered("makeup_id")
        self.assertEqual(absent.partner_id.name, "Ben Tour")


@tagged("post_install", "-at_install")
class TestUiAwaiting(CoachingUiCommon):
    """From the count on every screen to nothing left (R31, R44)."""

    CLIENTS = ("Anna Tour", "Ben Tour", "Cleo Tour", "Dan Tour")

    def test_awaiting_updates(self):
        self._issue_makeups()
        sessions = [
            self.book(client, hours=-72 + 2 * number)
            for number, client in enumerate(self.clients)
        ]
        self.tour("coaching_sessions_awaiting", "mail.action_discuss")
        self.assertEqual(
            [session.state for session in sessions],
            ["no_show", "no_show", "completed", "completed"],
        )
        notes = [session.attendance_ids.outcome_note for session in sessions]
        self.assertEqual(notes[:2], ["Storm"] * 2)
        self.assertTrue(sessions[0].attendance_ids.makeup_id)
        self.assertFalse(sessions[2].attendance_ids.makeup_id)
        for package in self.packages:
            self.assertBalance(package, remaining=4, used=1)

    def test_some_cannot_be_marked(self):
        over = self.book(self.clients[0])
        to_come = self.book(self.clients[1], hours=72)
        self.tour(
            "coaching_sessions_mark_some", "coaching_sessions.coaching_session_action"
        )
        self.assertEqual(over.state, "no_show")
        self.assertEqual(to_come.state, "scheduled")
