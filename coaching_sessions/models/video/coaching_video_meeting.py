import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.database import make_undeletable
from ..session.lifecycle import BLOCKING_STATES
from .coaching_video_provider import VideoError

LIVE_STATES = ("pending", "ready", "failed")


class CoachingVideoMeeting(models.Model):
    """A session's meeting with a video service: what is wanted, and what there is.

    Booking, moving and cancelling only note here what has to be done; a cron asks the
    service after the commit (R84). One lives per session, earlier ones are kept.
    Clients do not read this: they are told through their session.
    """

    _name = "coaching.video.meeting"
    _description = "Video Meeting"
    _order = "id desc"
    _rec_name = "session_id"

    session_id = fields.Many2one(
        comodel_name="coaching.session",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, ondelete="restrict"
    )
    coach_id = fields.Many2one(
        comodel_name="coaching.coach",
        required=True,
        readonly=True,
        ondelete="restrict",
        help="The coach of the meeting; a substitute has their own meeting.",
    )
    session_start = fields.Datetime(related="session_id.start", string="When")
    provider = fields.Selection(
        selection=lambda self: self._select_provider(),
        string="Service",
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        string="Status",
        selection=[
            ("pending", "Being created"),
            ("ready", "Ready"),
            ("failed", "Failed"),
            ("deleting", "Being deleted"),
            ("deleted", "Deleted"),
        ],
        required=True,
        readonly=True,
        default="pending",
        index=True,
    )
    join_url = fields.Char(string="Link", readonly=True)
    external_id = fields.Char(string="Meeting ID", readonly=True, copy=False)
    password = fields.Char(string="Passcode", readonly=True)
    dial_in = fields.Text(string="Phone", readonly=True)
    # what the service knows, to see whether it has to be told
    known_start = fields.Datetime(string="Start at the service", readonly=True)
    known_stop = fields.Datetime(string="End at the service", readonly=True)
    host = fields.Char(
        readonly=True, help="The host of the meeting at the video service."
    )
    tag = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: f"coaching-{uuid.uuid4().hex}",
        help="Tag to find the meeting again if an answer was lost.",
    )
    asked = fields.Boolean(
        readonly=True,
        help="The service was asked to create it; it may not have answered.",
    )
    error = fields.Char(readonly=True)
    attempts = fields.Integer(required=True, readonly=True, default=0)
    next_try = fields.Datetime(string="Next try", readonly=True, index=True)

    _one_live = models.UniqueIndex(
        "(session_id) WHERE state IN ('pending', 'ready', 'failed')",
        "This session already has a video link.",
    )
    _tag_unique = models.UniqueIndex("(tag)")
    _check_ready = models.Constraint(
        "CHECK (state <> 'ready' OR join_url IS NOT NULL)",
        "A ready video link needs an address.",
    )

    def init(self):
        super().init()
        make_undeletable(self.env.cr, self._table)

    @api.model
    def _select_provider(self):
        """Return the services there are: those of booking types, and pasted links."""
        types = self.env["coaching.booking.type"]
        services = types._fields["video_provider"]._description_selection(self.env)
        services = [(code, name) for code, name in services if code != "none"]
        return [*services, ("backup", self.env._("Backup link"))]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._("Video links can't be deleted; they are kept in the history.")
        )

    # === WHAT IS WANTED === #

    @api.model
    def _plan(self, sessions):
        """Compare what sessions should have with what they have, and note the rest.

        Called with every change of a session; nothing to do costs one query.
        """
        now = sessions._now()
        gone, moved = self.browse(), self.browse()
        missing, told = sessions.browse(), sessions.browse()
        for session in sessions:
            meeting = session._get_video_meeting()
            if session.state not in BLOCKING_STATES:
                gone |= meeting
            elif meeting and meeting._is_of_another_coach():
                gone |= meeting
                missing |= session
                told |= session
            elif meeting:
                # nobody needs another link for what is over
                if session.stop > now and meeting._is_outdated():
                    moved |= meeting
            elif (
                session.booking_type_id.video_provider != "none" and session.stop > now
            ):
                missing |= session
        gone._discard()
        moved._enqueue()
        self._create_for(missing)
        for session in told:
            session._tell_video_link(self.env._("Link of another coach."), "")

    @api.model
    def _create_for(self, sessions, provider=None, **values):
        """Note that sessions need a meeting; those that need nobody are ready at once.

        :param str provider: else that of the booking type
        """
        if not sessions:
            return self.browse()
        meetings = self.create(
            [
                {
                    "session_id": session.id,
                    "company_id": session.company_id.id,
                    "coach_id": session.coach_id.id,
                    "provider": provider or session.booking_type_id.video_provider,
                    "next_try": session._now(),
                    **values,
                }
                for session in sessions
            ]
        )
        for meeting in meetings.filtered(lambda m: not m._get_provider()._is_remote()):
            meeting._create_at_once()
        if any(meeting.state == "pending" for meeting in meetings):
            self._wake_up()
        return meetings

    def _create_at_once(self):
        """Make a meeting for which nobody has to be asked."""
        self.ensure_one()
        try:
            values = self._get_provider()._create_meeting(self)
        except VideoError as error:
            self._fail(error.sentence)
        else:
            self.write({**values, "state": "ready"})

    def _is_of_another_coach(self):
        """Return whether the current coach needs a link of their own."""
        self.ensure_one()
        return (
            self.coach_id != self.session_id.coach_id
            and self._get_provider()._is_of_coach()
            and self.session_id.booking_type_id.video_provider != "none"
            and self.session_id.stop > self.session_id._now()
        )

    def _get_former_coach(self):
        """Return the coach whose meeting came before, the first time it is asked for.

        For services that keep meetings in the coach's own calendar.
        """
        self.ensure_one()
        earlier = self.session_id.video_meeting_ids - self
        former = earlier.sorted("id")[-1:].coach_id
        return former - self.coach_id if self.attempts == 1 else former.browse()

    def _is_outdated(self):
        """Return whether the service has to be told another time."""
        self.ensure_one()
        session = self.session_id
        return (
            self.state != "pending"
            and self._get_provider()._is_remote()
            and (self.known_start, self.known_stop) != (session.start, session.stop)
        )

    def _enqueue(self):
        """Have the cron make or update these."""
        if not self:
            return
        now = self.env["coaching.session"]._now()
        self.write({"state": "pending", "attempts": 0, "error": False, "next_try": now})
        self._wake_up()

    def _discard(self):
        """Drop these; what the service has of them, the cron deletes."""
        if not self:
            return
        # also what was asked for without an answer: there may be one
        remote = self.filtered(
            lambda meeting: meeting._get_provider()._is_remote()
            and (meeting.external_id or meeting.asked)
        )
        (self - remote).write({"state": "deleted", "next_try": False})
        remote.write(
            {
                "state": "deleting",
                "attempts": 0,
                "next_try": self.env["coaching.session"]._now(),
            }
        )
        # before another one is made: one lives at a time
        self.flush_recordset()
        if remote:
            self._wake_up()

    @api.model
    def _wake_up(self):
        """Have the cron run after the commit."""
        cron_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "coaching_sessions.ir_cron_video", raise_if_not_found=True
        )
        # sudo: who books or cancels has no access to crons
        self.env["ir.cron"].sudo().browse(cron_id)._trigger()

    # === WHAT THERE IS === #

    def _get_provider(self):
        self.ensure_one()
        return self.env["coaching.video.provider"]._get(self.provider)

    def _get_details(self):
        """Return what those who join need to know, as plain values (R79)."""
        self.ensure_one()
        return {
            "service": self._get_provider()._get_name(),
            "url": self.join_url or "",
            # the number to type in, where people know one
            "meeting_id": self._get_spoken_id(),
            "password": self.password or "",
            "dial_in": (self.dial_in or "").splitlines(),
        }

    def _get_spoken_id(self):
        """Return the meeting's number as people read it out, if it has one."""
        self.ensure_one()
        number = self.external_id or ""
        if not number.isdigit():
            return ""
        groups = [number[:3], number[3:-4], number[-4:]]
        return " ".join(filter(None, groups))

    def _fail(self, sentence):
        """Note that there is no link, and tell those who can do something about it."""
        self.ensure_one()
        self.write({"state": "failed", "error": sentence, "next_try": False})
        self.session_id._on_video_failed(sentence)
