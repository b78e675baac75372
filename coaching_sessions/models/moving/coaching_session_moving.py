from odoo import models
from odoo.exceptions import UserError

from ...tools.arguments import parse_text, without_defaults


class CoachingSession(models.Model):
    """Moving one session: what is refused, in words, before anything is written."""

    _inherit = "coaching.session"

    def action_reschedule(self, start, reason="", message=""):
        """Move a session that has not begun, with its package and client (R46-R55).

        Its coach or a manager at any time; clients their own ones, with the notice that
        the booking type asks for.

        :param start: new start, naive UTC
        :param str reason: why, kept in the log
        :param str message: sentence for the client, added to the email
        :return: True
        :raise UserError: when a booking at that time would be refused or it is at that
            time already, and for a client who is too late or shares the session with
            others
        :raise AccessError: unless the user is the coach, a manager or the client
        """
        self._check_may_reschedule()
        # sudo: the right was checked; nobody writes times by hand
        session = without_defaults(self.sudo())
        session._reschedule(
            self._parse_time(start),
            parse_text(self.env, reason),
            parse_text(self.env, message),
            by_client=self._is_by_client(session.coach_id),
        )
        return True

    def _reschedule(
        self,
        start,
        reason="",
        message="",
        stop=None,
        by_client=False,
        asked_at=None,
        wanted_at=None,
    ):
        """Move the session, whoever may; see ``action_reschedule``.

        :param datetime stop: new end; as long as before by default
        :param bool by_client: at the client's own wish, and by the rules for clients
        :param datetime asked_at: when the client wanted what the coach agreed to
        :param datetime wanted_at: when the client asked for another time than the coach
            offered: it counts as the client's move, but how often and how far is up to
            the coach
        """
        self.ensure_one()
        asked_at = asked_at or (self._now() if by_client else None)
        if asked_at:
            self._check_move_limits(start)
        wanted_at = asked_at or wanted_at or self._get_wanted_at().get(self)
        self._check_to_come()
        move = self._prepare_move(
            start,
            stop,
            by_client=by_client,
            wanted_at=wanted_at,
            reason=reason,
            message=message,
        )
        if not move.changes_time:
            raise UserError(
                self.env._(
                    "%(session)s is already at %(start)s. Choose another time.",
                    session=self.display_name,
                    start=self._format_time(start),
                )
            )
        if move.stop - move.start > self.stop - self.start:
            self._check_length(self.booking_type_id, move.start, move.stop)
        self._check_booking(move.request)
        self._move(self._check_free_for([move]))

    def _check_to_come(self):
        """Raise unless the session is yet to begin."""
        self.ensure_one()
        if self.state != "scheduled" or self.start <= self._now():
            raise UserError(
                self.env._(
                    "%(session)s has begun or is closed. Only upcoming sessions can"
                    " be moved.",
                    session=self.display_name,
                )
            )
