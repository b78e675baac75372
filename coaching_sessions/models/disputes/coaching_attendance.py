from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...tools.arguments import parse_text, without_defaults


class CoachingAttendance(models.Model):
    """The client says that something is wrong (section 2 rank 13, 15)."""

    _inherit = "coaching.attendance"

    dispute_ids = fields.One2many(
        string="Disputes",
        comodel_name="coaching.dispute",
        inverse_name="attendance_id",
        readonly=True,
    )
    outcome_party = fields.Selection(
        related="outcome_id.party", string="Caused by", store=True
    )
    is_disputed = fields.Boolean(
        string="Disputed",
        readonly=True,
        copy=False,
        help="The client disputes the outcome; the dispute is still open.",
    )

    # === API === #

    def action_dispute(self, claim, wanted_outcome_code=""):
        """Dispute the recorded outcome, as the client.

        Within ``coaching_dispute_days`` of the recording, and once for each outcome
        that is recorded. The coach's pay waits until a manager has settled it.

        :param str claim: what really happened
        :param str wanted_outcome_code: code of the ``coaching.outcome`` that it should
            be instead, where the client knows
        :return: the id of the ``coaching.dispute``
        :raise UserError: when nothing is recorded yet, it is too late, or it was
            disputed already
        :raise AccessError: unless the user is the client
        """
        claim, wanted_code = self._prepare_dispute(claim, wanted_outcome_code)
        # sudo: the client's right was checked; clients write no records
        attendance = without_defaults(self.sudo())
        attendance._check_can_dispute()
        wanted = self.env["coaching.outcome"].sudo()
        if wanted_code:
            wanted = wanted._get_by_code(wanted_code, attendance.company_id)
        if wanted and wanted == attendance.outcome_id:
            raise UserError(
                self.env._(
                    "“%(outcome)s” is already recorded. Choose a different outcome.",
                    outcome=wanted.name,
                )
            )
        return attendance._open_dispute("outcome", claim, wanted).id

    def action_report_coach_no_show(self, note):
        """Report that the coach did not attend, as the client (rank 15).

        From the start of the session on, also before anybody has closed it out.

        :param str note: what happened, for instance how long the client waited
        :return: the id of the ``coaching.dispute``
        :raise UserError: before the session begins, for one that was cancelled, and
            when it is too late or reported already
        :raise AccessError: unless the user is the client
        """
        note, _code = self._prepare_dispute(note)
        # sudo: the client's right was checked; clients write no records
        attendance = without_defaults(self.sudo())
        attendance._check_can_report()
        return attendance._open_dispute("coach_no_show", note).id

    # === BUSINESS METHODS === #

    def _prepare_dispute(self, claim, wanted_outcome_code=""):
        """Return the texts of a dispute; the client's right first.

        :raise AccessError: unless the user is the client
        """
        self.ensure_one()
        self.check_access("read")
        if self.partner_id != self.env.user.partner_id:
            raise AccessError(
                self.env._(
                    "Only clients can dispute their own sessions. Coaches and"
                    " managers can correct the outcome instead."
                )
            )
        claim = parse_text(self.env, claim).strip()
        if not claim:
            raise UserError(self.env._("Describe briefly what happened."))
        return claim, parse_text(self.env, wanted_outcome_code)

    def _check_can_dispute(self):
        """Raise unless what is recorded can be disputed now."""
        self.ensure_one()
        if self.state == "scheduled":
            raise UserError(
                self.env._(
                    "No outcome is recorded for %(session)s yet, so there is nothing"
                    " to dispute. Write to your coach instead.",
                    session=self.session_id.name,
                )
            )
        self._check_in_dispute_time()
        self._check_not_disputed("outcome")

    def _check_can_report(self):
        """Raise unless it can be said now that the coach did not come."""
        self.ensure_one()
        session = self.session_id
        if self.start > session._now():
            raise UserError(
                self.env._(
                    "%(session)s begins at %(start)s. If your coach does not attend,"
                    " report it here.",
                    session=session.name,
                    start=session._format_time(self.start),
                )
            )
        if self._was_cancelled_before_start():
            raise UserError(
                self.env._(
                    "%(session)s was cancelled before it began, so nobody was"
                    " expected to attend.",
                    session=session.name,
                )
            )
        if self.outcome_id.party == "coach":
            raise UserError(
                self.env._(
                    "%(session)s is already recorded as “%(outcome)s”, not as missed"
                    " by you.",
                    session=session.name,
                    outcome=self.outcome_id.name,
                )
            )
        self._check_in_dispute_time()
        self._check_not_disputed("coach_no_show")

    def _was_cancelled_before_start(self):
        self.ensure_one()
        return bool(self.closed_at and self.closed_at < self.start)

    def _get_dispute_deadline(self):
        """Return until when the outcome can be disputed, or None when nothing can be.

        :return: naive UTC, the last second that is in time
        """
        self.ensure_one()
        days = self.company_id.coaching_dispute_days
        if not self.closed_at or days <= 0:
            return None
        return self.closed_at + timedelta(days=days)

    def _check_in_dispute_time(self):
        """Raise when what is recorded can't be disputed any more."""
        self.ensure_one()
        if self.state == "scheduled":
            return
        deadline = self._get_dispute_deadline()
        session = self.session_id
        if deadline is None:
            raise UserError(
                self.env._(
                    "%(company)s handles this in person. Write to your coach.",
                    company=self.company_id.name,
                )
            )
        if session._now() > deadline:
            raise UserError(
                self.env._(
                    "The time to dispute %(session)s ended on %(deadline)s. Write to"
                    " your coach instead.",
                    session=session.name,
                    deadline=session._format_time(deadline),
                )
            )

    def _find_dispute(self, kind):
        """Return the dispute of this kind about what is recorded now, if any."""
        self.ensure_one()
        return self.dispute_ids.filtered(
            lambda dispute: dispute.state == "open"
            or (dispute.kind == kind and dispute.closed_at == self.closed_at)
        )[:1]

    def _check_not_disputed(self, kind):
        """Raise when the client told this already, and it is open or settled."""
        self.ensure_one()
        earlier = self._find_dispute(kind)
        if earlier:
            raise UserError(
                self.env._(
                    "You already told us about this on %(date)s (%(state)s). To add"
                    " something, write to your coach.",
                    date=self.session_id._format_time(earlier.opened_at),
                    state=earlier._get_state_name(),
                )
            )

    def _open_dispute(self, kind, claim, wanted=None):
        """Open a dispute, once: the attendance says so, and the coach's pay waits.

        :param str kind: a kind of ``coaching.dispute``
        :param str claim: what the client says
        :param wanted: ``coaching.outcome`` the client asks for
        :return: ``coaching.dispute``
        """
        self.ensure_one()
        with self.session_id._readable_conflicts():
            dispute = self.env["coaching.dispute"].create(
                self._prepare_dispute_values(kind, claim, wanted)
            )
            dispute.flush_recordset()
        self._set_disputed(True)
        self.env["coaching.session.log"]._add("disputed", {self: claim})
        managers = dispute._get_managers(self.company_id).partner_id
        dispute._notify("dispute_opened", managers | self.coach_id.partner_id, claim)
        return dispute

    def _prepare_dispute_values(self, kind, claim, wanted=None):
        """Return the values of a new dispute."""
        self.ensure_one()
        return {
            "attendance_id": self.id,
            "session_id": self.session_id.id,
            "partner_id": self.partner_id.id,
            "coach_id": self.coach_id.id,
            "company_id": self.company_id.id,
            "kind": kind,
            "claim": claim,
            "wanted_outcome_id": wanted.id if wanted else False,
            "outcome_id": self.outcome_id.id,
            "closed_at": self.closed_at,
            "opened_at": self.env["coaching.session"]._now(),
            "opened_by_id": self.env.uid,
        }

    def _set_disputed(self, disputed):
        """Note that a dispute is open, or settled; addons hold back what waits for it.

        Written, not looked up: who closes the same session at this moment changes the
        same row, so one of the two has to look again.

        :param bool disputed: whether a dispute is open from now on
        """
        self.ensure_one()
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE coaching_attendance SET is_disputed = %s WHERE id = %s"
                " AND COALESCE(is_disputed, FALSE) <> %s",
                disputed,
                self.id,
                disputed,
            )
        )
        self.invalidate_recordset(["is_disputed", "dispute_ids"], flush=False)
