from odoo import fields, models
from odoo.exceptions import UserError

CODE = "COACHING"
# what says whose pay of which time it is
FIXED = {"employee_id", "company_id", "date_from", "date_to", "credit_note"}


class HrPayslip(models.Model):
    """A payslip pays the sessions of its period, whatever made it (R139).

    Computing gathers the coach's lines, being done pays them, being cancelled gives
    them back.
    """

    _inherit = "hr.payslip"

    coaching_line_ids = fields.One2many(
        comodel_name="coaching.remuneration.line",
        inverse_name="payslip_id",
        string="Sessions paid",
        readonly=True,
        copy=False,
    )
    coaching_currency_id = fields.Many2one(related="company_id.currency_id")
    coaching_total = fields.Monetary(
        string="Pay for sessions",
        currency_field="coaching_currency_id",
        compute="_compute_coaching_total",
    )

    def _compute_coaching_total(self):
        for payslip in self:
            payslip.coaching_total = sum(payslip.coaching_line_ids.mapped("amount"))

    # === COMPUTATION === #

    def compute_sheet(self):
        """Gather what the coaches earned, then compute.

        :raise UserError: for a payslip that is done, it never changes
        """
        for payslip in self.filtered(lambda payslip: payslip.state == "done"):
            if payslip.coaching_line_ids:
                raise UserError(
                    self.env._(
                        "%(payslip)s is confirmed, so it can't change. Later changes"
                        " will be on the next payslip.",
                        payslip=payslip.number or payslip.name or payslip.display_name,
                    )
                )
        # sudo: payroll officers need not have rights in coaching
        Line = self.env["coaching.remuneration.line"].sudo()
        for payslip in self:
            payslip.sudo().coaching_line_ids._take_off_payslip()
            if not payslip.credit_note:
                Line._gather(payslip.sudo())
        self.invalidate_recordset(["coaching_line_ids"])
        self._fit_payroll_precision()
        result = super().compute_sheet()
        for payslip in self:
            payslip._take_off_uncomputed_coaching_lines()
        return result

    def _fit_payroll_precision(self):
        """Let lines of payslips have the decimals of the currencies sessions pay in.

        Payroll rounds to its own precision, two decimals as shipped: of 25.314 dinars
        it would pay 25.31. The precision is only ever raised: what a business set
        finer is its own.
        """
        paying = self.filtered(lambda payslip: payslip._pays_sessions())
        # sudo: officers need not read companies or change precisions
        currencies = paying.sudo().company_id.currency_id
        wanted = max(currencies.mapped("decimal_places"), default=0)
        Precision = self.env["decimal.precision"].sudo()
        if wanted > Precision.precision_get("Payroll"):
            Precision.search([("name", "=", "Payroll")]).digits = wanted

    def _take_off_uncomputed_coaching_lines(self):
        """Give lines back that no salary rule paid, so that they are not lost."""
        self.ensure_one()
        lines = self.sudo().coaching_line_ids
        if lines and not self._is_coaching_total_computed():
            lines._take_off_payslip()

    def _is_coaching_total_computed(self):
        """Return whether the payslip pays exactly what its lines say."""
        self.ensure_one()
        computed = sum(
            self.line_ids.filtered(lambda line: line.code == CODE).mapped("total")
        )
        total = sum(self.sudo().coaching_line_ids.mapped("amount"))
        return self.company_id.currency_id.compare_amounts(computed, total) == 0

    def _get_employee_contracts(self):
        """Fall back on the version of the day for coaches without contract dates.

        Coaches paid by the session often have no contract in Odoo's sense.
        """
        contracts = super()._get_employee_contracts()
        for payslip in self.filtered(lambda payslip: payslip._pays_sessions()):
            if not contracts.filtered(
                lambda version, payslip=payslip: version.employee_id
                == payslip.employee_id
            ):
                contracts |= payslip.employee_id._get_version(payslip.date_to)
        return contracts

    def _get_salary_rules(self):
        """Add the rule for sessions where the structure has none.

        So that a payslip works without configuring payroll, and none forgets to pay.
        """
        rules = super()._get_salary_rules()
        if self._pays_sessions() and CODE not in rules.mapped("code"):
            rules |= self.env.ref("coaching_payroll.hr_salary_rule_coaching")
        return rules.sorted("sequence")

    def _pays_sessions(self):
        """Return whether there is something earned in sessions on this payslip."""
        return bool(self.sudo().coaching_line_ids)

    def _get_coaching_total(self, contract):
        """Return the pay for sessions, for the salary rule.

        :param contract: ``hr.version`` the rule is computed for. An employee with
            several in the period is paid with the first, not with each.
        :return: amount in the company's currency
        """
        self.ensure_one()
        if contract != self._get_employee_contracts()[:1]:
            return 0.0
        return sum(self.sudo().coaching_line_ids.mapped("amount"))

    # === STATES === #

    def action_payslip_done(self):
        """Confirm, once: a payslip that is done is not computed again."""
        return super(
            HrPayslip, self.filtered(lambda payslip: payslip.state != "done")
        ).action_payslip_done()

    def write(self, vals):
        """Let the lines follow the payslip's state, however that changes."""
        state = vals.get("state")
        if (state and state not in ("done", "cancel")) or FIXED & set(vals):
            self._check_not_paid()
        if FIXED & set(vals):
            # of somebody else or another period: to be gathered again
            self.sudo().coaching_line_ids._take_off_payslip()
        if state == "done":
            self._check_no_dispute()
            self._check_coaching_total()
        result = super().write(vals)
        # sudo: payroll officers need not have rights in coaching
        lines = self.sudo().coaching_line_ids
        if state == "done":
            lines.filtered(lambda line: line.state == "on_payslip").write(
                {"state": "paid"}
            )
        elif state == "cancel":
            lines._take_off_payslip()
        return result

    def _check_not_paid(self):
        """Raise for payslips that have paid sessions: they never change."""
        for payslip in self:
            if payslip.state == "done" and payslip.sudo().coaching_line_ids:
                raise UserError(
                    self.env._(
                        "%(payslip)s has paid sessions, so it can't change. Refund"
                        " it, or let the next payslip correct it.",
                        payslip=payslip.number or payslip.display_name,
                    )
                )

    def _check_no_dispute(self):
        """Raise when a client disputes a session that would be paid now.

        Lines of disputed sessions leave the payslip as the dispute opens; this looks
        at the disputes themselves before any money moves.
        """
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT line.payslip_id, session.name
              FROM coaching_remuneration_line line
              JOIN coaching_session session ON session.id = line.session_id
             WHERE line.payslip_id = ANY(%s) AND line.state = 'on_payslip'
               AND (line.on_hold OR EXISTS (
                    SELECT FROM coaching_dispute dispute
                     WHERE dispute.state = 'open' AND dispute.attendance_id
                           IN (line.attendance_id, line.entitlement_id)))
             LIMIT 1
            """,
            [self.ids],
        )
        row = self.env.cr.fetchone()
        if row:
            payslip = self.browse(row[0])
            raise UserError(
                self.env._(
                    "A client disputes %(session)s, so it can't be paid yet. Ask a"
                    " manager to settle the dispute, or recompute %(payslip)s: the"
                    " session will then be on the next payslip.",
                    session=row[1],
                    payslip=payslip.number or payslip.name or payslip.display_name,
                )
            )

    def _check_coaching_total(self):
        """Raise when sessions were corrected since the payslip was computed."""
        for payslip in self:
            lines = payslip.sudo().coaching_line_ids
            # a refund copies what was paid, its lines come with it later
            if (payslip.credit_note and not lines) or payslip.state == "done":
                continue
            if not payslip._is_coaching_total_computed():
                raise UserError(
                    self.env._(
                        "The total of %(payslip)s for %(employee)s does not match"
                        " its sessions. Recompute it. If the total still does not"
                        " match, make sure the salary rule COACHING pays exactly"
                        " payslip._get_coaching_total(contract).",
                        employee=payslip.employee_id.name,
                        payslip=payslip.number or payslip.display_name,
                    )
                )

    def unlink(self):
        # sudo: payroll officers need not have rights in coaching
        self.sudo().coaching_line_ids._take_off_payslip()
        return super().unlink()

    def refund_sheet(self):
        """Take the pay back with the refund, and leave it to be paid again.

        :raise UserError: for a refund, and for a payslip that is refunded already
        """
        for payslip in self.filtered(lambda payslip: payslip.sudo().coaching_line_ids):
            refund = payslip.refunded_id
            if payslip.credit_note or (refund and refund.state != "cancel"):
                raise UserError(
                    self.env._(
                        "%(payslip)s is a refund or was already refunded. Open"
                        " sessions will be on the next payslip.",
                        payslip=payslip.number or payslip.display_name,
                    )
                )
        result = super().refund_sheet()
        for payslip in self:
            # sudo: payroll officers need not have rights in coaching
            payslip.sudo().coaching_line_ids._refund(payslip.refunded_id)
        return result
