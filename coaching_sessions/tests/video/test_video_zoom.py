from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ...tools.zoom import ZoomClient
from .common_video import ZoomCommon


@tagged("post_install", "-at_install")
class TestVideoZoom(ZoomCommon):
    """Meetings with a Zoom that answers as documented."""

    # === BOOKED, MOVED, CANCELLED === #

    def test_booked(self):  # R79, R84, R86, R87, R90
        session = self.book(user=self.client_user)
        meeting = self.meeting(session.sudo())
        self.assertEqual(meeting.state, "pending")
        self.assertFalse(self.zoom.requests)
        # no email without a link
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

    def test_a_substitute_has_their_own_link(self):
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
        """The host's link is fetched on joining: Zoom's expires after two hours."""
        session = self.book()
        self.run_video()
        self.travel(session.start)
        self.assertIn("zak=", session.with_user(self.coach_user).action_join()["url"])
        for user in (self.manager, self.client_user):
            self.assertEqual(
                session.with_user(user).action_join()["url"], session.join_url
            )
        # without an answer the host has the link that all have
        self.zoom.fail(503)
        self.assertEqual(
            session.with_user(self.coach_user).action_join()["url"], session.join_url
        )
        stored = self.env["coaching.video.meeting"].search([]).read()
        self.assertNotIn("zak=", str(stored))
