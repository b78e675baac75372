from odoo import fields, models

from ...tools.notice import get_hours, get_notice_start
from ...tools.periods import take_numbers

CANCELLATIONS = ("early_cancel", "late_cancel")


class CoachingAttendance(models.Model):
    """What the policy says of a session: notice, tiers, allowance (R6, R45-R56)."""

    _inherit = "coaching.attendance"

    # what followed, as the policy was at that moment
    policy_id = fields.Many2one(
        comodel_name="coaching.outcome.policy", readonly=True, ondelete="set null"
    )
    uses_session = fields.Boolean(string="Session used", readonly=True)
    charge_percent = fields.Float(
        string="Client pays (%)", readonly=True, aggregator=None
    )
    refund_percent = fields.Float(
        string="Client gets back (%)", readonly=True, aggregator=None
    )
    pay_percent = fields.Float(
        string="Coach earns (%)",
        readonly=True,
        aggregator=None,
        groups="coaching_sessions.group_coaching_coach",
    )
    issues_makeup = fields.Boolean(string="Gives a make-up", readonly=True)
    remunerated = fields.Boolean(
        readonly=True,
        help="The booking type was included in pay when the session was closed.",
    )
    policy_overridden = fields.Boolean(
        string="Policy overridden",
        readonly=True,
        help="The policy was overridden when the session was closed.",
    )
    notice_at = fields.Datetime(
        string="Cancelled at",
        readonly=True,
        help="When the notice of a cancellation was given.",
    )
    notice_hours = fields.Float(
        string="Notice (hours)",
        compute="_compute_notice_hours",
        help="Hours between the cancellation and the start.",
    )
    clock_overridden = fields.Boolean(
        string="Differs from the time",
        readonly=True,
        help="Recorded as early or late against the time of the cancellation. The log"
        " shows who decided this and why.",
    )
    tier_id = fields.Many2one(
        comodel_name="coaching.outcome.policy.tier",
        string="Notice tier",
        readonly=True,
        ondelete="set null",
    )
    excused = fields.Boolean(
        readonly=True, help="Covered by the client's allowance for the period."
    )
    excuse_key = fields.Char(
        string="Excuse key",
        readonly=True,
        copy=False,
        groups="coaching_sessions.group_coaching_manager",
        help="Policy, client, period and number of the excuse; each can be used once.",
    )

    _excused_once = models.UniqueIndex(
        "(excuse_key) WHERE excuse_key IS NOT NULL",
        "This excuse has just been used for another session. Please try again.",
    )
    _check_excused = models.Constraint(
        "CHECK (COALESCE(excused, FALSE) = (excuse_key IS NOT NULL))",
        "An excused session needs its number.",
    )

    def _compute_notice_hours(self):
        for attendance in self:
            told = attendance.notice_at
            attendance.notice_hours = (
                attendance._get_notice_hours(told) if told else 0.0
            )

    def _get_notice_hours(self, told):
        """Return how many hours before the session a cancellation was told.

        :param datetime told: naive UTC
        """
        self.ensure_one()
        start = get_notice_start(self.start, self.session_id.notice_start)
        return get_hours(told, start)

    def _get_possible_outcomes(self):
        """Return the outcomes that these attendances of a session can have now."""
        session = self.session_id
        domain = [("company_id", "in", (session.company_id.id, False))]
        if session.start and session.start > session._now():
            domain.append(("before_start", "=", True))
        outcomes = self.env["coaching.outcome"].search(domain, order="company_id, id")
        by_code = {}
        for outcome in outcomes:
            # a company's own outcome takes the place of the shared one
            by_code.setdefault(outcome.code, outcome)
        return outcomes.browse().union(*by_code.values()).sorted("sequence")

    def _get_notice_at(self, outcome, notice_at=None):
        """Return when the notice was given that an outcome is judged by, or None.

        :param outcome: ``coaching.outcome``
        :param notice_at: as whoever closes says, naive UTC; else what is recorded,
            else this moment
        """
        self.ensure_one()
        if not outcome.before_start:
            return None
        return notice_at or self.notice_at or self.env["coaching.session"]._now()

    def _is_other_than_clock(self, outcome, notice_at):
        """Return whether an outcome says early or late where the clock does not (R6).

        :param outcome: ``coaching.outcome``
        :param notice_at: naive UTC
        """
        self.ensure_one()
        if outcome.state not in CANCELLATIONS:
            return False
        early = self.session_id._is_early(notice_at)
        return early != (outcome.state == "early_cancel")

    def _judge(self, outcome, notice_at=None, uses_session=None):
        """Return what follows from an outcome for each of these attendances.

        :param self: attendances of one company, of any booking types
        :param outcome: ``coaching.outcome``
        :param notice_at: when a cancellation was told, naive UTC
        :param bool uses_session: overrides the policy unless None
        :return: dict of attendance → values to close it with
        :raise UserError: when no row of the policy says what follows
        """
        Policy = self.env["coaching.outcome.policy"]
        by_policy = {}
        for booking_type, batch in self.grouped("booking_type_id").items():
            policy = Policy._get_policy(outcome, booking_type, self.company_id)
            # types that share a row share its allowance
            by_policy[policy] = by_policy.get(policy, self.browse()) | batch
        judged = {}
        for policy, batch in by_policy.items():
            judged.update(batch._judge_by(policy, outcome, notice_at, uses_session))
        return judged

    def _judge_by(self, policy, outcome, notice_at=None, uses_session=None):
        """Return what follows from an outcome under one row of the policy.

        :param policy: ``coaching.outcome.policy``; for the rest see ``_judge``
        """
        notices = {
            attendance: attendance._get_notice_at(outcome, notice_at)
            for attendance in self
        }
        hours = {
            attendance: told and attendance._get_notice_hours(told)
            for attendance, told in notices.items()
        }
        keys = {}
        if policy.excused_count and uses_session is None:
            keys = self.filtered(
                lambda attendance: policy._needs_excuse(hours[attendance])
            )._find_excuse_keys(policy)
        judged = {}
        for attendance, told in notices.items():
            key = keys.get(attendance, False)
            values = policy._decide(hours[attendance], excused=bool(key))
            used = values["uses_session"] if uses_session is None else uses_session
            # what staff return by hand gives no make-up as well
            sent_back = values["uses_session"] and not used
            judged[attendance] = {
                **values,
                "uses_session": used,
                "issues_makeup": values["issues_makeup"] and not sent_back,
                "policy_id": policy.id,
                "policy_overridden": used != values["uses_session"],
                "notice_at": told or False,
                "clock_overridden": attendance._is_other_than_clock(outcome, told),
                "excused": bool(key),
                "excuse_key": key,
            }
        return judged

    def _find_excuse_keys(self, policy):
        """Return the excuse each of these clients still has, the earliest first.

        Only proposed here: the unique index judges who gets it. Who has one keeps it:
        numbers that change places would be there twice for a moment.

        :param policy: ``coaching.outcome.policy`` with an allowance
        :return: dict of attendance → key, without those whose allowance is used up
        """
        by_prefix = {}
        keys = {}
        for attendance in self.sorted(
            lambda attendance: (attendance.start, attendance.id)
        ):
            prefix = policy._get_excuse_prefix(
                attendance.partner_id, attendance._get_local_date()
            )
            attendances = by_prefix.setdefault(prefix, [])
            # sudo: whoever closes need not read excuses; the session's own is kept
            own = attendance.sudo().excuse_key or ""
            if own.startswith(prefix):
                keys[attendance] = own
            else:
                attendances.append(attendance)
        taken = self._get_taken_excuses(by_prefix)
        for own in keys.values():
            prefix, _slash, number = own.rpartition("/")
            taken[f"{prefix}/"].add(int(number))
        for prefix, attendances in by_prefix.items():
            free = take_numbers(taken[prefix], policy.excused_count, len(attendances))
            keys.update(
                (attendance, f"{prefix}{number}")
                for attendance, number in zip(attendances, free, strict=False)
            )
        return keys

    def _get_taken_excuses(self, prefixes):
        """Return the numbers of the excuses other sessions have, by prefix.

        :param prefixes: what ``_get_excuse_prefix`` returns
        :return: dict of prefix → set of int
        """
        # sudo: of other sessions of the same client only the number is read
        others = self.sudo().search_fetch(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("excused", "=", True),
                ("id", "not in", self.ids),
            ],
            ["excuse_key"],
        )
        taken = {prefix: set() for prefix in prefixes}
        for key in others.mapped("excuse_key"):
            prefix, _slash, number = key.rpartition("/")
            if f"{prefix}/" in taken:
                taken[f"{prefix}/"].add(int(number))
        return taken
