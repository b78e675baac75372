from odoo import models
from odoo.exceptions import UserError

from ...tools.arguments import parse_text, parse_time, without_defaults


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
        :raise AccessError: unless the user's side proposed it, or the user is a manager
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
        # for late requests the time of asking counts, not that of the answer
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
                    "%(start)s is not one of the proposed times. Choose one of them.",
                    start=self.env["coaching.session"]._format_time(start),
                )
            )
        # what the deadline ended is told as that
        if self.deadline > self.env["coaching.session"]._now():
            kept = holds.filtered(lambda hold: hold.state == "held")
            if start and not kept:
                raise UserError(
                    self.env._(
                        "%(start)s is no longer held because it was booked. Choose"
                        " another of the times.",
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
        self._on_none_chosen()

    def _on_none_chosen(self):
        """Do what follows from a proposal that was declined, or expired; a hook.

        Everything stays as it is, and who has to know is told.
        """
        self.ensure_one()
        if self.state == "refused":
            self._tell_other_side("proposal_answer", client=self.kind == "ask")
            return
        for client in (True, False):
            self._tell_other_side("proposal_answer", client)
