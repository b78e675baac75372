from datetime import datetime, timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.local_time import to_local, to_utc
from ...tools.notice import get_deadline, is_early
from ..base.groups import MANAGER_GROUP

# what a drag in the calendar changes
DRAGGED = {"start", "stop"}


class CoachingSession(models.Model):
    """How often and how far a session is moved, and whose notice counts (R46-R55)."""

    _inherit = "coaching.session"

    first_start = fields.Datetime(
        string="First booked for",
        readonly=True,
        copy=False,
        help="Before the move.",
    )
    move_count = fields.Integer(
        string="Moved by the client", readonly=True, copy=False, default=0
    )

    def write(self, vals):
        """Take a drag in the calendar for what it is: moving the session (R102)."""
        if self.env.su or not vals or not set(vals) <= DRAGGED:
            return super().write(vals)
        for session in self:
            start = self._parse_time(vals.get("start", session.start))
            length = session.stop - session.start
            stop = self._parse_time(vals.get("stop", start + length))
            session._drag(start, stop)
        return True

    def _on_event_moved(self, start, stop):
        result = super()._on_event_moved(start, stop)
        self._drag(start, stop)
        return result

    def _drag(self, start, stop):
        """Move a session as in a calendar, where its length may change as well.

        :param datetime start: naive UTC
        :param datetime stop: naive UTC
        :raise AccessError: unless the user is its coach or a manager
        """
        self.ensure_one()
        self._check_staff()
        # sudo: the right was checked; also of who only sees that it is busy
        session = self.sudo()
        if (start, stop) == (session.start, session.stop):
            # dropped where it was taken from
            return
        self._check_staff_may_move()
        longer = stop - start != session.stop - session.start
        if longer and not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(
                self.env._("Only a manager can change how long a session is.")
            )
        session._reschedule(start, stop=stop)

    # === NOTICE === #

    def _prepare_move_values(self, move):
        values = super()._prepare_move_values(move)
        if move.start == move.old_start:
            # as long as it begins when it did it is where it was
            return values
        if not self.first_start:
            values["first_start"] = move.old_start
        if move.wanted_at:
            values["move_count"] = self.move_count + 1
            if not self._is_early(move.wanted_at):
                values["notice_start"] = self._get_notice_start()
        return values

    def _get_wanted_at(self):
        """Return since when clients want other times for these sessions; a hook.

        What staff moves then counts as moved by the client.

        :return: dict of session → naive UTC, of those who asked and have no answer
        """
        return {}

    # === RULES === #

    def _check_may_reschedule(self):
        result = super()._check_may_reschedule()
        if self._is_staff():
            self._check_staff_may_move()
        return result

    def _check_staff_may_move(self):
        """Raise when a coach is bound by the notice of the booking type (rank 11).

        Managers never are, nor is what runs by itself.
        """
        self.ensure_one()
        if self.env.su or self.env.user.has_group(MANAGER_GROUP):
            return
        # sudo: the terms of the coach's own session
        session = self.sudo()
        booking_type = session.booking_type_id
        hours, now = booking_type.staff_notice_hours, session._now()
        mode = booking_type.staff_reschedule
        early = is_early(now, session.start, hours)
        if mode == "free" or early or session.start <= now:
            return
        values = {
            "session": session.display_name,
            "deadline": self._format_time(get_deadline(session.start, hours)),
        }
        if mode == "ask":
            raise UserError(
                self.env._(
                    "%(session)s could be moved until %(deadline)s. Now the client"
                    " decides: offer other times.",
                    **values,
                )
            )
        raise UserError(
            self.env._(
                "%(session)s could be moved until %(deadline)s. You can still hold"
                " or cancel it; only a manager can move it.",
                **values,
            )
        )

    def _get_move_window(self):
        first, last = super()._get_move_window()
        booking_type = self.booking_type_id
        if booking_type.max_moves and self.move_count >= booking_type.max_moves:
            return datetime.max, datetime.min
        if not booking_type.max_move_days:
            return first, last
        tz, days = self.coach_id.tz, timedelta(days=booking_type.max_move_days)
        booked = to_local(self.first_start or self.start, tz)
        midnight = booked.replace(hour=0, minute=0, second=0)
        return (
            max(first, to_utc(midnight - days, tz)),
            min(last, to_utc(midnight + days + timedelta(days=1), tz)),
        )

    def _check_move_limits(self, start):
        """Raise when the client has moved this session too often, or too far.

        :param datetime start: where the client wants it, naive UTC
        """
        self.ensure_one()
        booking_type = self.booking_type_id
        limit = booking_type.max_moves
        if limit and self.move_count >= limit:
            raise UserError(
                self.env._(
                    "%(session)s has already been moved %(count)s times, the"
                    " maximum. Write to %(coach)s if you can't attend.",
                    session=self.display_name,
                    count=self.move_count,
                    coach=self.coach_id.name,
                )
            )
        first = self.first_start or self.start
        days = booking_type.max_move_days
        tz = self.coach_id.tz
        away = to_local(start, tz).date() - to_local(first, tz).date()
        if days and abs(away.days) > days:
            raise UserError(
                self.env._(
                    "%(session)s was booked for %(first)s and can be moved by up to"
                    " %(days)s days. Choose a closer day.",
                    session=self.display_name,
                    first=self._format_time(first),
                    days=days,
                )
            )
