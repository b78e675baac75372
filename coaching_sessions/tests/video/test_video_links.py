from datetime import timedelta
from unittest.mock import patch

from lxml import etree

from odoo.exceptions import (
    AccessError,
    ConcurrencyError,
    UserError,
)
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .common_discuss import DiscussCommon


@tagged("post_install", "-at_install")
class TestVideoLinks(DiscussCommon):
    """New links, backup links and recordings."""

    # what the form looks at
    SEEN = (
        *("video_provider", "type_video_provider", "join_url", "recording_url"),
        *("state", "awaiting_update"),
    )

    # === NEW AND BACKUP LINKS === #

    def test_a_link_for_what_was_booked_before(self):
        """A type that changes to video leaves what is booked; New link is there."""
        self.individual.video_provider = "none"
        session = self.book().with_user(self.coach_user)
        arch = etree.fromstring(session.get_view(view_type="form")["arch"])
        (button,) = arch.xpath("//button[@string='New link']")
        (group,) = arch.xpath("//group[@name='video']")

        def shown():
            values = session.read(self.SEEN)[0]
            return not any(
                safe_eval(node.get("invisible"), dict(values))
                for node in (group, button)
            )

        self.assertFalse(shown())
        self.individual.video_provider = "discuss"
        self.assertFalse(self.meeting(session))
        self.assertTrue(shown())
        session.action_new_video_link()
        self.assertTrue(session.join_url)

    def test_a_new_link(self):  # R89
        session = self.book()
        old = self.meeting(session)
        session.event_id._create_videocall_channel()
        session.with_user(self.coach_user).action_new_video_link("Wrong people in it")
        new = self.meeting(session)
        self.assertEqual((old.state, new.state), ("deleted", "ready"))
        self.assertNotEqual(old.join_url, new.join_url)
        self.assertEqual(session.event_id.videocall_location, new.join_url)
        self.assertEqual(session.event_id.access_token, new.external_id)
        # who has the old link is not in the new call
        self.assertFalse(session.event_id.videocall_channel_id)
        self.send_mails()
        self.assertIn(new.join_url, self.body(session, "video_link"))
        log = session.log_ids[0]
        self.assertEqual((log.action, log.user_id), ("video", self.coach_user))
        self.assertIn("Wrong people in it", log.description)

    def test_a_backup_link(self):  # R89
        session = self.book()
        session.with_user(self.coach_user).action_send_backup_link(
            "https://other.example.com/room",
            message="Odoo is slow today",
            dial_in="+32 2 123 45 67",
        )
        self.assertEqual(session.join_url, "https://other.example.com/room")
        self.assertEqual(
            session.event_id.videocall_location, "https://other.example.com/room"
        )
        self.send_mails()
        body = self.body(session, "video_link")
        for part in (session.join_url, "Odoo is slow today", "+32 2 123 45 67"):
            self.assertIn(part, body)

    def test_telephone_numbers_alone(self):  # R79, R89
        session = self.book()
        url = session.join_url
        session.action_send_backup_link(dial_in="+32 2 123 45 67\n+1 555 0100")
        self.assertEqual(session.join_url, url)
        self.send_mails()
        body = self.body(session, "video_link")
        self.assertIn("+32 2 123 45 67", body)
        self.assertIn("+1 555 0100", body)

    def test_two_backup_links_at_once(self):
        """Who was a moment later is told so, or tried again: one link lives."""
        session = self.book()
        nothing_yet = patch.object(
            self.registry["coaching.session"],
            "_get_video_meeting",
            lambda session: session.env["coaching.video.meeting"],
        )
        with (
            nothing_yet,
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(ConcurrencyError, "just changed .* try again"),
        ):
            session.action_send_backup_link("https://other.example.com/room")
        session.action_send_backup_link("https://other.example.com/room")
        self.assertEqual(session.join_url, "https://other.example.com/room")

    def test_a_backup_link_for_a_session_without_video(self):
        self.individual.video_provider = "none"
        session = self.book()
        with self.assertRaises(UserError):
            session.action_new_video_link()
        with self.assertRaises(UserError):
            session.action_send_backup_link(dial_in="+32 2 123 45 67")
        session.action_send_backup_link("https://other.example.com/room")
        self.assertEqual(session.join_url, "https://other.example.com/room")

    def test_what_is_no_backup_link(self):
        session = self.book()
        for url in ("", "javascript:alert(1)", "room", 7, ["https://a.example.com"]):
            with self.subTest(url=url), self.assertRaises(UserError):
                session.action_send_backup_link(url)
        self.assertEqual(self.meeting(session).provider, "discuss")

    def test_no_new_links_for_what_is_over(self):
        session = self.book()
        self.travel(session.stop)
        with self.assertRaises(UserError):
            session.action_new_video_link()
        with self.assertRaises(UserError):
            session.action_send_backup_link("https://other.example.com/room")

    def test_only_staff_changes_links(self):
        session = self.book()
        stranger = new_test_user(
            self.env, "other_coach", "coaching_sessions.group_coaching_coach"
        )
        for user in (self.client_user, stranger):
            theirs = session.with_user(user)
            for call in (
                lambda s: s.action_new_video_link(),
                lambda s: s.action_send_backup_link("https://a.example.com"),
                lambda s: s.action_set_recording("https://a.example.com"),
                lambda s: s.action_share_recording(),
            ):
                with self.assertRaises(AccessError):
                    call(theirs)

    def test_dialogs(self):
        session = self.book().with_user(self.coach_user)
        Dialog = self.env["coaching.session.video"].with_user(self.coach_user)
        form = Form(
            Dialog.with_context(default_session_id=session.id, default_mode="backup")
        )
        form.url = "https://other.example.com/room"
        form.message = "Here"
        form.save().action_confirm()
        self.assertEqual(session.join_url, "https://other.example.com/room")
        form = Form(
            Dialog.with_context(default_session_id=session.id, default_mode="new")
        )
        form.save().action_confirm()
        self.assertIn("/calendar/join_videocall/", session.join_url)

    # === RECORDINGS === #

    def test_a_recording_by_hand(self):  # R91, R73
        session = self.book()
        with self.assertRaises(UserError):
            session.action_set_recording("https://video.example.com/rec")
        self.close(session, "completed")
        coached = session.with_user(self.coach_user)
        with self.assertRaises(UserError):
            coached.action_open_recording()
        with self.assertRaises(UserError):
            coached.action_set_recording("javascript:alert(1)")
        coached.action_set_recording("https://video.example.com/rec")
        action = coached.action_open_recording()
        self.assertEqual(action["url"], "https://video.example.com/rec")
        # the client does when it was shared
        theirs = session.with_user(self.client_user)
        theirs.invalidate_recordset()
        self.assertFalse(theirs.recording_link)
        with self.assertRaises(AccessError):
            theirs.action_open_recording()
        coached.action_share_recording()
        theirs.invalidate_recordset()
        self.assertEqual(theirs.recording_link, "https://video.example.com/rec")
        self.assertEqual(
            theirs.action_open_recording()["url"], "https://video.example.com/rec"
        )
        coached.action_share_recording()
        theirs.invalidate_recordset()
        self.assertFalse(theirs.recording_link)
        with self.assertRaises(AccessError):
            theirs.read(["recording_url"])

    # === THE DATABASE === #

    @mute_logger("odoo.sql_db")
    def test_one_link_at_a_time(self):
        """The database refuses a second one, whoever makes it."""
        meeting = self.meeting(self.book())
        with self.assertRaises(Exception), self.cr.savepoint():  # noqa: B017
            meeting._create_for(meeting.session_id)

    @mute_logger("odoo.sql_db")
    def test_history_stays(self):
        meeting = self.meeting(self.book())
        with self.assertRaises(Exception), self.cr.savepoint():  # noqa: B017
            self.env.cr.execute(
                "DELETE FROM coaching_video_meeting WHERE id = %s", [meeting.id]
            )

    def test_booking_asks_nobody(self):
        """Nothing outside of the database happens in the transaction that books."""
        for provider in ("discuss", "zoom", "fixed"):
            self.individual.video_provider = provider
            with patch("requests.Session.send") as send:
                session = self.book()
                session.action_reschedule(self.now + timedelta(days=3, hours=2))
                session.action_cancel()
            self.assertFalse(send.called)
            self.travel(self.now)
