from odoo import api, fields, models


class CoachingDisputeAccept(models.TransientModel):
    """Dialog that accepts a dispute and says what recording it anew leads to."""

    _name = "coaching.dispute.accept"
    _description = "Accept a Dispute"
    _inherit = ["coaching.dialog.mixin"]

    dispute_id = fields.Many2one(
        comodel_name="coaching.dispute", required=True, readonly=True
    )
    claim = fields.Text(related="dispute_id.claim", related_sudo=False)
    outcome_id = fields.Many2one(
        comodel_name="coaching.outcome",
        string="What really happened",
        required=True,
        domain="[('id', 'in', allowed_outcome_ids)]",
    )
    allowed_outcome_ids = fields.Many2many(
        string="Outcomes to choose from",
        comodel_name="coaching.outcome",
        compute="_compute_allowed_outcome_ids",
    )
    resolution = fields.Text(
        string="Answer", help="The client sees it, and it is kept with the session."
    )
    consequences = fields.Text(
        string="What will happen", compute="_compute_consequences"
    )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        dispute = self.env["coaching.dispute"].browse(values.get("dispute_id"))
        outcome = dispute.wanted_outcome_id
        if dispute.kind == "coach_no_show":
            outcome = outcome._get_by_code("coach_missed", dispute.company_id)
        if outcome:
            values["outcome_id"] = outcome.id
        return values

    @api.depends("dispute_id")
    def _compute_allowed_outcome_ids(self):
        for wizard in self:
            session = wizard.dispute_id.session_id
            domain = [("company_id", "in", (session.company_id.id, False))]
            if session.start and session.start > session._now():
                domain.append(("before_start", "=", True))
            wizard.allowed_outcome_ids = self.env["coaching.outcome"].search(domain)

    @api.depends("dispute_id", "outcome_id")
    def _compute_consequences(self):
        for wizard in self:
            attendance, outcome = wizard.dispute_id.attendance_id, wizard.outcome_id
            sentences = []
            if outcome:
                sentences = attendance._get_consequences(outcome)
                sentences += attendance._get_pay_consequences(outcome)
            wizard.consequences = "\n".join(sentences)

    def action_accept(self):
        """Accept with what the dialog says."""
        self.ensure_one()
        self.dispute_id.action_accept(
            self.outcome_id.code, resolution=self.resolution or ""
        )
        return {"type": "ir.actions.act_window_close"}
