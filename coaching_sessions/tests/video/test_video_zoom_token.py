from datetime import timedelta

from odoo.tests import tagged

from ...tools.zoom import parse_retry_after
from .common_video import ZoomCommon
from .zoom_server import ACCOUNT


@tagged("post_install", "-at_install")
class TestVideoZoomToken(ZoomCommon):
    """A Zoom that refuses credentials, or too many requests."""

    # === FAULTS === #

    def test_a_token_serves_many_requests(self):
        self.book()
        self.book(days=2)
        self.run_video()
        self.assertEqual(self.zoom.count("POST", "/oauth/token"), 1)
        self.book(days=3)
        self.run_video()
        self.assertEqual(self.zoom.count("POST", "/oauth/token"), 1)
        self.travel(self.now + timedelta(minutes=59))
        self.book(days=4)
        self.run_video()
        self.assertEqual(self.zoom.count("POST", "/oauth/token"), 2)
        self.assertEqual(len(self.zoom.ours), 4)

    def test_a_token_that_was_revoked(self):
        """401: one new token, the same request again."""
        self.book()
        self.run_video()
        self.zoom.tokens.clear()
        session = self.book(days=2)
        self.run_video()
        self.assertEqual(self.meeting(session).state, "ready")
        self.assertEqual(self.zoom.count("POST", "/oauth/token"), 2)

    def test_a_token_that_is_never_good(self):
        self.zoom.fail(401, path="/v2/", times=99, body={"code": 124, "message": "No"})
        session = self.book(user=self.coach_user)
        self.run_video()
        meeting = self.meeting(session)
        self.assertEqual(meeting.state, "failed")
        self.assertIn("rejected the account", meeting.error)
        self.assertLessEqual(len(self.zoom.requests), 4)

    def test_wrong_credentials_and_right_ones_again(self):
        """The coach is told at once; what failed is made when they are right."""
        Account = self.env["coaching.zoom.account"]
        Account._set_credentials(self.company, {"client_secret": "wrong-secret-1"})
        session = self.book(user=self.coach_user)
        self.run_video()
        meeting = self.meeting(session)
        self.assertEqual(meeting.state, "failed")
        self.assertIn("Invalid client_id or client_secret", meeting.error)
        self.assertNotIn("wrong-secret-1", meeting.error)
        self.assertEqual(session.activity_ids.user_id, self.coach_user)
        self.send_mails()
        self.assertIn("not ready yet", self.body(session, "booked"))
        self.assertIn(
            "rejected the account",
            self.body(session, "video_failed", self.coach.partner_id),
        )
        Account._set_credentials(self.company, ACCOUNT)
        self.run_video()
        self.assertEqual(self.meeting(session).state, "ready")
        self.send_mails()
        self.assertIn(session.join_url, self.body(session, "video_link"))

    def test_no_account(self):
        self.env["coaching.zoom.account"].search([]).unlink()
        session = self.book()
        self.run_video()
        self.assertIn("Zoom is not connected", self.meeting(session).error)
        self.assertFalse(self.zoom.requests)

    def test_the_account_of_another_company_is_not_used(self):
        account = self.env["coaching.zoom.account"].search([])
        account.company_id = self.env["res.company"].create({"name": "Other"})
        session = self.book()
        self.run_video()
        self.assertEqual(self.meeting(session).state, "failed")
        self.assertFalse(self.zoom.requests)

    def test_zoom_does_not_know_the_coach(self):
        self.coach.zoom_user = "nobody@example.com"
        session = self.book()
        self.run_video()
        self.assertIn("no user nobody@example.com", self.meeting(session).error)
        self.coach.zoom_user = False
        self.meeting(session).with_user(self.manager).action_retry()
        self.run_video()
        self.assertEqual(self.meeting(session).state, "ready")

    def test_a_coach_without_an_address(self):
        self.coach.partner_id.email = False
        session = self.book()
        self.run_video()
        self.assertIn("no email address", self.meeting(session).error)

    def test_too_many_requests(self):
        """429: not before Zoom says, however it says it."""
        session = self.book()
        meeting = self.meeting(session)
        self.zoom.fail(429, path="/v2/", headers={"Retry-After": "600"})
        self.run_video()
        self.assertEqual(meeting.state, "pending")
        self.assertEqual(meeting.next_try, self.now + timedelta(minutes=10))
        before = len(self.zoom.requests)
        self.travel(self.now + timedelta(minutes=9))
        self.run_video()
        self.assertEqual(len(self.zoom.requests), before)
        self.run_video_at(meeting)
        self.assertEqual(meeting.state, "ready")

    def test_the_limit_of_a_day(self):
        session = self.book(days=3)
        meeting = self.meeting(session)
        self.zoom.fail(
            429, path="/v2/", headers={"Retry-After": "2027-03-02T00:00:00Z"}
        )
        self.run_video()
        self.assertEqual(str(meeting.next_try), "2027-03-02 00:00:00")

    def test_the_limit_of_a_day_for_a_session_of_today(self):  # R86
        """Nobody's confirmation waits until the session is over."""
        self.zoom.fail(
            429, path="/v2/", headers={"Retry-After": "2027-03-02T00:00:00Z"}
        )
        session = self.book(days=0, hour=11, user=self.coach_user)
        self.run_video()
        self.assertEqual(self.meeting(session).state, "failed")
        self.send_mails()
        self.assertIn("not ready yet", self.body(session, "booked"))

    def test_too_many_requests_until_the_session_begins(self):
        for retry, state in (("2400", "failed"), ("600", "pending")):
            with self.subTest(retry=retry):
                self.zoom.fail(429, path="/v2/", headers={"Retry-After": retry})
                session = self.book(days=0, hour=8, minute=30)
                self.run_video()
                self.assertEqual(self.meeting(session).state, state)
                session.action_cancel()
                self.run_video()

    def test_retry_after(self):
        for text, minutes in (
            ("120", 2),
            ("2027-03-01T09:00:00Z", 60),
            ("Mon, 01 Mar 2027 08:30:00 GMT", 30),
        ):
            moment = parse_retry_after(text, self.now)
            self.assertEqual(moment, self.now + timedelta(minutes=minutes))
        for text in (None, "", "soon", "-5"):
            self.assertIsNone(parse_retry_after(text, self.now))
