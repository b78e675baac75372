import logging
from contextlib import contextmanager

import psycopg2.errors

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class CoachingProposal(models.Model):
    """What becomes of a proposal: a guarded update of its state; its times go free."""

    _inherit = "coaching.proposal"

    @contextmanager
    def _readable_race(self):
        """Do something or nothing of it, and say it when somebody was faster."""
        try:
            with self.env.cr.savepoint():
                yield
        except psycopg2.errors.SerializationFailure as error:
            raise ConcurrencyError(
                self.env._(
                    "Somebody has just answered this proposal. Please try again."
                )
            ) from error

    def _answer(self, state, keep=None, **values):
        """Change the state of an open proposal and release its times, or refuse.

        :param str state: what becomes of it
        :param keep: ``coaching.hold`` that is not released
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
                "The proposal for %(proposal)s was already accepted.", **values
            )
        if self.state == "refused":
            return self.env._(
                "The proposal for %(proposal)s was already declined.", **values
            )
        if self.state == "withdrawn":
            return self.env._(
                "The proposal for %(proposal)s was withdrawn. The session keeps its"
                " time.",
                **values,
            )
        return self.env._(
            "The proposal for %(proposal)s has expired and its times were released."
            " Propose another time.",
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
        """Queue an email about this to the client, or else to the coach.

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
        """Expire what nobody answered in time, and tell both sides.

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
        self._on_none_chosen()
