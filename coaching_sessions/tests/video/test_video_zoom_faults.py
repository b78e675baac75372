from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ...models.video.coaching_video_meeting_run import ATTEMPTS
from .common_video import ZoomCommon
from .zoom_server import ACCOUNT


@tagged("post_install", "-at_install")
class TestVideoZoomFaults(ZoomCommon):
    """A Zoom that is down, answers too late, or with nonsense."""

    def test_errors_of_the_server(self):
        """5xx: again after 1, 2, 4 ... minutes, then it is said."""
        session = self.book(days=2, user=self.coach_user)
        meeting = self.meeting(session)
        self.zoom.fail(500, path="/meetings", times=99)
        waited = []
        for _attempt in range(ATTEMPTS):
            self.assertEqual(meeting.state, "pending")
            self.run_video_at(meeting)
            if meeting.next_try:
                wait = meeting.next_try - self.env["coaching.session"]._now()
                waited.append(wait.total_seconds() / 60)
        self.assertEqual(meeting.state, "failed")
        self.assertEqual(waited[:4], [1, 2, 4, 8])
        self.assertEqual(session.activity_ids.user_id, self.coach_user)
        self.send_mails()
        self.assertIn("not ready yet", self.body(session, "booked"))

    def test_who_begins_soon_is_told_soon(self):
        """Nobody waits for an email until the session is over."""
        session = self.book(days=0, hour=9)
        self.zoom.fail(500, path="/meetings", times=99)
        self.run_video()
        meeting = self.meeting(session)
        while meeting.state == "pending":
            self.run_video_at(meeting)
        self.assertLess(
            self.env["coaching.session"]._now(), session.start - timedelta(minutes=40)
        )

    def test_an_answer_that_got_lost(self):
        """The meeting is found again: never two for one session."""
        session = self.book()
        other = self.book(days=2)
        self.zoom.page_size = 1
        self.zoom.fail(method="POST", path="/meetings", lose=True)
        self.run_video()
        meeting = self.meeting(session)
        self.assertEqual(meeting.state, "pending")
        self.assertEqual(meeting.error, "Zoom did not answer.")
        self.assertEqual(self.meeting(other).state, "ready")
        self.run_video_at(meeting)
        self.assertEqual(meeting.state, "ready")
        self.assertEqual(len(self.zoom.ours), 2)
        self.assertEqual(self.zoom.count("POST", "/meetings"), 2)
        self.assertTrue(meeting.password and meeting.dial_in)

    def test_an_answer_that_came_too_late(self):
        session = self.book()
        self.zoom.fail(method="POST", path="/meetings", wait=1)
        with patch("odoo.addons.coaching_sessions.tools.zoom.TIMEOUT", 0.2):
            self.env["coaching.zoom.account"].search([])._get_client().check()
            self.run_video()
        meeting = self.meeting(session)
        self.assertEqual(meeting.state, "pending")
        self.run_video_at(meeting)
        self.assertEqual(meeting.state, "ready")
        self.assertEqual(len(self.zoom.ours), 1)

    def test_cancelled_after_the_answer_got_lost(self):
        """What was made without our knowing is deleted as well."""
        session = self.book()
        meeting = self.meeting(session)
        self.zoom.fail(method="POST", path="/meetings", lose=True)
        self.run_video()
        self.assertEqual(len(self.zoom.ours), 1)
        session.action_cancel()
        self.run_video()
        self.assertEqual(meeting.state, "deleted")
        self.assertFalse(self.zoom.ours)

    def test_somebody_stands_in_after_the_answer_got_lost(self):
        """What was made is looked for with the coach it was made for."""
        self.other_coach.partner_id.email = "pat@example.com"
        self.zoom.users.add("pat@example.com")
        session = self.book()
        old = self.meeting(session)
        self.zoom.fail(method="POST", path="/meetings", lose=True)
        self.run_video()
        session.action_substitute(self.other_coach.id)
        self.run_video()
        self.assertEqual(old.state, "deleted")
        [asked] = self.zoom.ours
        self.assertEqual(asked["host_email"], "pat@example.com")

    def test_deleted_when_the_credentials_are_right_again(self):
        Account = self.env["coaching.zoom.account"]
        session = self.book()
        self.run_video()
        meeting = self.meeting(session)
        Account._set_credentials(self.company, {"client_secret": "wrong-secret-1"})
        session.action_cancel()
        self.run_video()
        self.assertEqual(meeting.state, "deleted")
        self.assertIn("rejected the account", meeting.error)
        self.assertEqual(len(self.zoom.ours), 1)
        Account._set_credentials(self.company, ACCOUNT)
        self.run_video()
        self.assertEqual(meeting.state, "deleted")
        self.assertFalse(meeting.error)
        self.assertFalse(self.zoom.ours)

    def test_deleting_is_tried_again(self):
        session = self.book()
        self.run_video()
        meeting = self.meeting(session)
        session.action_cancel()
        self.zoom.fail(503, method="DELETE")
        self.run_video()
        self.assertEqual(meeting.state, "deleting")
        self.run_video_at(meeting)
        self.assertEqual(meeting.state, "deleted")
        self.assertFalse(self.zoom.ours)

    def test_nonsense_for_an_answer(self):
        for body in (None, [], {"id": 5}):
            session = self.book()
            self.zoom.fail(201, method="POST", path="/meetings", body=body)
            self.run_video()
            meeting = self.meeting(session)
            self.assertEqual(meeting.state, "pending")
            self.run_video_at(meeting)
            self.assertEqual(meeting.state, "ready")
            session.action_cancel()
            self.travel(self.now)
