from datetime import timedelta

from lxml import html

from odoo.tests import tagged

from ..common import COACH, PortalCommon


@tagged("post_install", "-at_install")
class TestPortalCloseOut(PortalCommon):
    """The form a coach fills in on a phone, as one act."""

    def _held(self):
        session = self.book()
        self.travel(session.stop + timedelta(minutes=5))
        return session

    def _post(self, session, **data):
        return self.post(
            f"{COACH}/{session.id}/close",
            self.portal_coach_user,
            attendance_id=session.attendance_ids.id,
            **data,
        )

    # R30 R33 R34 R35 R36 R92 R93 R96 R149
    def test_everything_at_once(self):
        session = self._held()
        attendance = session.attendance_ids
        goal = attendance.action_add_goal("Speak up in meetings")
        attendance.goal_ids = False
        page = self.open(f"{COACH}/{session.id}", self.portal_coach_user)
        self.assertIn("Speak up in meetings", self.text(page))
        proposed = self.find(page, "//input[@name='next_start']")[0].get("value")
        self.assertEqual(proposed, str(session.start + timedelta(weeks=1)))
        response = self._post(
            session,
            outcome_code="completed",
            shared_note="Well done\nSee you",
            private_note="Seems tired",
            next_step="Write down three situations",
            next_step_date="2027-03-08",
            goals_asked="1",
            goal_ids=str(goal.id),
            continue_wish="yes",
            slot_wish="same",
            reserve_slot="1",
            next_start=proposed,
        )
        self.assertEqual(response.status_code, 303)
        self.assertEqual(session.state, "completed")
        self.assertEqual(attendance.goal_ids, goal)
        engagement = attendance.engagement_id
        self.assertEqual(engagement.continue_wish, "yes")
        self.assertEqual(engagement.slot_ids.state, "active")
        self.assertBalance(self.package, remaining=3, used=1, held=1)
        private = self.env["coaching.private.note"].search(
            [("attendance_id", "=", attendance.id)]
        )
        self.assertEqual(private.author_id, self.portal_coach_user)
        page = self.open(response.headers["Location"])
        self.assertIn(
            "The next session is booked",
            self.text(page, "//*[hasclass('o_coaching_following')]"),
        )

    def test_nothing_typed_is_lost(self):
        """One answer that can't be leaves the others as they were typed."""
        session = self._held()
        response = self._post(
            session,
            outcome_code="completed",
            shared_note="Well done",
            next_step="Write down three situations",
            continue_wish="yes",
            slot_wish="different",
            wish_note="Mondays are bad",
            next_start_other="2027-03-07T03:00",
        )
        self.assertEqual(response.status_code, 200)
        page = html.fromstring(response.text)
        self.assertIn("does not work", self.text(page))
        for text in ("Well done", "Write down three", "Mondays are bad", "-07T03:00"):
            self.assertIn(text, response.text)
        checked = {node.get("value") for node in self.find(page, "//input[@checked]")}
        self.assertLessEqual({"completed", "yes", "different"}, checked)
        self.assertEqual(session.state, "scheduled")
        self.assertFalse(session.attendance_ids.engagement_id.continue_wish)

    # R6
    def test_when_the_client_cancelled(self):
        """In the coach's zone; early or late follows, or the coach says why not."""
        self.portal_coach_user.tz = "Europe/Brussels"
        session = self.book(days=3)
        self.travel(session.stop)
        response = self._post(session, outcome_code="client_early_cancel")
        self.assertEqual(response.status_code, 200)
        self.assertIn("Add a note that explains why;", response.text)
        # two days before at ten in Brussels, which is nine in UTC
        self._post(
            session, outcome_code="client_early_cancel", notice_at="2027-03-02T10:00"
        )
        attendance = session.attendance_ids
        self.assertEqual(attendance.state, "early_cancel")
        self.assertEqual(str(attendance.notice_at), "2027-03-02 09:00:00")
        self.assertFalse(attendance.clock_overridden)

    # R60 R62 R63 R64
    def test_removed_slot_is_told_and_put_back(self):
        self.company.coaching_release_slot = "no_rebook"
        session = self._held()
        slot = session.attendance_ids.engagement_id.action_reserve_slot()
        response = self._post(session, outcome_code="completed", continue_wish="no")
        self.assertEqual(slot.state, "removed")
        page = self.open(response.headers["Location"])
        self.assertIn(
            "was removed", self.text(page, "//*[hasclass('o_coaching_removed')]")
        )
        self.post(f"{COACH}/{session.id}/restore")
        self.assertEqual(slot.state, "active")

    def test_only_the_coach(self):
        session = self._held()
        for user in (self.client_user, self.coach_user, self.other_user):
            response = self.post(f"{COACH}/{session.id}/restore", user)
            self.assertSentHome(response)

    def test_goals_that_are_none(self):
        """Digits that are no numbers, and numbers that are no ids."""
        session = self._held()
        for value in ("²", "9" * 5000, "0"):
            response = self._post(
                session, outcome_code="completed", goals_asked="1", goal_ids=value
            )
            self.assertIn(response.status_code, (200, 303), value)
        self.assertFalse(session.attendance_ids.goal_ids)
