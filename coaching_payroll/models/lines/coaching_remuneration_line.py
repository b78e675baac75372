from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.coaching_sessions.tools.arguments import check_there


class CoachingRemunerationLine(models.Model):
    """What a closed session earned its coach, or why it was left out (R9, R139, R141).

    Append-only, in the database too: only the state, the payslip, and whether another
    line takes it back change. Of a missed session and its make-up at most one line
    earns, see ``_earned_once``.
    """

    _name = "coaching.remuneration.line"
    _description = "Remuneration Line"
    _inherit = ["coaching.ledger.mixin"]
    _order = "date desc, id desc"
    _rec_name = "session_id"

    _ledger_reversal = "reversal_of_id"
    _ledger_mutable = ("state", "payslip_id", "is_reversed", "on_hold")
    _ledger_copied = (
        "session_id",
        "attendance_id",
        "entitlement_id",
        "coach_id",
        "employee_id",
        "company_id",
        "currency_id",
        "date",
        "basis",
        "rate",
        "pay_percent",
    )
    _ledger_negated = ("quantity", "amount")

    session_id = fields.Many2one(
        comodel_name="coaching.session",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    attendance_id = fields.Many2one(
        comodel_name="coaching.attendance",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(related="attendance_id.partner_id", string="Client")
    booking_type_id = fields.Many2one(
        related="session_id.booking_type_id", store=True, precompute=True
    )
    outcome_id = fields.Many2one(related="attendance_id.outcome_id")
    entitlement_id = fields.Many2one(
        comodel_name="coaching.attendance",
        required=True,
        readonly=True,
        ondelete="restrict",
        help="The session that is paid: this one, or the missed one it makes up for.",
    )
    coach_id = fields.Many2one(
        comodel_name="coaching.coach",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    employee_id = fields.Many2one(
        comodel_name="hr.employee",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="coaching_sessions.group_coaching_manager,payroll.group_payroll_user",
        help="The employee paid: the coach's employee when it was earned.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency", required=True, readonly=True, ondelete="restrict"
    )
    date = fields.Date(
        required=True,
        readonly=True,
        index=True,
        help="Day of the session in the coach's time zone.",
    )
    rule_id = fields.Many2one(
        comodel_name="coaching.remuneration.rule", readonly=True, ondelete="restrict"
    )
    basis = fields.Selection(
        selection=lambda self: self.env["coaching.remuneration.rule"]
        ._fields["basis"]
        .selection,
        string="Paid",
        readonly=True,
    )
    rate = fields.Monetary(
        readonly=True,
        aggregator=None,
        help="The amount of the rule at that time.",
    )
    quantity = fields.Float(readonly=True, digits=(16, 4), aggregator=None)
    pay_percent = fields.Float(string="Share (%)", readonly=True, aggregator=None)
    amount = fields.Monetary(readonly=True)
    earns = fields.Boolean(
        readonly=True,
        help="The session that the pay is for; its make-ups are not paid again.",
    )
    excluded_reason = fields.Char(string="Reason left out", readonly=True)
    state = fields.Selection(
        selection=[
            ("to_pay", "To pay"),
            ("excluded", "Left out"),
            ("on_payslip", "On a payslip"),
            ("paid", "Paid"),
            ("reversed", "Reversed"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    payslip_id = fields.Many2one(
        comodel_name="hr.payslip",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    reversal_of_id = fields.Many2one(
        comodel_name="coaching.remuneration.line",
        string="Reverses",
        readonly=True,
        ondelete="restrict",
    )
    is_reversed = fields.Boolean(string="Taken back", readonly=True)
    refund_of_id = fields.Many2one(
        comodel_name="coaching.remuneration.line",
        string="Refunded line",
        readonly=True,
        ondelete="restrict",
        help="One of the two lines that take a paid line off a refunded payslip, so it"
        " can be paid again.",
    )
    on_hold = fields.Boolean(
        string="On hold: disputed",
        readonly=True,
        copy=False,
        help="A client disputes this session. It will be on the next payslip once the"
        " dispute is settled.",
    )
    hold_reason = fields.Char(string="On hold", compute="_compute_hold_reason")
    is_settled = fields.Boolean(
        string="Paid elsewhere",
        readonly=True,
        help="Closed before payroll was installed, so it is paid elsewhere.",
    )

    _earned_once = models.UniqueIndex(
        "(entitlement_id)"
        " WHERE earns AND NOT COALESCE(is_reversed, FALSE)"
        " AND reversal_of_id IS NULL AND refund_of_id IS NULL",
        "The coach is already paid for this session or its make-up.",
    )
    _session_paid_once = models.UniqueIndex(
        "(session_id) WHERE rule_id IS NOT NULL AND basis IN ('session', 'hour')"
        " AND NOT COALESCE(is_reversed, FALSE)"
        " AND reversal_of_id IS NULL AND refund_of_id IS NULL",
        "The coach is already paid for this session.",
    )
    _attendance_once = models.UniqueIndex(
        "(attendance_id)"
        " WHERE NOT COALESCE(is_reversed, FALSE)"
        " AND reversal_of_id IS NULL AND refund_of_id IS NULL",
        "This session already has its line.",
    )
    _reversed_once = models.UniqueIndex(
        "(reversal_of_id) WHERE reversal_of_id IS NOT NULL",
        "This line is already reversed.",
    )
    _refunded_once = models.UniqueIndex(
        "(refund_of_id, (quantity > 0)) WHERE refund_of_id IS NOT NULL",
        "This line is already refunded.",
    )
    _check_state = models.Constraint(
        "CHECK ((state IN ('on_payslip', 'paid')) = (payslip_id IS NOT NULL))",
        "A line that is on a payslip needs its payslip.",
    )
    _check_excluded = models.Constraint(
        "CHECK (state <> 'excluded' OR (amount = 0 AND excluded_reason IS NOT NULL))",
        "A line that is left out needs a reason.",
    )
    _check_hold = models.Constraint(
        "CHECK (state <> 'on_payslip' OR NOT COALESCE(on_hold, FALSE))",
        "A disputed line can't be on a payslip.",
    )
    _to_pay_index = models.Index("(coach_id, date) WHERE state = 'to_pay'")

    @api.depends("on_hold", "state")
    def _compute_hold_reason(self):
        for line in self:
            waits = line.on_hold and line.state == "to_pay"
            line.hold_reason = self.env._("On hold: disputed") if waits else False

    @api.model
    def _get_unchangeable_message(self):
        return self.env._(
            "Remuneration lines can't change. Correct the outcome of the session;"
            " the difference will be on the next payslip."
        )

    @api.model
    def _get_undeletable_message(self):
        return self.env._("Remuneration lines can't be deleted.")

    # === BUSINESS METHODS === #

    def _reverse(self):
        """Take lines back: what was paid is corrected in the next payslip.

        What no payslip has paid yet simply does not get there any more.
        """
        vals_list = []
        for line in self:
            if line.amount:
                vals_list.append(
                    {
                        **line._prepare_reversal_values(),
                        "state": "to_pay" if line.state == "paid" else "reversed",
                    }
                )
        self.write({"is_reversed": True})
        self.filtered(lambda line: line.state != "paid").write(
            {"state": "reversed", "payslip_id": False}
        )
        return self.create(vals_list)

    @api.model
    def _invalidate_holds(self):
        """Forget what is known of lines that began or ceased to wait; a hook."""
        names = ["on_hold", "hold_reason", "state", "payslip_id"]
        self.invalidate_model(names, flush=False)

    def _is_live(self):
        """Return whether the line stands: not taken back and taking nothing back."""
        self.ensure_one()
        return not (self.is_reversed or self.reversal_of_id or self.refund_of_id)

    def _differs(self, values, recompute=False):
        """Return whether another line should stand in place of this one.

        :param dict values: of the line that should stand, None for none
        :param bool recompute: whether another amount alone is a difference
        """
        self.ensure_one()
        if not values:
            return True
        if (
            self.coach_id.id != values["coach_id"]
            or self.entitlement_id.id != values["entitlement_id"]
            or self.earns != values["earns"]
            or bool(self.rule_id) != bool(values["rule_id"])
            or (self.excluded_reason or None) != values["excluded_reason"]
            or self.pay_percent != values["pay_percent"]
        ):
            return True
        return recompute and bool(
            self.currency_id.compare_amounts(self.amount, values["amount"])
        )

    def action_recompute(self):
        """Look again at what these sessions earn, after rules changed.

        What a payslip that is done has paid stays; the difference comes in the next.
        """
        self.check_access("read")
        check_there(self)
        if not self.env.user.has_group("coaching_sessions.group_coaching_manager"):
            raise UserError(self.env._("Only a manager can recompute pay."))
        # sudo: the right was checked; nobody writes lines by hand
        self.sudo().attendance_id._sync_remuneration(recompute=True)

    def action_view_session(self):
        """Open the session."""
        self.ensure_one()
        return self.attendance_id.action_view_session()
