from odoo import models
from odoo.exceptions import UserError

from ...tools.arguments import check_there, parse_text, without_defaults
from ...tools.links import is_link


class CoachingSession(models.Model):
    """A new or a backup link, for who can't get in by the one there is (R89)."""

    _inherit = "coaching.session"

    def action_new_video_link(self, reason=""):
        """Make another link in place of the one there is, and email it (R89).

        :param str reason: why, kept in the log
        :return: True
        :raise UserError: when the session is over or takes place without video
        :raise AccessError: unless the user is the coach or a manager
        """
        check_there(self)
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
        self._update_video_of_event()
        self._tell_video_link(self.env._("New link."), reason)

    def action_send_backup_link(self, url="", message="", dial_in=""):
        """Give the session another link or phone number, and email it (R89).

        :param str url: web address; may be left out where there is a link that stays
        :param str message: sentence for the clients
        :param str dial_in: phone numbers, one a line
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
        session._update_video_of_event()
        session._tell_video_link(self.env._("Backup link."), message, message)
        return True

    def _set_backup(self, url, dial_in):
        """Put a link that somebody pasted in the place of the one there is."""
        self.ensure_one()
        meeting = self._get_video_meeting()
        if url and not is_link(url):
            raise UserError(
                self.env._(
                    "“%(link)s” is not a valid link. Copy the whole link from the"
                    " address bar, starting with https://.",
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
            raise UserError(self.env._("Paste the link for the clients."))

    def _check_video_changeable(self):
        """Raise when nobody will use a link of this session any more."""
        self.ensure_one()
        if self.state != "scheduled" or self.stop <= self._now():
            raise UserError(
                self.env._(
                    "%(session)s is over or cancelled, so it needs no link.",
                    session=self.display_name,
                )
            )

    def _tell_video_link(self, what, reason, message=""):
        """Note who changed the link and why, and email it as soon as it is there."""
        self.ensure_one()
        self.env["coaching.session.log"]._add(
            "video", {self: " ".join(filter(None, [what, reason]))}
        )
        self.env["coaching.notification"]._queue(
            self.attendance_ids.filtered(lambda a: a.state == "scheduled"),
            "video_link",
            message,
        )
