import logging
from contextlib import contextmanager

import psycopg2.errors

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL

from ...tools.arguments import parse_text, parse_time, without_defaults

_logger = logging.getLogger(__name__)


class CoachingProposal(models.Model):
    """Answering: of all who accept, decline, withdraw or let expire, one is first.

    Each is a guarded update of the state, together with what follows from it.
    """

    _inherit = "coaching.proposal"

    def action_accept(self, start=None, terms_accepted=False):
        """Take one of the times: the session is moved there, or booked (R99-R102).

        The new time is taken, the old one and the others freed, in one transaction.
        Package, payment and make-up stay (R52).

        :param start: naive UTC; may be left out where there is only one
        :param terms_accepted: for a new booking, see ``coaching.session.book``
        :return: True
        :raise UserError: when it was answered already or is too late, when the time is
            none of those proposed, and when a booking there would be refused
        :raise AccessError: unless the user was asked, or is a manager
        """
        self._check_may_answer()
        start = parse_time(self.env, start)
        # sudo: the right was checked; nobody writes times by hand
        without_defaults(self.sudo())._accept(start, terms_accepted)
        return True

    def action_refuse(self, reason=""):
        """Decline: everything stays as it is, and the times are free again.

        :param str reason: sentence for the other side
        :return: True
        :raise UserError: when it was answered already
        :raise AccessError: unless the user was asked, or is a manager
        """
        self._check_may_answer()
        reason = parse_text(self.env, reason)
        # sudo: the right was checked; nobody writes proposals by hand
        without_defaults(self.sudo())._refuse(reason)
        return True

    def action_withdraw(self):
        """Take a proposal back: everything stays as it is.

        :return: True
        :raise UserError: when it was answered already
        :raise AccessError: unless the user's side proposed it, or he is a manager
        """
        self._check_may_withdraw()
        # sudo: the right was checked; nobody writes proposals by hand
        proposal = without_defaults(self.sudo())
        proposal._answer("withdrawn")
        proposal._tell_other_side("proposal_answer", client=proposal.kind != "ask")
        return True

    # === ACCEPTING === #

    def _accept(self, start=None, terms_accepted=False):
        self.ensure_one()
        # all or nothing, also for scripts that go on after an error
        with self._readable_race():
            hold = self._find_hold(start)
            self._answer("accepted", chosen_hold_id=hold.id, keep=hold)
            if hold._release("taken") != hold:
                raise UserError(self._get_gone_message())
            session = self._use_time(hold, terms_accepted)
            self.booked_session_id = session
            self._finish_activities()

    def _use_time(self, hold, terms_accepted=False):
        """Move, or book, what was proposed; a hook for what books anew.

        :param hold: ``coaching.hold`` that was released for it just now
        :param terms_accepted: for a new booking
        :return: ``coaching.session``
        """
        self.ensure_one()
        session = self.session_id
        # of who asked late it counts when he asked, not when he was answered
        asked_at = self.asked_at if self.kind == "ask" else None
        session._reschedule(
            hold.start,
            stop=hold.stop,
            asked_at=asked_at,
            wanted_at=self.client_asked_at,
        )
        return session

    def _find_hold(self, start):
        """Return the held time that begins then, the only one where none is said."""
        self.ensure_one()
        if self.state != "open":
            raise UserError(self._get_gone_message())
        holds = self.hold_ids
        if start:
            holds = holds.filtered(lambda hold: hold.start == start)
        if start and not holds:
            raise UserError(
                self.env._(
                    "%(start)s is none of the times proposed. Choose one of them.",
                    start=self.env["coaching.session"]._format_time(start),
                )
            )
        # what the deadline ended is told as that
        if self.deadline > self.env["coaching.session"]._now():
            kept = holds.filtered(lambda hold: hold.state == "held")
            if start and not kept:
                raise UserError(
                    self.env._(
                        "%(start)s is no longer kept: another booking needed it."
                        " Choose another one of the times.",
                        start=self.env["coaching.session"]._format_time(start),
                    )
                )
            holds = kept
        if len(holds) != 1:
            raise UserError(self.env._("Choose one of the times."))
        return holds

    def _refuse(self, reason=""):
        self.ensure_one()
        self._answer("refused", reason=reason or False)
        if self.kind == "ill":
            self._cancel_after_absence()
        else:
            self._tell_other_side("proposal_answer", client=self.kind == "ask")

    def _cancel_after_absence(self):
        """Cancel what can't take place and nobody chose another time for.

        At the coach's account: the client loses nothing. That mail tells both. Also
        what has begun: an answer may be awaited until that very moment.
        """
        self.ensure_one()
        session = self.session_id
        if session.state != "scheduled":
            return
        if (session.start, session.coach_id) != (self.session_start, self.coach_id):
            # it was moved or given to somebody else: it takes place
            return
        attendances = session.attendance_ids.filtered(
            lambda attendance: attendance.state == "scheduled"
        )
        note = self.env._("No other time was found.")
        attendances._close("coach_emergency", note=note, uses_session=None)
        if session.start <= session._now():
            # closing tells only of what was to come
            self.env["coaching.notification"]._queue(attendances, "cancelled")

    # === STATE === #

    @contextmanager
    def _readable_race(self):
        """Do something or nothing of it, and say it when somebody was faster."""
        try:
            with self.env.cr.savepoint():
                yield
        except psycopg2.errors.SerializationFailure as error:
            raise ConcurrencyError(
                self.env._("Somebody answered this proposal just now. Try again.")
            ) from error

    def _answer(self, state, keep=None, **values):
        """Change the state of an open proposal and let go of its times, or refuse.

        :param str state: what becomes of it
        :param keep: ``coaching.hold`` that is not let go of
        :param values: fields that are written with it
        """
        self.ensure_one()
        now = self.env["coaching.session"]._now()
        with self._readable_race():
            self.flush_recordset()
            values = {
                "state": state,
                "answered_at": now,
                "answered_by_id": self.env.uid,
                **values,
            }
            assignments = [
                SQL("%s = %s", SQL.identifier(name), value or None)
                for name, value in values.items()
            ]
            # what is too late to accept can still be declined or expire
            in_time = SQL("deadline > %s", now) if state == "accepted" else SQL("TRUE")
            self.env.cr.execute(
                SQL(
                    "UPDATE coaching_proposal SET %s"
                    " WHERE id = %s AND state = 'open' AND %s",
                    SQL(", ").join(assignments),
                    self.id,
                    in_time,
                )
            )
            if not self.env.cr.rowcount:
                self.invalidate_recordset(flush=False)
                raise UserError(self._get_gone_message())
            self.invalidate_recordset(list(values), flush=False)
            left = self.hold_ids - keep if keep else self.hold_ids
            left._release("expired" if state == "expired" else "released")
        self._log_answer()
        if state != "accepted":
            self._finish_activities()

    def _get_gone_message(self):
        """Return why this can't be answered any more, as a sentence."""
        self.ensure_one()
        values = {"proposal": self.display_name}
        if self.state == "accepted":
            return self.env._(
                "The proposal for %(proposal)s is accepted already.", **values
            )
        if self.state == "refused":
            return self.env._(
                "The proposal for %(proposal)s was declined already.", **values
            )
        if self.state == "withdrawn":
            return self.env._(
                "The proposal for %(proposal)s was withdrawn. The session stays as it"
                " is.",
                **values,
            )
        return self.env._(
            "The time to answer the proposal for %(proposal)s is over, and what was"
            " held is free again. Propose another time.",
            **values,
        )

    def _log_answer(self):
        """Keep in the log of the session what became of it."""
        self.ensure_one()
        if not self.session_id:
            return
        states = dict(self._fields["state"]._description_selection(self.env))
        text = " ".join(filter(None, [f"{states[self.state]}.", self.reason]))
        self.env["coaching.session.log"]._add("answered", {self.session_id: text})

    def _finish_activities(self):
        """Nothing is left to do for whoever was asked."""
        self.activity_ids.unlink()

    def _tell_other_side(self, kind, client):
        """Queue a mail about this to the client, or else to the coach.

        :param str kind: kind of ``coaching.notification``
        :param bool client: whether the client is told
        """
        self.ensure_one()
        partner = self.partner_id if client else self.coach_id.partner_id
        self.env["coaching.notification"]._queue_proposal(self, kind, partner)

    @api.model
    def _withdraw_for(self, sessions):
        """Withdraw what is proposed for sessions that were moved or closed since."""
        open_ones = self.search(
            [("session_id", "in", sessions.ids), ("state", "=", "open")]
        )
        for proposal in open_ones:
            proposal._answer("withdrawn")

    def _lose_times(self):
        """Withdraw what has no time left, since the client has booked it otherwise."""
        for proposal in self:
            held = proposal.hold_ids.filtered(lambda hold: hold.state == "held")
            if proposal.state == "open" and not held:
                proposal._answer("withdrawn")

    # === EXPIRY === #

    @api.model
    def _cron_expire(self, limit=100):
        """Let go of what nobody answered in time, and tell both sides.

        :param int limit: proposals of one run; the cron comes back for the rest
        """
        domain = [
            ("state", "=", "open"),
            ("deadline", "<=", self.env["coaching.session"]._now()),
        ]
        due = self.search(domain, limit=limit, order="deadline, id")
        self.env["ir.cron"]._commit_progress(remaining=self.search_count(domain))
        for proposal in due:
            try:
                with self.env.cr.savepoint():
                    proposal._expire()
            except (ConcurrencyError, UserError):
                _logger.info("Proposal %s was answered at this moment", proposal.id)
            except Exception:  # one that can't expire must not stop the others
                _logger.exception("Proposal %s could not expire", proposal.id)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _expire(self):
        self.ensure_one()
        self._answer("expired")
        if self.kind == "ill":
            self._cancel_after_absence()
            return
        for client in (True, False):
            self._tell_other_side("proposal_answer", client)
