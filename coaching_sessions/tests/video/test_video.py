from datetime import timedelta

from odoo.exceptions import (
    AccessError,
    UserError,
    ValidationError,
)
from odoo.tests import new_test_user, tagged

from .common_discuss import DiscussCommon


@tagged("post_install", "-at_install")
class TestVideo(DiscussCommon):
    """Links that need nobody else: Odoo Discuss and fixed ones, and joining."""

    # === LINKS === #

    def test_every_session_has_its_own_link(self):  # R84, R85
        first, second = self.book(), self.book(days=2)
        links = {first.join_url, second.join_url}
        self.assertEqual(len(links), 2)
        for session in (first, second):
            meeting = self.meeting(session)
            self.assertEqual(meeting.state, "ready")
            self.assertIn("/calendar/join_videocall/", session.join_url)
            # Odoo finds the event by it, and makes the call
            self.assertTrue(session.join_url.endswith(session.event_id.access_token))

    def test_no_link_without_video(self):
        self.individual.video_provider = "none"
        session = self.book()
        self.assertFalse(self.meeting(session))
        self.assertFalse(session.join_url)
        self.assertFalse(session.event_id.videocall_location)

    def test_link_is_in_the_mail_and_the_calendar_entry(self):  # R86, R87
        session = self.book()
        self.send_mails()
        self.assertIn(session.join_url, self.body(session, "booked"))
        self.assertIn("Odoo Discuss", self.body(session, "booked"))
        self.assertEqual(session.event_id.videocall_location, session.join_url)
        self.assertEqual(session.event_id.partner_ids, self.coach.partner_id)
        mail = self.mails(session, "booked").filtered(
            lambda mail: mail.partner_id == self.client
        )
        ics = mail._get_calendar_files()[0].replace("\r\n ", "")
        self.assertIn(f"LOCATION:{session.join_url}", ics)
        self.assertIn(f"URL:{session.join_url}", ics)
        self.assertIn(f"Join: {session.join_url}", ics)

    def test_the_link_stays_when_the_session_moves(self):
        session = self.book()
        url = session.join_url
        session.action_reschedule(self.now + timedelta(days=3, hours=2))
        # nobody has to be told: the email need not wait
        self.assertEqual(self.meeting(session).state, "ready")
        self.assertEqual(session.join_url, url)
        self.assertEqual(session.event_id.videocall_location, url)

    def test_the_link_ends_with_the_session(self):
        session = self.book()
        meeting = self.meeting(session)
        session.action_cancel()
        self.assertEqual(meeting.state, "deleted")
        self.assertFalse(session.join_url)
        self.assertFalse(session.event_id.active)

    def test_a_session_that_comes_back_has_a_link_again(self):
        """Cancelled by mistake, corrected; only while it is still to come."""
        session = self.book()
        self.travel(session.start - timedelta(hours=1))
        session.attendance_ids._close("client_late_cancel")
        self.assertFalse(self.meeting(session))
        self.travel(session.stop + timedelta(hours=1))
        session.attendance_ids.action_close("completed")
        self.assertFalse(self.meeting(session))

    def test_types_with_video_later_on(self):
        """What was booked before gets its link when it is moved; nothing is lost."""
        self.individual.video_provider = "none"
        session = self.book()
        self.individual.video_provider = "discuss"
        session.action_reschedule(self.now + timedelta(days=3, hours=2))
        self.assertTrue(session.join_url)

    def test_a_link_typed_into_the_calendar_stays(self):
        self.individual.video_provider = "none"
        session = self.book()
        session.event_id.videocall_location = "https://video.example.com/room"
        session.action_reschedule(self.now + timedelta(days=3, hours=2))
        self.assertEqual(session.join_url, "https://video.example.com/room")
        session.event_id.videocall_location = False
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE calendar_event SET videocall_location = 'javascript:alert(1)'"
            " WHERE id = %s",
            [session.event_id.id],
        )
        self.env.invalidate_all()
        self.assertFalse(session.join_url)

    def test_fixed_link(self):
        """The coach's own one, else that of the booking type."""
        self.individual.write(
            {"video_provider": "fixed", "video_url": "https://video.example.com/all"}
        )
        self.assertEqual(self.book().join_url, "https://video.example.com/all")
        self.coach.video_url = "https://video.example.com/clara"
        self.assertEqual(self.book(days=2).join_url, "https://video.example.com/clara")

    def test_fixed_link_that_nobody_entered(self):
        """The coach is told at once, the client gets an email all the same (R86)."""
        self.individual.video_provider = "fixed"
        session = self.book(user=self.coach_user)
        meeting = self.meeting(session)
        self.assertEqual(meeting.state, "failed")
        self.assertRegex(meeting.error, "Neither .* nor .* has a video link")
        self.assertEqual(session.activity_ids.user_id, self.coach_user)
        self.send_mails()
        self.assertIn("not ready yet", self.body(session, "booked"))
        self.assertIn("clara@example.com", self.body(session, "booked"))
        told = self.body(session, "video_failed", self.coach.partner_id)
        self.assertRegex(told, "Neither .* nor .* has a video link")

    def test_links_are_links(self):
        for url in ("javascript:alert(1)", "nothing", "https://", "https://a b.com"):
            with self.assertRaises(ValidationError):
                self.individual.video_url = url
            with self.assertRaises(ValidationError):
                self.coach.video_url = url

    # === JOINING === #

    def test_joining_begins_fifteen_minutes_before(self):  # R88
        session = self.book()
        start = session.start
        for user in (self.client_user, self.coach_user, self.manager):
            own = session.with_user(user)
            for moment, possible in (
                (start - timedelta(minutes=15, seconds=1), False),
                (start - timedelta(minutes=15), True),
                (start, True),
                (session.stop - timedelta(seconds=1), True),
                (session.stop, False),
            ):
                self.travel(moment)
                own.invalidate_recordset()
                with self.subTest(user=user.login, moment=moment):
                    self.assertEqual(own.can_join, possible)
                    if possible:
                        action = own.action_join()
                        self.assertEqual(action["url"], session.sudo().join_url)
                        # another tab
                        self.assertEqual(action["target"], "new")
                    else:
                        with self.assertRaises(UserError):
                            own.action_join()

    def test_clients_see_the_link_when_they_can_join(self):  # R88
        session = self.book().with_user(self.client_user)
        attendance = session.sudo().attendance_ids.with_user(self.client_user)
        self.assertFalse(session.join_url)
        self.assertFalse(attendance.join_url)
        with self.assertRaises(AccessError):
            session.read(["video_password"])
        with self.assertRaises(AccessError):
            self.env["coaching.video.meeting"].with_user(self.client_user).search([])
        self.travel(session.start)
        (session | session).invalidate_recordset()
        attendance.invalidate_recordset()
        self.assertTrue(session.join_url)
        self.assertTrue(attendance.can_join)
        self.assertEqual(attendance.action_join()["url"], session.join_url)

    def test_who_cancelled_does_not_join_the_others(self):
        """A group goes on without one client."""
        self.group_type.video_provider = "discuss"
        self._sell(self.other_client)
        session = self.book(
            booking_type_id=self.group_type.id,
            partner_ids=(self.client | self.other_client).ids,
        )
        own = session.attendance_ids.filtered(lambda a: a.partner_id == self.client)
        own._close("client_early_cancel")
        self.travel(session.start)
        self.assertTrue(self.meeting(session))
        theirs = session.with_user(self.client_user)
        theirs.invalidate_recordset()
        self.assertFalse(theirs.can_join)
        self.assertFalse(theirs.join_url)
        with self.assertRaises(AccessError):
            theirs.action_join()

    def test_nobody_else_joins(self):
        session = self.book()
        self.travel(session.start)
        stranger = new_test_user(self.env, "stranger", "base.group_user")
        for user in (stranger, self.portal_coach_user):
            with self.assertRaises(AccessError):
                session.with_user(user).action_join()

    def test_colleagues_do_not_read_the_link(self):
        session = self.book()
        colleague = new_test_user(self.env, "colleague", "base.group_user")
        event = session.event_id.with_user(colleague)
        event.invalidate_recordset()
        self.assertFalse(event.videocall_location)
        self.assertFalse(event.access_token)
