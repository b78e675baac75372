from urllib.parse import urlsplit

from odoo.tests import common as odoo_common

from ..common import CoachingCommon
from .zoom_server import ACCOUNT, ZoomServer


class VideoCommon(CoachingCommon):
    """Sessions on video; what other booking types do is left out of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["coaching.booking.type"].search([]).video_provider = "none"
        cls.env["coaching.notification"].search([("state", "=", "pending")]).write(
            {"state": "skipped"}
        )
        cls.env["coaching.video.meeting"].search(
            [("state", "in", ("pending", "deleting"))]
        ).write({"state": "deleted"})
        cls.coach.partner_id.email = "clara@example.com"
        cls.client.email = "anna@example.com"

    def meeting(self, session):
        """Return the session's meeting that counts."""
        session.invalidate_recordset()
        return session._get_video_meeting()

    def mails(self, session, kind=None):
        domain = [
            "|",
            ("attendance_id", "in", session.attendance_ids.ids),
            ("session_id", "=", session.id),
        ]
        found = self.env["coaching.notification"].search(domain)
        return found.filtered(lambda mail: kind in (None, mail.kind))

    def send_mails(self):
        """Run the cron that sends emails."""
        self.run_cron("coaching.notification", "_cron_send")

    def body(self, session, kind, partner=None):
        """Return what was sent, as HTML."""
        mail = self.mails(session, kind).filtered(
            lambda mail: mail.partner_id == (partner or self.client)
        )
        return str(mail.mail_id.body_html or "")


class ZoomCommon(VideoCommon):
    """The same with an account at a Zoom on this machine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.zoom = ZoomServer({"clara@example.com"})
        cls.addClassCleanup(cls.zoom.close)
        parameters = cls.env["ir.config_parameter"]
        parameters.set_param("coaching_sessions.zoom_api_url", cls.zoom.api_url)
        parameters.set_param("coaching_sessions.zoom_oauth_url", cls.zoom.oauth_url)
        cls.env["coaching.zoom.account"]._set_credentials(cls.company, ACCOUNT)
        cls.individual.video_provider = "zoom"

    @classmethod
    def _request_handler(cls, session, request, /, **kwargs):
        if urlsplit(request.url).hostname == "127.0.0.1":
            # Odoo's own would let it wait for ten seconds at least
            return odoo_common._super_send(session, request, **kwargs)
        return super()._request_handler(session, request, **kwargs)

    def setUp(self):
        super().setUp()
        self.zoom.meetings.clear()
        self.zoom.recordings.clear()
        self.zoom.requests.clear()
        self.zoom.faults.clear()

    def run_video(self):
        """Run the cron that talks to the services."""
        self.run_cron("coaching.video.meeting", "_cron_run")

    def run_video_at(self, meeting):
        """Run it when the meeting's next attempt is due."""
        self.travel(meeting.next_try)
        self.run_video()
