from odoo import models
from odoo.exceptions import AccessError, UserError

from ...tools.arguments import check_there


class CoachingSession(models.Model):
    """What clients may do with their own sessions, and until when (R46, R47, R50)."""

    _inherit = "coaching.session"

    def _get_own_attendance(self):
        """Return the user's own attendance of this session, the latest one."""
        self.ensure_one()
        # sudo: only the user's own is returned
        own = self.sudo().attendance_ids.filtered(
            lambda attendance: attendance.partner_id == self.env.user.partner_id
        )
        return own.sorted("id")[-1:]

    def _refuse_what_is_over(self):
        """Raise when the user's own session is missed, begun or closed (R47).

        Clients can't change it any more: they write to their coach. Says nothing about
        sessions of others.
        """
        self.ensure_one()
        attendance = self._get_own_attendance()
        values = {
            "session": self.display_name,
            "coach": attendance.coach_id.name,
            "outcome": attendance.outcome_id.name,
        }
        if attendance.state == "no_show":
            raise UserError(
                self.env._(
                    "You missed %(session)s. Write to %(coach)s to arrange another"
                    " time.",
                    **values,
                )
            )
        if attendance and attendance.state != "scheduled":
            raise UserError(
                self.env._(
                    "%(session)s is already closed as “%(outcome)s”. If this is"
                    " wrong, write to %(coach)s.",
                    **values,
                )
            )
        if attendance and attendance.start <= self._now():
            raise UserError(
                self.env._(
                    "%(session)s has begun, so you can no longer change it yourself."
                    " Write to %(coach)s to arrange another time.",
                    **values,
                )
            )

    # === RESCHEDULING === #

    def _check_may_reschedule(self):
        """Raise unless the user may move this session (R46, R50, R55).

        Staff may. Clients may move their own one-client sessions with more notice than
        the booking type asks for; exactly as much is too late.

        :raise AccessError: also for sessions the user may not even read
        :raise UserError: when it is too late, or shared with others
        """
        self.check_access("read")
        check_there(self)
        self.ensure_one()
        if self._is_staff():
            return
        attendance = self._get_own_attendance()
        if not attendance:
            raise AccessError(
                self.env._("You can only move sessions that you booked for yourself.")
            )
        # sudo: it is the user's own; of the booking type only its terms are read
        session = self.sudo()
        session._refuse_what_is_over()
        if session.seats > 1:
            raise UserError(
                self.env._(
                    "%(session)s is for several clients, so you can't move it. Cancel"
                    " your place and book another time instead.",
                    session=session.display_name,
                )
            )
        if not session._is_reschedule_early():
            session._check_late_reschedule()

    def _check_late_reschedule(self):
        """Raise unless a client may move a session that begins soon (R51, R55).

        Where the coach decides, ``action_ask_reschedule`` asks the coach.
        """
        self.ensure_one()
        mode = self.booking_type_id.late_reschedule
        if mode == "free":
            return
        values = {
            "session": self.display_name,
            "deadline": self._format_time(self._get_reschedule_deadline()),
            "coach": self.coach_id.name,
        }
        if mode == "refuse":
            raise UserError(
                self.env._(
                    "%(session)s could be moved until %(deadline)s. It is too late"
                    " to move this session: please attend or cancel.",
                    **values,
                )
            )
        raise UserError(
            self.env._(
                "%(session)s could be moved until %(deadline)s. Now only %(coach)s can"
                " move it: ask for the time that suits you.",
                **values,
            )
        )
