from odoo import models
from odoo.exceptions import UserError

from ...tools.arguments import parse_text, without_defaults


class CoachingSession(models.Model):
    """Moving a session: the new time is judged before the old one is free."""

    _inherit = "coaching.session"

    def action_reschedule(self, start, reason="", message=""):
        """Move a session that has not begun, with its package and client (R46-R55).

        Its coach or a manager at any time; a client his own one, with the notice that
        the booking type asks for.

        :param start: new start, naive UTC
        :param str reason: why, kept in the log
        :param str message: sentence for the client, put into the mail
        :return: True
        :raise UserError: when a booking at that time would be refused or it is when
            the session is already, and for a client who is too late or shares the
            session with others
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

    def _reschedule(self, start, reason="", message="", stop=None, by_client=False):
        """Move a session, whoever may; see ``action_reschedule``.

        :param datetime stop: new end; as long as before by default
        :param bool by_client: by the rules for clients
        """
        self.ensure_one()
        if self.state != "scheduled" or self.start <= self._now():
            raise UserError(
                self.env._(
                    "%(session)s has begun or is closed. Only sessions to come can be"
                    " moved.",
                    session=self.display_name,
                )
            )
        stop = stop or start + (self.stop - self.start)
        if (start, stop) == (self.start, self.stop):
            raise UserError(
                self.env._(
                    "%(session)s is at %(start)s already. Choose another time.",
                    session=self.display_name,
                    start=self._format_time(start),
                )
            )
        if stop - start > self.stop - self.start:
            self._check_length(self.booking_type_id, start, stop)
        old_start = self.start
        scheduled = self.attendance_ids.filtered(lambda a: a.state == "scheduled")
        request = {
            "booking_type": self.booking_type_id,
            "coach": self.coach_id,
            "partners": scheduled.partner_id,
            "start": start,
            "stop": stop,
            "by_client": by_client,
        }
        self._check_booking(request)
        self._check_free([request], exclude=self)
        self._take_turns(request["coach"], request["partners"])
        with self._readable_conflicts(request):
            self.env["coaching.hold"]._make_room([request])
            self._move_resources(request)
            keys = self._prepare_limit_keys([request], exclude=self)[0]
            self.write({**self._prepare_session_times(request), **keys})
            scheduled.write({"start": self.start, "stop": self.stop})
            self.flush_recordset()
            scheduled.flush_recordset()
            scheduled._keep_entitlement()
        self._project()
        moved = self.env._(
            "From %(old)s to %(new)s.",
            old=self._format_time(old_start),
            new=self._format_time(start),
        )
        self.env["coaching.session.log"]._add(
            "moved", {self: " ".join(filter(None, [moved, reason]))}
        )
        self.env["coaching.notification"]._queue(scheduled, "moved", message)
