from datetime import timedelta

from odoo.tests import tagged

from ..common import SESSIONS, PortalCommon


@tagged("post_install", "-at_install")
class TestPortalVideo(PortalCommon):
    """A client joins on video, and watches the recording."""

    def test_joining(self):  # R69, R88
        """The button is there from 15 minutes before the start until the end."""
        self.individual.video_provider = "discuss"
        session = self.book(days=0, hour=10)
        link = f"//a[@href='{session.join_url}']"
        self.login(self.client_user)
        for moment, expected in (
            (session.start - timedelta(minutes=15, seconds=1), False),
            (session.start - timedelta(minutes=14, seconds=59), True),
            (session.stop - timedelta(seconds=1), True),
            (session.stop, False),
        ):
            self.travel(moment)
            for path in (SESSIONS, f"{SESSIONS}/{session.id}"):
                with self.subTest(moment=moment, path=path):
                    found = self.find(self.open(path), link)
                    self.assertEqual(bool(found), expected)
                    for button in found:
                        self.assertEqual(button.get("target"), "_blank")
                        self.assertIn("noopener", button.get("rel"))

    def test_from_when_on_he_can_join(self):  # R88
        self.individual.video_provider = "discuss"
        session = self.book(days=0, hour=10)
        self.login(self.client_user)
        text = self.text(self.open(f"{SESSIONS}/{session.id}"))
        self.assertIn("This is a video session", text)
        self.assertIn("9:45", text)
        # the link itself is in no page before
        for path in (SESSIONS, f"{SESSIONS}/{session.id}"):
            self.assertNotIn("join_videocall", self.url_open(path).text)

    def test_details_for_joining(self):  # R79
        session = self.book(days=0, hour=10)
        session.action_send_backup_link(
            "https://video.example.com/room", dial_in="+32 2 123 45 67"
        )
        self.travel(session.start)
        self.login(self.client_user)
        tree = self.open(f"{SESSIONS}/{session.id}")
        self.assertTrue(self.find(tree, "//a[@href='https://video.example.com/room']"))
        self.assertIn("+32 2 123 45 67", self.text(tree))

    def test_recording(self):  # R73, R91
        """The client watches what the coach shares."""
        session = self.book(days=0, hour=10)
        self.close(session, "completed")
        session.action_set_recording("https://video.example.com/rec")
        self.login(self.client_user)
        link = "//a[@href='https://video.example.com/rec']"
        path = f"{SESSIONS}/{session.id}"
        self.assertFalse(self.find(self.open(path), link))
        session.action_share_recording()
        self.assertTrue(self.find(self.open(path), link))
