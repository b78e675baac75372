from odoo import models
from odoo.exceptions import UserError

from ...tools.arguments import parse_text, without_defaults
from ..catalog.coaching_outcome import CODES_BY_CLOCK


class CoachingSession(models.Model):
    """Cancelling one session of a series, the following ones, or all (R114-R117)."""

    _inherit = "coaching.session"

    def action_cancel_series(
        self, scope="one", reason="", refund="policy", message="", by_client=False
    ):
        """Cancel this session, it and the following ones, or all (R115-R117).

        What is to come is cancelled, early or late by the clock, each with its own
        consequences for the package. With ``all`` also what is over and not closed out;
        that is returned. What is closed stays as it is. Each client gets one email.

        :param str scope: ``one``, ``following`` or ``all``
        :param str reason: a code of ``coaching.outcome``, or text that is kept
        :param str refund: ``policy``, ``full`` (returned) or ``none`` (used)
        :param str message: sentence for the clients, added to the email
        :param bool by_client: whether the client cancels, each early or late by the
            clock, and the coach only records it; then the reason is text
        :return: dict with ``cancelled``, ``past`` (of these, those that were over) and
            ``kept`` (closed ones, and with ``following`` those that have begun):
            numbers of sessions; and ``message``, the sentence that says so
        :raise UserError: when nothing is left to cancel
        :raise AccessError: unless the user is the coach or a manager
        """
        self.ensure_one()
        self._check_series_staff(scope)
        reason = parse_text(self.env, reason)
        message = parse_text(self.env, message)
        # as superuser nobody in particular acts, also not the coach
        own = not self.env.su and self.coach_id.user_id == self.env.user
        # sudo: rights were checked, to the whole series where it is about that
        session = without_defaults(self.sudo())
        if scope == "one":
            session.with_env(self.env)._cancel_single(
                reason, refund, message, by_client
            )
            result = {"cancelled": 1, "past": 0, "kept": 0}
        else:
            find_code = by_client and (lambda one: one._get_code_by_clock())
            result = session._cancel_series(
                scope, reason, refund, message, own, find_code
            )
        return {**result, "message": self._get_cancelled_message(**result)}

    def _cancel_single(self, reason, refund, message, by_client):
        """Cancel this session alone, see ``action_cancel_series``."""
        self.ensure_one()
        if by_client:
            self._cancel_one(reason, refund, message, self._get_code_by_clock())
        else:
            self.action_cancel(reason, refund, message)

    def _cancel_series(self, scope, reason, refund, message, own, find_code=None):
        """Cancel sessions of a series; see ``action_cancel_series``.

        :param bool own: whether the coach cancels their own sessions
        :param find_code: function of a session that returns the outcome to cancel it
            with, instead of finding one
        :return: numbers, see ``action_cancel_series``
        """
        sessions = self._get_series_scope(scope)
        now = self._now()
        future, past = self._find_to_cancel(scope)
        attendances = self.attendance_ids.browse()
        for batch in (*future.grouped(lambda one: one._is_early()).values(), past):
            if batch:
                code = find_code and find_code(batch[0])
                attendances |= batch._cancel_batch(
                    reason, refund, message, own, now, code
                )
        self.series_id._close_gaps(min((future | past).mapped("start")))
        self.series_id._end_when_over()
        self.env["coaching.notification"]._queue_series(
            "series_cancelled",
            attendances.filtered(lambda one: one.start > now),
            message,
        )
        kept = sessions.filtered(lambda one: one._is_on()) - future - past
        return {
            "cancelled": len(future | past),
            "past": len(past),
            "kept": len(kept),
        }

    def _find_to_cancel(self, scope):
        """Return what cancelling in a series is about.

        :param str scope: see ``action_cancel_series``
        :return: sessions to come, and those that are over and open, if it is about all
        :raise UserError: when there are none
        """
        still_open = self._get_series_scope(scope).filtered(
            lambda one: one.state == "scheduled"
        )
        future = still_open.filtered(lambda one: one.start > self._now())
        past = still_open - future if scope == "all" else self.browse()
        if not future | past:
            raise UserError(
                self.env._(
                    "Nothing is left to cancel: every session is over or closed."
                )
            )
        return future, past

    def _cancel_batch(self, reason, refund, message, own, now, code=None):
        """Cancel sessions of one coach, all early, all late or all over, at once.

        :return: the attendances that were closed
        """
        sample = self[0]
        note = reason
        if not code:
            code, note = sample._get_cancel_outcome(reason, staff=True, own=own)
        if sample.start <= now and code in CODES_BY_CLOCK:
            # neither early nor late: nobody said so in time, and nobody missed it
            code = "other"
        attendances = self._get_scheduled_attendances()
        attendances._close(
            code,
            note=note or message,
            uses_session=sample._get_refund_override(refund)
            if sample.start > now or refund != "policy"
            else False,
            quiet=True,
        )
        return attendances

    def _get_cancelled_message(self, cancelled, past, kept):
        """Return what became of a series that was cancelled."""
        sentences = [
            self.env._("%(count)s sessions were cancelled.", count=cancelled)
            if cancelled != 1
            else self.env._("One session was cancelled.")
        ]
        if past:
            sentences.append(
                self.env._(
                    "Over but not closed out, so returned to the package: %(count)s.",
                    count=past,
                )
            )
        if kept:
            sentences.append(
                self.env._(
                    "Unchanged because they took place or are closed: %(count)s.",
                    count=kept,
                )
            )
        return " ".join(sentences)

    def action_skip(self, reason=""):
        """Leave this session of a series out; the client loses nothing (R114).

        What was held is returned to the package, whatever the time.

        :param str reason: why, kept with it
        :return: True
        :raise UserError: when it has begun or is closed, or is not part of a series
        :raise AccessError: unless the user is the coach or a manager
        """
        self.ensure_one()
        self._check_staff()
        reason = parse_text(self.env, reason)
        # sudo: rights were checked; nobody writes sessions by hand
        session = without_defaults(self.sudo())
        if not session.series_id:
            session._get_series_scope("all")
        session.with_env(self.env)._cancel_one(reason, "full", "", code="other")
        session.series_id._note_gaps(
            [session._prepare_left_out(reason)], kind="skipped", state="ignored"
        )
        return True

    def _prepare_left_out(self, reason):
        """Return this session as an occurrence that is no longer booked."""
        self.ensure_one()
        return {
            "number": self.series_number,
            "start": self.series_start,
            "stop": self.series_start + (self.stop - self.start),
            "conflict": reason,
        }
