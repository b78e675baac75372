from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.links import is_link
from ..base.groups import COACH_GROUP
from .coaching_video_meeting import LIVE_STATES

# before the start, until the end (R88)
JOIN_BEFORE = timedelta(minutes=15)


class CoachingSession(models.Model):
    """Where a session takes place on video, and who gets in when (R84-R89)."""

    _inherit = "coaching.session"

    video_meeting_ids = fields.One2many(
        comodel_name="coaching.video.meeting",
        inverse_name="session_id",
        string="Video links",
        readonly=True,
        groups=COACH_GROUP,
    )
    video_meeting_id = fields.Many2one(
        comodel_name="coaching.video.meeting",
        string="Video",
        compute="_compute_video_meeting_id",
        search="_search_video_meeting_id",
        groups=COACH_GROUP,
    )
    video_provider = fields.Selection(
        related="video_meeting_id.provider", groups=COACH_GROUP
    )
    type_video_provider = fields.Selection(
        related="booking_type_id.video_provider",
        string="Video as on the booking type",
        groups=COACH_GROUP,
    )
    video_state = fields.Selection(
        related="video_meeting_id.state",
        string="State of the video link",
        groups=COACH_GROUP,
    )
    video_error = fields.Char(
        related="video_meeting_id.error", string="What is wrong", groups=COACH_GROUP
    )
    video_password = fields.Char(
        related="video_meeting_id.password", groups=COACH_GROUP
    )
    video_dial_in = fields.Text(related="video_meeting_id.dial_in", groups=COACH_GROUP)
    video_number = fields.Char(
        string="Meeting ID", compute="_compute_video_number", groups=COACH_GROUP
    )
    can_join = fields.Boolean(
        string="Can join",
        compute="_compute_join",
        help="From 15 minutes before the start until the end.",
    )
    join_url = fields.Char(
        string="Video link",
        compute="_compute_join",
        help="Coaches and managers always see it; clients see it when they can join.",
    )

    @api.depends("video_meeting_ids.state")
    def _compute_video_meeting_id(self):
        for session in self:
            session.video_meeting_id = session._get_video_meeting()

    def _search_video_meeting_id(self, operator, value):
        live = [("state", "in", LIVE_STATES), ("id", operator, value)]
        return [("video_meeting_ids", "any", live)]

    @api.depends("video_meeting_id.external_id")
    def _compute_video_number(self):
        for session in self:
            meeting = session.video_meeting_id
            session.video_number = bool(meeting) and meeting._get_spoken_id()

    @api.depends(
        *("start", "stop", "state", "attendance_ids.state"),
        *("video_meeting_ids.state", "video_meeting_ids.join_url"),
    )
    @api.depends_context("uid")
    def _compute_join(self):
        for session in self:
            staff = session._is_staff()
            # sudo: whether there is a link; who sees it is decided here
            known = session.sudo()
            mine = staff or session._get_own_attendance().state == "scheduled"
            session.can_join = bool(
                mine and known._is_join_time() and known._get_join_url()
            )
            session.join_url = (staff or session.can_join) and known._get_join_url()

    # === BUSINESS METHODS === #

    def _get_video_meeting(self):
        """Return the meeting that counts: made, being made, or failed."""
        self.ensure_one()
        # sudo: clients do not read meetings; callers decide what they are told
        meetings = self.sudo().video_meeting_ids
        return meetings.filtered(lambda meeting: meeting.state in LIVE_STATES)[:1]

    def _get_join_url(self):
        """Return the link of the session, or one that somebody put into the calendar.

        Typed by people: what is no link must not become one.
        """
        self.ensure_one()
        url = self._get_video_meeting().join_url
        if not self.video_meeting_ids:
            url = self.event_id.videocall_location
        return url if is_link(url) else ""

    def _get_join_start(self):
        """Return the moment from which people can join (R88)."""
        self.ensure_one()
        return self.start - JOIN_BEFORE

    def _is_join_time(self):
        """Return whether people can join now: early enough, not over (R88)."""
        self.ensure_one()
        return (
            self.state == "scheduled"
            and self._get_join_start() <= self._now() < self.stop
        )

    def action_join(self):
        """Join the session on video; the coach as its host (R88).

        :return: action that opens the link in a new tab
        :raise UserError: earlier than 15 minutes before, when it is over, and while
            there is no link
        :raise AccessError: unless the user is a client of it, its coach or a manager
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: the right is checked here; clients read no meetings
        session = self.sudo()
        if not self._is_staff():
            own = self._get_own_attendance()
            if own.state != "scheduled":
                raise AccessError(
                    self.env._("Only participants of this session can join it.")
                )
        session._check_can_join()
        url = session._get_join_url()
        meeting = session._get_video_meeting()
        if meeting and session.coach_id.user_id == self.env.user:
            url = meeting._get_provider()._get_host_url(meeting)
        return {"type": "ir.actions.act_url", "url": url, "target": "new"}

    def _check_can_join(self):
        """Raise unless there is something to join now, in the order people ask."""
        self.ensure_one()
        values = {
            "session": self.name,
            "start": self._format_time(self._get_join_start()),
            "coach": self.coach_id.name,
        }
        if self.state != "scheduled" or self.stop <= self._now():
            raise UserError(self.env._("%(session)s is over.", **values))
        if not self._is_join_time():
            raise UserError(
                self.env._("You can join %(session)s from %(start)s.", **values)
            )
        if not self._get_join_url():
            raise UserError(
                self.env._(
                    "%(session)s has no video link yet. Write to %(coach)s if it"
                    " does not arrive in time.",
                    **values,
                )
            )
