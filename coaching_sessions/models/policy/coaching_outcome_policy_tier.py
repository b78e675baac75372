from odoo import api, fields, models


class CoachingOutcomePolicyTier(models.Model):
    """What follows instead when a cancellation comes with more notice (R55).

    For instance: late is less than 48 hours; whoever cancels more than 24 hours
    before the start still gets half of it back.
    """

    _name = "coaching.outcome.policy.tier"
    _description = "Notice Tier"
    _inherit = ["coaching.shared.mixin", "coaching.cached.mixin"]
    _order = "policy_id, notice_hours desc"
    _rec_name = "notice_hours"

    policy_id = fields.Many2one(
        comodel_name="coaching.outcome.policy",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True)
    notice_hours = fields.Float(
        string="With more notice than",
        required=True,
        aggregator=None,
        help="Hours. With exactly this much notice, the next lower tier applies.",
    )
    uses_session = fields.Boolean(string="Uses the session")
    charge_percent = fields.Float(string="Client pays (%)", aggregator=None)
    refund_percent = fields.Float(string="Client gets back (%)", aggregator=None)
    pay_percent = fields.Float(string="Coach earns (%)", aggregator=None)
    issues_makeup = fields.Boolean(string="Gives a make-up")

    _notice_unique = models.UniqueIndex(
        "(policy_id, notice_hours)",
        "There is already a tier for this notice. Change that tier.",
    )
    _check_notice = models.Constraint(
        "CHECK (notice_hours > 0)", "A tier needs more than 0 hours' notice."
    )
    _check_percents = models.Constraint(
        "CHECK (charge_percent BETWEEN 0 AND 100 AND refund_percent BETWEEN 0 AND 100"
        " AND pay_percent BETWEEN 0 AND 100)",
        "Percentages must be between 0 and 100.",
    )

    @api.depends("notice_hours")
    def _compute_display_name(self):
        for tier in self:
            tier.display_name = self.env._(
                "more than %(hours)g hours' notice", hours=tier.notice_hours
            )
