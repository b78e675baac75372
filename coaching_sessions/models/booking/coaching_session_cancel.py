from odoo import models
from odoo.exceptions import AccessError, UserError

from ...tools.arguments import check_there, parse_text, without_defaults
from ..catalog.coaching_outcome import COACH_CODE


class CoachingSession(models.Model):
    """Cancelling: what it is called and leads to follows from who does it and when."""

    _inherit = "coaching.session"

    def action_cancel(self, reason="", refund="policy", message=""):
        """Cancel a session, early or late by the clock (R6, R7, R103, R104).

        Clients can cancel only for themselves. A coach who gives no outcome code
        cancels as the coach, so that the client loses nothing.

        :param str reason: a code of ``coaching.outcome``, or text that is kept
        :param refund: ``policy``, ``full`` (the session is returned), ``none`` (it is
            used), or an amount in the company's currency; only staff may deviate from
            the policy
        :param str message: sentence for the client, added to the email
        :return: True
        :raise UserError: when nothing is left to cancel, or the session is over
        """
        check_there(self)
        reason = parse_text(self.env, reason)
        message = parse_text(self.env, message)
        for session in self:
            session._cancel_one(reason, refund, message)
        return True

    def _on_event_deleted(self, note, code=None):
        result = super()._on_event_deleted(note, code)
        self._cancel_one(note, "policy", "", code=code)
        return result

    def _cancel_one(self, reason, refund, message, code=None):
        """Cancel one session, see ``action_cancel``.

        :param str code: outcome to close it with, instead of finding one
        """
        self.ensure_one()
        self.check_access("read")
        check_there(self)
        staff = self._is_staff()
        # sudo: what the user may do is checked below; the defaults of a dialog are not
        # those of what is posted
        session = without_defaults(self.sudo())
        # as superuser nobody in particular acts, also not the coach
        own = not self.env.su and session.coach_id.user_id == self.env.user
        attendances = session.attendance_ids.filtered(
            lambda attendance: attendance.state == "scheduled"
            and (staff or attendance.partner_id == self.env.user.partner_id)
        )
        if not staff:
            session._refuse_what_is_over()
        if not staff and not attendances:
            raise AccessError(
                self.env._("You can only cancel sessions that you booked for yourself.")
            )
        if not attendances:
            raise UserError(
                self.env._(
                    "%(session)s is already closed. Correct its outcome instead.",
                    session=session.display_name,
                )
            )
        if not staff and refund != "policy":
            raise AccessError(
                self.env._("The cancellation terms decide what you get back.")
            )
        if session.start <= session._now():
            raise UserError(
                self.env._(
                    "%(session)s has begun. Close it out with what happened instead.",
                    session=session.display_name,
                )
            )
        if code:
            note = reason
        else:
            code, note = session._get_cancel_outcome(reason, staff, own)
            # who gives a code as the reason has the message to say more
            note = note or message
        attendances._close(
            code,
            note=note,
            uses_session=session._get_refund_override(refund),
            message=message,
        )

    def _get_cancel_outcome(self, reason, staff, own):
        """Return the outcome code and the note that a cancellation is closed with.

        :param str reason: code of an outcome, or free text
        :param bool staff: whether coach or manager cancels
        :param bool own: whether the coach cancels their own session
        """
        self.ensure_one()
        reason = (reason or "").strip()
        outcome = self.env["coaching.outcome"].search(
            [
                ("code", "=", reason),
                ("before_start", "=", True),
                ("company_id", "in", (self.company_id.id, False)),
            ],
            limit=1,
        )
        if staff and outcome:
            return reason, ""
        if own:
            return COACH_CODE, reason
        return self._get_code_by_clock(), reason

    def _get_refund_override(self, refund):
        """Return whether the session is used, or None where the policy decides.

        :param refund: see ``action_cancel``
        """
        self.ensure_one()
        if refund == "policy":
            return None
        if refund == "full":
            return False
        if refund == "none":
            return True
        raise UserError(
            self.env._(
                "Nothing was charged for %(session)s separately, so there is no"
                " amount to refund. Choose full or none: the session is returned to"
                " the package or used.",
                session=self.display_name,
            )
        )
