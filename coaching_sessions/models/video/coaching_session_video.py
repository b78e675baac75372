from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.arguments import parse_text, without_defaults
from ...tools.links import is_link
from ..base.groups import COACH_GROUP
from ..calendar.coaching_session_event import SILENT
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
        string="Video of the type",
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
        compute="_compute_join",
        help="From 15 minutes before the start until the end.",
    )
    join_url = fields.Char(
        string="Video link",
        compute="_compute_join",
        help="Coaches and managers always see it, clients when they can join.",
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
                    self.env._("Only who takes part in this session can join it.")
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
                self.env._("You can join %(session)s from %(start)s on.", **values)
            )
        if not self._get_join_url():
            raise UserError(
                self.env._(
                    "%(session)s has no video link yet. Write to %(coach)s if it does"
                    " not come in time.",
                    **values,
                )
            )

    def action_new_video_link(self, reason=""):
        """Make another link in place of the one there is, and mail it (R89).

        :param str reason: why, kept in the log
        :return: True
        :raise UserError: when the session is over or takes place without video
        :raise AccessError: unless the user is the coach or a manager
        """
        reason = parse_text(self.env, reason).strip()
        for session in self:
            session._check_staff()
            # sudo: the right was checked; nobody writes meetings by hand
            without_defaults(session.sudo())._renew_video(reason)
        return True

    def _renew_video(self, reason):
        self.ensure_one()
        self._check_video_changeable()
        old = self._get_video_meeting()
        provider = self.booking_type_id.video_provider
        if provider == "none":
            provider = old.provider
        if not provider or provider == "backup":
            raise UserError(
                self.env._(
                    "“%(booking_type)s” takes place without video. Choose a service on"
                    " the booking type, or send a link of your own.",
                    booking_type=self.booking_type_id.name,
                )
            )
        with self._readable_conflicts():
            old._discard()
            old._create_for(self, provider=provider)
        self._project_video()
        self._tell_video_link(self.env._("New link."), reason)

    def action_send_backup_link(self, url="", message="", dial_in=""):
        """Give the session another link or telephone number, and mail it (R89).

        :param str url: web address; may be left out where there is a link that stays
        :param str message: sentence for the clients
        :param str dial_in: telephone numbers, one a line
        :return: True
        :raise UserError: when the session is over, or there is nothing to send
        :raise AccessError: unless the user is the coach or a manager
        """
        self.ensure_one()
        self._check_staff()
        url = parse_text(self.env, url).strip()
        message = parse_text(self.env, message).strip()
        dial_in = parse_text(self.env, dial_in).strip()
        # sudo: the right was checked; nobody writes meetings by hand
        session = without_defaults(self.sudo())
        session._check_video_changeable()
        session._set_backup(url, dial_in)
        session._project_video()
        session._tell_video_link(self.env._("Backup link."), message, message)
        return True

    def _set_backup(self, url, dial_in):
        """Put a link that somebody pasted in the place of the one there is."""
        self.ensure_one()
        meeting = self._get_video_meeting()
        if url and not is_link(url):
            raise UserError(
                self.env._(
                    "“%(link)s” is no link. Copy it from the address bar, with"
                    " https:// at its beginning.",
                    link=url,
                )
            )
        if url:
            with self._readable_conflicts():
                meeting._discard()
                meeting._create_for(
                    self, provider="backup", join_url=url, dial_in=dial_in or False
                )
        elif dial_in and meeting.state == "ready":
            meeting.dial_in = dial_in
        else:
            raise UserError(self.env._("Paste the link that the clients are to use."))

    def _check_video_changeable(self):
        """Raise when nobody will use a link of this session any more."""
        self.ensure_one()
        if self.state != "scheduled" or self.stop <= self._now():
            raise UserError(
                self.env._(
                    "%(session)s is over or cancelled: nobody needs a link for it.",
                    session=self.display_name,
                )
            )

    def _tell_video_link(self, what, reason, message=""):
        """Note who changed the link and why, and mail it as soon as it is there."""
        self.ensure_one()
        self.env["coaching.session.log"]._add(
            "video", {self: " ".join(filter(None, [what, reason]))}
        )
        self.env["coaching.notification"]._queue(
            self.attendance_ids.filtered(lambda a: a.state == "scheduled"),
            "video_link",
            message,
        )

    # === FROM THE SERVICES === #

    def _on_video_ready(self):
        """Do what waits for the link: both calendars, and the mails (R86, R87)."""
        self.ensure_one()
        self._project_video()
        self.env["coaching.notification"]._release_waiting(self)

    def _on_video_failed(self, sentence):
        """Tell coach or manager that there is no link, and let the mails go."""
        self.ensure_one()
        self.env["coaching.notification"]._queue_video_failed(self, sentence)
        self.env["coaching.notification"]._release_waiting(self)
        user = self.coach_id.user_id
        if user and user._is_internal():
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=user.id,
                summary=self.env._("No video link"),
                note=sentence,
            )

    # === CALENDAR === #

    def _project(self):
        # sudo: what a session needs on video follows from what it is
        self.env["coaching.video.meeting"].sudo()._plan(self.sudo())
        return super()._project()

    def _prepare_event_values(self):
        return {**super()._prepare_event_values(), **self._get_video_event_values()}

    def _get_video_event_values(self):
        """Return what the calendar event says about video; nothing without a meeting.

        A link that somebody typed into the calendar stays then.
        """
        meeting = self._get_video_meeting()
        if not meeting:
            return {}
        return meeting._get_provider()._get_event_values(meeting)

    def _project_video(self):
        """Make the calendar event show the link there is now."""
        self.ensure_one()
        event = self.event_id.with_context(coaching_projection=True, **SILENT)
        values = self._get_video_event_values()
        values = {name: value for name, value in values.items() if event[name] != value}
        if event and values:
            event.write(values)
            self._touch_calendar_entry()

    def _get_ics_location(self):
        return super()._get_ics_location() or self._get_video_meeting().join_url or ""

    def _get_ics_url(self):
        return super()._get_ics_url() or self._get_video_meeting().join_url or ""
