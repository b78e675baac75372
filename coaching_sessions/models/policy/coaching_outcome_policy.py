from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import ormcache

from ...tools.notice import is_more
from ...tools.periods import get_period_key

# what follows from an outcome, copied to the attendance when it is closed
POLICY_FIELDS = [
    "uses_session",
    "charge_percent",
    "refund_percent",
    "pay_percent",
    "issues_makeup",
]

PERIODS = [("month", "a month"), ("quarter", "a quarter"), ("year", "a year")]


class CoachingOutcomePolicy(models.Model):
    """A row of the policy matrix: what follows from an outcome (R15-R28, R124-R126).

    Found by outcome and by whether the booking type is complimentary. A row of a
    company beats a shared one, a row for a booking type beats one for all types.
    """

    _name = "coaching.outcome.policy"
    _description = "Outcome Policy"
    _inherit = ["coaching.shared.mixin", "coaching.cached.mixin"]
    _order = "complimentary, outcome_sequence, outcome_id, booking_type_id, id"
    _check_company_auto = True

    outcome_id = fields.Many2one(
        comodel_name="coaching.outcome",
        required=True,
        ondelete="cascade",
        index=True,
        check_company=True,
    )
    outcome_sequence = fields.Integer(related="outcome_id.sequence", store=True)
    complimentary = fields.Boolean(
        help="Applies to complimentary booking types; otherwise to paid ones."
    )
    booking_type_id = fields.Many2one(
        string="Booking type",
        comodel_name="coaching.booking.type",
        ondelete="cascade",
        index="btree_not_null",
        check_company=True,
        help="Empty: applies to every booking type.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", help="Empty: applies to every company."
    )
    uses_session = fields.Boolean(
        string="Uses the session",
        help="The session is used as if it had taken place. Otherwise it is returned to"
        " the package.",
    )
    charge_percent = fields.Float(
        string="Client pays (%)",
        aggregator=None,
        help="Share of the price that the client owes. Recorded with the session.",
    )
    refund_percent = fields.Float(
        string="Client gets back (%)",
        aggregator=None,
        help="Share of the payment that the client gets back. Recorded with the"
        " session.",
    )
    pay_percent = fields.Float(
        string="Coach earns (%)",
        aggregator=None,
        help="Share of the usual pay for the session.",
    )
    issues_makeup = fields.Boolean(
        string="Gives a make-up",
        help="The client gets one free make-up session for it.",
    )

    tier_ids = fields.One2many(
        comodel_name="coaching.outcome.policy.tier",
        inverse_name="policy_id",
        string="With more notice",
        copy=True,
        help="Consequences of a cancellation with more notice.",
    )
    # goodwill: so many times a period it is excused, counted and shown
    excused_count = fields.Integer(
        string="Excused",
        aggregator=None,
        help="How often per client and period it is excused: the session is returned"
        " and"
        " nothing is charged. 0: never.",
    )
    excused_period = fields.Selection(
        string="Excused per", selection=PERIODS, required=True, default="year"
    )
    excused_pay_percent = fields.Float(
        string="Coach earns when excused (%)",
        aggregator=None,
        help="Share of the usual pay for an excused session.",
    )

    _row_unique = models.UniqueIndex(
        "(outcome_id, complimentary, COALESCE(booking_type_id, 0),"
        " COALESCE(company_id, 0))",
        "There is already a line for this outcome. Change that line.",
    )
    _check_percents = models.Constraint(
        "CHECK (charge_percent BETWEEN 0 AND 100 AND refund_percent BETWEEN 0 AND 100"
        " AND pay_percent BETWEEN 0 AND 100"
        " AND excused_pay_percent BETWEEN 0 AND 100)",
        "Percentages must be between 0 and 100.",
    )
    _check_excused = models.Constraint(
        "CHECK (excused_count >= 0)",
        "The number of excused times can't be negative.",
    )

    @api.depends("outcome_id", "complimentary", "booking_type_id")
    def _compute_display_name(self):
        for policy in self:
            kind = (
                self.env._("complimentary")
                if policy.complimentary
                else self.env._("paid")
            )
            names = [policy.outcome_id.name or "", policy.booking_type_id.name, kind]
            policy.display_name = ", ".join(filter(None, names))

    @api.model
    def _get_policy(self, outcome, booking_type, company):
        """Return the row of the matrix that applies.

        :param outcome: ``coaching.outcome``
        :param booking_type: ``coaching.booking.type`` of the session
        :param company: ``res.company`` of the session
        :raise UserError: when no row says what follows
        """
        policy_id = self._find_policy_id(
            outcome.id, booking_type.complimentary, booking_type.id, company.id
        )
        if not policy_id:
            raise UserError(
                self.env._(
                    "There is no policy for “%(outcome)s” with “%(booking_type)s”."
                    " Add one under Coaching → Configuration → Policies.",
                    outcome=outcome.name,
                    booking_type=booking_type.name,
                )
            )
        return self.browse(policy_id)

    @api.model
    @ormcache("outcome_id", "complimentary", "booking_type_id", "company_id")
    def _find_policy_id(self, outcome_id, complimentary, booking_type_id, company_id):
        """Return the id of the row that applies, or False."""
        # sudo: the answer is cached for everybody, so it must not depend on who asks
        rows = self.sudo().search(
            [
                ("outcome_id", "=", outcome_id),
                ("complimentary", "=", complimentary),
                ("booking_type_id", "in", (booking_type_id, False)),
                ("company_id", "in", (company_id, False)),
            ]
        )
        ordered = rows.sorted(
            lambda row: (not row.booking_type_id, not row.company_id, row.id)
        )
        return ordered[:1].id

    def _decide(self, notice_hours=None, excused=False):
        """Return what follows under this row (R45, R49, R55).

        :param float notice_hours: notice a cancellation came with, None for none;
            the tier with the most hours below it applies
        :param bool excused: by the allowance of the client
        :return: dict of field of ``coaching.attendance`` → value
        """
        self.ensure_one()
        tier = self._get_tier(notice_hours)
        if excused:
            values = self._decide_excused()
        else:
            values = {name: (tier or self)[name] for name in POLICY_FIELDS}
        return {**values, "tier_id": tier.id}

    def _needs_excuse(self, notice_hours=None):
        """Return whether the client loses something that an excuse would spare.

        With enough notice nothing is lost, and the allowance is kept for another time.

        :param float notice_hours: as ``_decide``
        """
        self.ensure_one()
        values = self._decide(notice_hours)
        return bool(values["uses_session"] or values["charge_percent"])

    def _decide_excused(self):
        """Return what follows when it is excused; a hook."""
        self.ensure_one()
        return {
            "uses_session": False,
            "charge_percent": 0.0,
            "refund_percent": 100.0,
            "pay_percent": self.excused_pay_percent,
            "issues_makeup": False,
        }

    def _get_tier(self, notice_hours):
        """Return the tier that a notice falls into, empty for the row itself.

        :param float notice_hours: hours before the start, None for none
        """
        self.ensure_one()
        Tier = self.env["coaching.outcome.policy.tier"]
        for hours, tier_id in self._find_tiers(self.id) if notice_hours else ():
            if is_more(notice_hours, hours):
                return Tier.browse(tier_id)
        return Tier

    @api.model
    @ormcache("policy_id")
    def _find_tiers(self, policy_id):
        """Return (hours, id) of the tiers of a row, the most hours first."""
        # sudo: the answer is cached for everybody, so it must not depend on who asks
        tiers = self.sudo().browse(policy_id).tier_ids
        return tuple(
            sorted(((tier.notice_hours, tier.id) for tier in tiers), reverse=True)
        )

    def _get_excuse_prefix(self, partner, day):
        """Return what the allowance of a client in a period is known by.

        :param partner: ``res.partner``
        :param date day: day of the session
        """
        self.ensure_one()
        period = get_period_key(day, self.excused_period)
        return f"{self.id}/{partner.id}/{period}/"
