import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.arguments import check_there, parse_text
from ...tools.links import is_link
from ..base.groups import COACH_GROUP
from .coaching_video_provider import VideoError

_logger = logging.getLogger(__name__)

# services need hours to prepare what was recorded; later than that nothing comes
LOOK_FOR = timedelta(days=4)
LOOK_EVERY = timedelta(hours=1)


class CoachingSession(models.Model):
    """What was recorded, for the coach and those it is shared with (R91)."""

    _inherit = "coaching.session"

    recording_url = fields.Char(
        string="Recording", readonly=True, copy=False, groups=COACH_GROUP
    )
    recording_shared = fields.Boolean(
        string="Shared with clients", readonly=True, copy=False, groups=COACH_GROUP
    )
    recording_looked_at = fields.Datetime(
        string="Recording last checked", readonly=True, copy=False, groups=COACH_GROUP
    )
    recording_link = fields.Char(
        string="Recording link",
        compute="_compute_recording_link",
        help="The recording, for those who may see it.",
    )

    # what may still be recorded is little; everything else lies outside of it
    _recording_index = models.Index("(stop) WHERE recording_url IS NULL")

    @api.depends_context("uid")
    def _compute_recording_link(self):
        for session in self:
            staff = session._is_staff()
            # sudo: clients read no recordings but those that were shared with them
            known = session.sudo()
            own = session._get_own_attendance()
            shared = known.recording_shared and own._is_blocking() if own else False
            session.recording_link = (staff or shared) and known.recording_url

    def action_set_recording(self, url="", shared=None):
        """Keep where the recording of a session is, and whether clients see it (R91).

        :param str url: web address; empty takes it away
        :param shared: True or False; None leaves it as it is
        :return: True
        :raise UserError: for a session to come, and for what is no link
        :raise AccessError: unless the user is the coach or a manager
        """
        self.ensure_one()
        self._check_staff()
        url = parse_text(self.env, url).strip()
        # sudo: the right was checked; nobody writes sessions by hand
        session = self.sudo()
        if session.start > session._now():
            raise UserError(
                self.env._(
                    "%(session)s has not begun, so it has no recording.",
                    session=session.display_name,
                )
            )
        if url and not is_link(url):
            raise UserError(
                self.env._(
                    "“%(link)s” is not a valid link. Copy the whole link from the"
                    " address bar, starting with https://.",
                    link=url,
                )
            )
        session.recording_url = url or False
        if shared is not None:
            session.recording_shared = bool(shared)
        session._log_recording()
        return True

    def _log_recording(self):
        self.ensure_one()
        if not self.recording_url:
            sentence = self.env._("Recording removed.")
        elif self.recording_shared:
            sentence = self.env._("Recording linked and shared with the clients.")
        else:
            sentence = self.env._("Recording linked (for the coach only).")
        self.env["coaching.session.log"]._add("video", {self: sentence})

    def action_share_recording(self):
        """Let the clients see the recording, or not any more (R91).

        :return: True
        :raise AccessError: unless the user is the coach or a manager
        """
        check_there(self)
        for session in self:
            session._check_staff()
            # sudo: the right was checked
            known = session.sudo()
            if known.recording_url:
                known.recording_shared = not known.recording_shared
                known._log_recording()
        return True

    def action_open_recording(self):
        """Open the recording in a new tab (R73, R91).

        :raise UserError: when there is none
        :raise AccessError: for a client with whom it was not shared
        """
        self.ensure_one()
        self.check_access("read")
        url = self.recording_link
        if not url and not self._is_staff():
            raise AccessError(self.env._("No recording has been shared with you."))
        if not url:
            raise UserError(
                self.env._("There is no recording yet. You can paste a link.")
            )
        return {"type": "ir.actions.act_url", "url": url, "target": "new"}

    @api.model
    def _cron_find_recordings(self, limit=50):
        """Ask the services for recordings of sessions that ended.

        :param int limit: sessions of one run; the cron comes back for the rest
        """
        now = self._now()
        domain = [
            ("stop", "<=", now),
            ("stop", ">", now - LOOK_FOR),
            ("recording_url", "=", False),
            ("booking_type_id.video_recording", "=", "cloud"),
            ("video_meeting_ids", "any", [("state", "=", "ready")]),
            "|",
            ("recording_looked_at", "=", False),
            ("recording_looked_at", "<=", now - LOOK_EVERY),
        ]
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(domain))
        for session in self.search(domain, order="stop, id", limit=limit):
            session._look_for_recording()
            if not cron._commit_progress(1):
                break

    def _look_for_recording(self):
        self.ensure_one()
        self.recording_looked_at = self._now()
        meeting = self._get_video_meeting()
        try:
            with self.env.cr.savepoint():
                url = meeting._get_provider()._get_recording(meeting)
        except VideoError as error:
            _logger.info("Recording of session %s: %s", self.id, error.sentence)
            return
        except Exception:  # one session must not stop the others' recordings
            _logger.exception("Recording of session %s failed", self.id)
            return
        if is_link(url):
            self.write(
                {
                    "recording_url": url,
                    "recording_shared": self.booking_type_id.video_share_recording,
                }
            )
            self._log_recording()
