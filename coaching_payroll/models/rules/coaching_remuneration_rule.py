from odoo import api, fields, models


class CoachingRemunerationRule(models.Model):
    """What a coach earns for a session, from one day to another (R131)."""

    _name = "coaching.remuneration.rule"
    _description = "Remuneration Rule"
    _order = "coach_id, booking_type_id, date_from desc, id"
    _check_company_auto = True

    coach_id = fields.Many2one(
        comodel_name="coaching.coach",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        help="Empty: for every coach without a rule of their own.",
    )
    booking_type_id = fields.Many2one(
        comodel_name="coaching.booking.type",
        ondelete="cascade",
        check_company=True,
        help="Empty: for every booking type without a rule of its own.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    basis = fields.Selection(
        selection=[("session", "Per session"), ("hour", "Per hour")],
        string="Paid",
        required=True,
        default="session",
        help="Hours count as booked.",
    )
    amount = fields.Monetary(required=True)
    date_from = fields.Date(string="From", help="Empty: no start date.")
    date_to = fields.Date(string="Until", help="Last day. Empty: no end date.")
    active = fields.Boolean(default=True)

    _check_amount = models.Constraint("CHECK (amount >= 0)", "Pay can't be negative.")
    _check_dates = models.Constraint(
        "CHECK (date_to >= date_from)", "A rule must end after it begins."
    )
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist ("
        "int4range(company_id, company_id, '[]') WITH =,"
        " int4range(COALESCE(coach_id, 0), COALESCE(coach_id, 0), '[]') WITH =,"
        " int4range(COALESCE(booking_type_id, 0), COALESCE(booking_type_id, 0), '[]')"
        " WITH =, daterange(date_from, date_to, '[]') WITH &&) WHERE (active)",
        "Another rule already covers this coach and booking type on some of these"
        " days. End that rule first.",
    )

    @api.depends("coach_id", "booking_type_id", "basis", "amount")
    def _compute_display_name(self):
        bases = dict(self._fields["basis"]._description_selection(self.env))
        for rule in self:
            parts = [
                rule.coach_id.name or self.env._("Every coach"),
                rule.booking_type_id.name,
                f"{rule.currency_id.format(rule.amount)} {bases.get(rule.basis, '')}",
            ]
            rule.display_name = ", ".join(filter(None, parts))

    @api.model_create_multi
    def create(self, vals_list):
        # the rule that these follow ends first, or the constraint sees an overlap
        self.flush_model()
        return super().create(vals_list)

    @api.model
    def _get_rules(self, companies):
        """Return all rules of companies, to be asked by ``_find``."""
        return self.search_fetch(
            [("company_id", "in", companies.ids)],
            [
                "company_id",
                "coach_id",
                "booking_type_id",
                "date_from",
                "date_to",
                "basis",
                "amount",
            ],
        )

    def _find(self, coach, booking_type, date, company=None):
        """Return the rule among these that applies, the most specific one.

        A rule for the coach beats one for all coaches, then a rule for the booking
        type beats one for all types.

        :param date date: day of the session, in the coach's zone
        :param company: ``res.company`` of the session, else the coach's of today
        """
        company = company or coach.company_id
        rules = self.filtered(
            lambda rule: rule.company_id == company
            and rule.coach_id in (coach, coach.browse())
            and rule.booking_type_id in (booking_type, booking_type.browse())
            and (not rule.date_from or rule.date_from <= date)
            and (not rule.date_to or date <= rule.date_to)
        )
        return rules.sorted(lambda rule: (not rule.coach_id, not rule.booking_type_id))[
            :1
        ]

    def _get_quantity(self, session, basis=None):
        """Return how many times the amount is paid: sessions, or hours.

        :param str basis: as it was used before, else the rule's
        """
        self.ensure_one()
        if (basis or self.basis) == "hour":
            return (session.stop - session.start).total_seconds() / 3600
        return 1.0
