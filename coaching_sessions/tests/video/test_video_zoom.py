import logging
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ...models.video.coaching_video_meeting_run import ATTEMPTS
from ...tools.zoom import ZoomClient, parse_retry_after
from .common_video import ZoomCommon
from .zoom_server import ACCOUNT

RUN = "odoo.addons.coaching_sessions.models.video.coaching_video_meeting_run"


@tagged("post_install", "-at_install")
class TestVideoZoom(ZoomCommon):
    """Meetings with a Zoom that answers as documented, and with one that does not."""

    # === BOOKED, MOVED, CANCELLED === #

    def test_booked(self):  # R79, R84, R86, R87, R90
        session = self.book(user=self.client_user)
        meeting = self.meeting(session.sudo())
        self.assertEqual(meeting.state, "pending")
        self.assertFalse(self.zoom.requests)
        # no mail without a link
        self.send_mails()
        self.assertEqual(set(self.mails(session.sudo()).mapped("state")), {"pending"})
        self.run_video()
        self.assertEqual(meeting.state, "ready")
        [asked] = self.zoom.ours
        session = session.sudo()
        self.assertEqual(asked["start_time"], "2027-03-02T09:00:00Z")
        self.assertEqual(asked["duration"], 60)
        self.assertEqual(asked["type"], 2)
        self.assertTrue(asked["settings"]["waiting_room"])
        self.assertFalse(asked["settings"]["join_before_host"])
        self.assertEqual(asked["settings"]["auto_recording"], "none")
        # who the client is, is nobody's business there
        self.assertNotIn(self.client.name, str(asked))
        self.assertEqual(session.join_url, asked["join_url"])
        self.assertEqual(session.event_id.videocall_location, asked["join_url"])
        number = str(asked["id"])
        number = f"{number[:3]} {number[3:7]} {number[7:]}"
        self.assertEqual(session.video_number, number)
        self.send_mails()
        body = self.body(session, "booked")
        for part in (
            "Zoom",
            asked["join_url"].replace("&", "&amp;"),
            number,
            "123456",
            "+32 2 290 00 00 (Brussels)",
            "+32 2 290 00 01 (US)",
        ):
            self.assertIn(part, body)
        self.assertNotIn("zak", body)

    def test_settings_of_the_type(self):  # R90
        self.individual.write({"video_waiting_room": False, "video_recording": "cloud"})
        self.coach.zoom_user = "bell@zoom.example.com"
        self.zoom.users.add("bell@zoom.example.com")
        self.book()
        self.run_video()
        [asked] = self.zoom.ours
        self.assertEqual(asked["host_email"], "bell@zoom.example.com")
        self.assertFalse(asked["settings"]["waiting_room"])
        self.assertTrue(asked["settings"]["join_before_host"])
        self.assertEqual(asked["settings"]["auto_recording"], "cloud")

    def test_moved(self):
        session = self.book()
        self.run_video()
        url = session.join_url
        self.send_mails()
        session.action_reschedule(self.now + timedelta(days=3, hours=2))
        self.assertEqual(self.meeting(session).state, "pending")
        self.assertEqual(session.join_url, url)
        self.send_mails()
        self.assertEqual(self.mails(session, "moved").mapped("state")[0], "pending")
        self.run_video()
        self.assertEqual(self.meeting(session).state, "ready")
        self.assertEqual(self.zoom.ours[0]["start_time"], "2027-03-04T10:00:00Z")
        self.assertEqual(session.join_url, url)
        self.send_mails()
        self.assertIn(url, self.body(session, "moved"))

    def test_reminders_have_the_link(self):  # R86
        """They wait for it as well."""
        session = self.book(days=3)
        self.run_video()
        self.travel(session.start - timedelta(hours=23))
        self.meeting(session)._enqueue()
        Notification = self.env["coaching.notification"]
        rows = [
            {"kind": "reminder", "attendance_id": session.attendance_ids.id},
            {"kind": "reminder_coach", "session_id": session.id},
        ]
        for row in rows:
            partner = self.client if "attendance_id" in row else self.coach.partner_id
            mail = Notification.create(
                {
                    **row,
                    "company_id": session.company_id.id,
                    "partner_id": partner.id,
                    "session_start": session.start,
                }
            )
            self.assertFalse(mail._is_due())
            self.assertIn(session.join_url, str(mail._render_video_details()))
            template = self.env.ref(mail._get_templates()[mail.kind])
            body = template._render_field("body_html", mail.ids)[mail.id]
            self.assertEqual(str(body).count(f'href="{session.join_url}"'), 2)
            self.run_video()
            self.assertTrue(mail._is_due())
            self.meeting(session)._enqueue()

    def test_moved_when_the_meeting_is_gone(self):
        """Somebody deleted it in Zoom: another one is made, and mailed."""
        session = self.book()
        self.run_video()
        old = session.join_url
        self.zoom.meetings.clear()
        session.action_reschedule(self.now + timedelta(days=3, hours=2))
        self.run_video()
        self.assertEqual(self.meeting(session).state, "ready")
        self.assertEqual(len(self.zoom.ours), 1)
        self.assertNotEqual(session.join_url, old)
        self.assertEqual(session.event_id.videocall_location, session.join_url)
        self.send_mails()
        self.assertIn(session.join_url, self.body(session, "moved"))

    def test_moved_when_it_can_not_be_changed(self):
        session = self.book()
        self.run_video()
        old = self.meeting(session)
        self.zoom.fail(400, method="PATCH", body={"code": 300, "message": "No."})
        session.action_reschedule(self.now + timedelta(days=3, hours=2))
        self.run_video()
        self.assertEqual(old.state, "deleted")
        [asked] = self.zoom.ours
        self.assertEqual(asked["start_time"], "2027-03-04T10:00:00Z")
        self.assertEqual(session.join_url, asked["join_url"])

    def test_moved_twice_before_it_was_made(self):
        session = self.book()
        for days in (3, 4):
            session.action_reschedule(self.now + timedelta(days=days, hours=2))
        self.run_video()
        [asked] = self.zoom.ours
        self.assertEqual(asked["start_time"], "2027-03-05T10:00:00Z")
        self.assertFalse(self.zoom.count("PATCH"))

    def test_moved_while_it_was_being_made(self):
        session = self.book()
        create = ZoomClient.create_meeting

        def move(client, *args):
            answer = create(client, *args)
            session.action_reschedule(self.now + timedelta(days=3, hours=2))
            return answer

        with patch.object(ZoomClient, "create_meeting", move):
            self.run_video()
        self.run_video()
        self.assertEqual(self.meeting(session).state, "ready")
        self.assertEqual(self.zoom.ours[0]["start_time"], "2027-03-04T10:00:00Z")

    def test_cancelled(self):
        session = self.book()
        self.run_video()
        meeting = self.meeting(session)
        session.action_cancel()
        self.assertEqual(meeting.state, "deleting")
        self.assertEqual(len(self.zoom.ours), 1)
        self.run_video()
        self.assertEqual(meeting.state, "deleted")
        self.assertFalse(self.zoom.ours)

    def test_cancelled_before_it_was_made(self):
        session = self.book()
        session.action_cancel()
        self.run_video()
        self.assertFalse(self.zoom.requests)

    def test_cancelled_while_it_was_being_made(self):
        session = self.book()
        meeting = self.meeting(session)
        create = ZoomClient.create_meeting

        def cancel(client, *args):
            answer = create(client, *args)
            session.action_cancel()
            return answer

        with patch.object(ZoomClient, "create_meeting", cancel):
            self.run_video()
        self.run_video()
        self.assertEqual(meeting.state, "deleted")
        self.assertFalse(self.zoom.ours)

    def test_cancelled_and_gone_already(self):
        session = self.book()
        self.run_video()
        meeting = self.meeting(session)
        self.zoom.meetings.clear()
        session.action_cancel()
        self.run_video()
        self.assertEqual(meeting.state, "deleted")
        self.assertFalse(meeting.error)

    def test_a_new_link(self):  # R89
        session = self.book()
        self.run_video()
        old = session.join_url
        self.send_mails()
        session.action_new_video_link("Strangers in it")
        # the old one is not in the calendar any more
        self.assertFalse(session.event_id.videocall_location)
        self.send_mails()
        self.assertEqual(self.mails(session, "video_link")[0].state, "pending")
        self.run_video()
        self.assertEqual(len(self.zoom.ours), 1)
        self.assertNotEqual(session.join_url, old)
        self.send_mails()
        self.assertIn(session.join_url, self.body(session, "video_link"))

    def test_a_backup_link_while_zoom_is_down(self):  # R89
        self.zoom.fail(503, times=99)
        session = self.book()
        self.run_video()
        session.action_send_backup_link("https://other.example.com/room")
        self.send_mails()
        for kind in ("booked", "video_link"):
            self.assertIn("https://other.example.com/room", self.body(session, kind))

    def test_who_stands_in_has_a_link_of_his_own(self):
        """Nobody can start the meeting of a coach who is ill; clients are told."""
        self.other_coach.partner_id.email = "pat@example.com"
        self.zoom.users.add("pat@example.com")
        session = self.book()
        self.run_video()
        old = session.join_url
        session.action_substitute(self.other_coach.id)
        self.run_video()
        [asked] = self.zoom.ours
        self.assertEqual(asked["host_email"], "pat@example.com")
        self.assertNotEqual(session.join_url, old)
        self.assertEqual(session.event_id.videocall_location, session.join_url)
        self.send_mails()
        self.assertIn(session.join_url, self.body(session, "video_link"))
        # a call in Odoo is nobody's: that link stays
        self.individual.video_provider = "discuss"
        session = self.book(days=2)
        old = session.join_url
        session.action_substitute(self.other_coach.id)
        self.assertEqual(session.join_url, old)
        self.assertFalse(self.mails(session, "video_link"))

    def test_the_coach_is_the_host(self):
        """His link is fetched when he joins: Zoom's expires after two hours."""
        session = self.book()
        self.run_video()
        self.travel(session.start)
        self.assertIn("zak=", session.with_user(self.coach_user).action_join()["url"])
        for user in (self.manager, self.client_user):
            self.assertEqual(
                session.with_user(user).action_join()["url"], session.join_url
            )
        # without an answer he has the link that all have
        self.zoom.fail(503)
        self.assertEqual(
            session.with_user(self.coach_user).action_join()["url"], session.join_url
        )
        stored = self.env["coaching.video.meeting"].search([]).read()
        self.assertNotIn("zak=", str(stored))

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
        self.assertIn("does not accept the account", meeting.error)
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
            "does not accept",
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
        self.assertIn("no mail address", self.meeting(session).error)

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
        """Nobody waits for a mail until the session is over."""
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
        self.assertIn("does not accept", meeting.error)
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

    @mute_logger(RUN)
    def test_one_failure_stops_no_other(self):
        first, second = self.book(), self.book(days=2)
        create = ZoomClient.create_meeting

        def fail(client, user, values):
            if first.name in values["topic"]:
                raise ValueError("boom")
            return create(client, user, values)

        with patch.object(ZoomClient, "create_meeting", fail):
            self.run_video()
        self.assertEqual(self.meeting(first).state, "pending")
        self.assertEqual(self.meeting(second).state, "ready")
        self.assertNotIn("boom", self.meeting(first).error)

    @mute_logger(RUN)
    def test_an_answer_that_can_not_be_kept_stops_no_other(self):
        first, second = self.book(), self.book(days=2)
        Meeting = self.env.registry["coaching.video.meeting"]
        settle = Meeting._settle_made

        def fail(meeting, values):
            if meeting.session_id == first:
                raise ValueError("boom")
            return settle(meeting, values)

        with (
            patch.object(Meeting, "_settle_made", fail),
            patch.object(self.env.cr, "rollback") as rollback,
        ):
            self.run_video()
        rollback.assert_called_once()
        meeting = self.meeting(first)
        self.assertEqual(meeting.state, "pending")
        self.assertIn("unexpected", meeting.error)
        self.assertEqual(self.meeting(second).state, "ready")
        # what was made is found again
        self.run_video_at(meeting)
        self.assertEqual(meeting.state, "ready")
        self.assertEqual(len(self.zoom.ours), 2)

    @mute_logger(RUN)
    def test_an_error_that_can_not_be_kept_stops_no_other(self):
        self.zoom.fail(500, path="/meetings")
        first, second = self.book(), self.book(days=2)
        Meeting = self.env.registry["coaching.video.meeting"]
        with (
            patch.object(Meeting, "_settle_error", side_effect=ValueError("boom")),
            patch.object(self.env.cr, "rollback"),
        ):
            self.run_video()
        self.assertEqual(self.meeting(first).state, "pending")
        self.assertGreater(self.meeting(first).next_try, self.now)
        self.assertEqual(self.meeting(second).state, "ready")

    def test_a_service_that_was_uninstalled(self):
        first, second = self.book(), self.book(days=2)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE coaching_video_meeting SET provider = 'gone' WHERE id = %s",
            [self.meeting(first).id],
        )
        self.env.invalidate_all()
        self.run_video()
        meeting = self.meeting(first)
        self.assertEqual(meeting.state, "failed")
        self.assertIn("no longer installed", meeting.error)
        self.assertEqual(self.meeting(second).state, "ready")

    def test_none_is_taken_without_time_to_ask(self):
        meetings = [self.meeting(self.book(days=days)) for days in (1, 2)]
        cron = self.env.registry["ir.cron"]

        def commit(self, processed=0, **kwargs):
            return 0.0 if processed else 60.0

        with patch.object(cron, "_commit_progress", commit):
            self.env["coaching.video.meeting"]._cron_run()
        self.assertEqual([meeting.state for meeting in meetings], ["ready", "pending"])
        self.assertEqual(meetings[1].attempts, 0)

    def test_no_link_for_what_is_over(self):
        """Closing a session does not ask for the link that it never had."""
        self.coach.zoom_user = "nobody@example.com"
        session = self.book()
        self.run_video()
        meeting = self.meeting(session)
        self.assertEqual(meeting.state, "failed")
        before = len(self.zoom.requests)
        self.travel(session.stop + timedelta(minutes=5))
        self.env["coaching.video.meeting"]._plan(session)
        self.close(session, "completed")
        self.run_video()
        self.assertEqual(meeting.state, "failed")
        self.assertEqual(len(self.zoom.requests), before)

    def test_one_transaction_a_meeting(self):
        """What is done is kept, whatever happens to the next one."""
        sessions = [self.book(days=days) for days in (1, 2, 3)]
        meetings = [self.meeting(session) for session in sessions]
        commits = []
        cron = self.env.registry["ir.cron"]

        def commit(self, processed=0, **kwargs):
            states = [meeting.state for meeting in meetings]
            commits.append((processed, states.count("ready")))
            return 60.0

        with patch.object(cron, "_commit_progress", commit):
            self.env["coaching.video.meeting"]._cron_run()
        self.assertEqual([count for done, count in commits if done], [1, 2, 3])

    def test_one_at_a_time(self):
        """Whatever way the database finds it: a second one would lose its turn."""
        for days in (1, 2, 3):
            self.book(days=days)
        Meeting = self.env["coaching.video.meeting"]
        self.env.flush_all()
        self.env.cr.execute(
            "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"
        )
        taken = [Meeting._take_next()[0] for _number in range(4)]
        self.assertEqual(len(set(taken)), 4)
        self.assertFalse(taken[3])
        meetings = Meeting.search([("state", "=", "pending")])
        meetings.invalidate_recordset()
        self.assertEqual(meetings.mapped("attempts"), [1, 1, 1])

    def test_the_cron_comes_back(self):
        cron = self.env.ref("coaching_sessions.ir_cron_video")
        self.zoom.fail(503, path="/v2/")
        self.env["ir.cron.trigger"].search([]).unlink()
        session = self.book()
        self.run_video()
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertIn(self.meeting(session).next_try, triggers.mapped("call_at"))

    # === RECORDINGS === #

    def test_recording_in_the_cloud(self):  # R90, R91
        self.individual.video_recording = "cloud"
        session = self.book()
        self.run_video()
        [asked] = self.zoom.ours
        self.travel(session.stop + timedelta(minutes=20))
        self.run_cron("coaching.session", "_cron_find_recordings")
        self.assertFalse(session.recording_url)
        self.zoom.recordings[asked["id"]] = {
            "share_url": "https://example.zoom.us/rec/share/abc",
            "recording_play_passcode": "xyz",
            "recording_files": [],
        }
        # not more often than every hour
        before = len(self.zoom.requests)
        self.run_cron("coaching.session", "_cron_find_recordings")
        self.assertEqual(len(self.zoom.requests), before)
        self.travel(session.stop + timedelta(hours=2))
        session.attendance_ids.action_close("completed")
        self.run_cron("coaching.session", "_cron_find_recordings")
        url = "https://example.zoom.us/rec/share/abc?pwd=xyz"
        coached = session.with_user(self.coach_user)
        coached.invalidate_recordset()
        self.assertEqual(coached.recording_link, url)
        self.assertEqual(coached.action_open_recording()["url"], url)
        theirs = session.with_user(self.client_user)
        theirs.invalidate_recordset()
        self.assertFalse(theirs.recording_link)

    def test_recordings_that_clients_see(self):  # R91
        self.individual.write(
            {"video_recording": "cloud", "video_share_recording": True}
        )
        session = self.book()
        self.run_video()
        [asked] = self.zoom.ours
        self.zoom.recordings[asked["id"]] = {"share_url": "https://a.example.com/r"}
        self.travel(session.stop + timedelta(hours=2))
        self.run_cron("coaching.session", "_cron_find_recordings")
        theirs = session.with_user(self.client_user)
        theirs.invalidate_recordset()
        self.assertEqual(theirs.recording_link, "https://a.example.com/r")

    def test_recordings_are_not_looked_for_for_ever(self):
        self.individual.video_recording = "cloud"
        session = self.book()
        self.run_video()
        before = len(self.zoom.requests)
        self.travel(session.stop + timedelta(days=5))
        self.run_cron("coaching.session", "_cron_find_recordings")
        self.assertEqual(len(self.zoom.requests), before)

    # === SECRETS === #

    def test_secrets_are_in_no_log_and_no_error(self):
        secrets = [ACCOUNT["client_secret"], "token-"]
        lines = []
        handler = logging.Handler()
        handler.emit = lambda record: lines.append(record.getMessage())
        for name in ("", "odoo", "odoo.addons.coaching_sessions", "urllib3"):
            logger = logging.getLogger(name)
            level = logger.level
            logger.addHandler(handler)
            logger.setLevel(logging.DEBUG)
            self.addCleanup(logger.setLevel, level)
            self.addCleanup(logger.removeHandler, handler)
        # also where Zoom, or something between, sends them back
        echo = {"message": f"{ACCOUNT['client_secret']} {ACCOUNT['account_id']}"}
        for number, fault in enumerate(
            ({"status": 400}, {"status": 500}, {"status": 401}, {"lose": True}), 1
        ):
            self.zoom.faults.clear()
            self.zoom.fail(times=99, body=echo, **fault)
            self.book(days=number)
            self.env["coaching.zoom.account"].search([]).token = False
            self.run_video()
        errors = self.env["coaching.video.meeting"].search([]).mapped("error")
        self.assertGreaterEqual(len(list(filter(None, errors))), 4)
        # the ORM's own lines show what it writes: at a level nobody runs with
        lines = [line for line in lines if "coaching_zoom_account" not in line]
        text = "\n".join([*lines, *filter(None, errors)])
        for told in ("Zoom was not reached", "Zoom answered 500", "POST /oauth/token"):
            self.assertIn(told, text)
        for secret in secrets:
            self.assertNotIn(secret, text)
        self.assertNotIn(ACCOUNT["account_id"], text)

    def test_nobody_reads_the_secrets(self):
        account = self.env["coaching.zoom.account"].search([])
        self.run_video()
        admin = self.env.ref("base.user_admin")
        for user in (admin, self.manager, self.coach_user):
            theirs = account.with_user(user)
            theirs.invalidate_recordset()
            for name in (*ACCOUNT, "token"):
                with self.subTest(user=user.login, field=name):
                    with self.assertRaises(AccessError):
                        theirs.read([name])
                    with self.assertRaises(AccessError):
                        theirs.search([(name, "!=", False)])
            with self.assertRaises(AccessError):
                theirs.write({"client_secret": "x"})
        with self.assertRaises(AccessError):
            account.with_user(self.manager).read(["company_id"])

    # === SETTINGS === #

    def test_settings(self):
        admin = new_test_user(
            self.env,
            "an_admin",
            "base.group_system,coaching_sessions.group_coaching_manager",
        )
        self.env["coaching.zoom.account"].search([]).unlink()
        Settings = self.env["res.config.settings"].with_user(admin)
        settings = Settings.create({})
        self.assertFalse(settings.coaching_zoom_connected)
        action = settings.action_test_coaching_zoom()
        self.assertEqual(action["params"]["type"], "warning")
        with Form(Settings) as form:
            form.coaching_zoom_account_id = ACCOUNT["account_id"]
            form.coaching_zoom_client_id = ACCOUNT["client_id"]
            form.coaching_zoom_client_secret = ACCOUNT["client_secret"]
        action = form.record.action_test_coaching_zoom()
        self.assertEqual(action["params"]["type"], "success")
        self.env.flush_all()
        self.env.cr.execute("SELECT to_jsonb(t)::text FROM res_config_settings t")
        self.assertNotIn(ACCOUNT["client_secret"], str(self.env.cr.fetchall()))
        self.env.invalidate_all()
        # shown as entered, never read; left empty it stays
        settings = Settings.create({})
        self.assertTrue(settings.coaching_zoom_connected)
        self.assertFalse(settings.coaching_zoom_client_secret)
        settings.execute()
        account = self.env["coaching.zoom.account"]._get_for(self.company)
        self.assertEqual(account.client_secret, ACCOUNT["client_secret"])
        with Form(Settings) as form:
            form.coaching_zoom_client_secret = "wrong-secret-2"
        action = form.record.action_test_coaching_zoom()
        self.assertEqual(action["params"]["type"], "danger")
        self.assertNotIn("wrong-secret-2", action["params"]["message"])
        self.zoom.fail(503)
        action = form.record.action_test_coaching_zoom()
        self.assertEqual(action["params"]["type"], "danger")
