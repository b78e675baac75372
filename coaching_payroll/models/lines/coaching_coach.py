from odoo import fields, models


class CoachingCoach(models.Model):
    """What a coach earned."""

    _inherit = "coaching.coach"

    remuneration_line_ids = fields.One2many(
        comodel_name="coaching.remuneration.line", inverse_name="coach_id"
    )
    to_pay_amount = fields.Monetary(
        string="To pay",
        currency_field="pay_currency_id",
        compute="_compute_to_pay_amount",
        groups="coaching_sessions.group_coaching_manager",
        help="Earnings not yet paid by a confirmed payslip.",
    )
    pay_currency_id = fields.Many2one(related="company_id.currency_id")

    def _compute_to_pay_amount(self):
        amounts = dict(
            self.env["coaching.remuneration.line"]._read_group(
                [
                    ("coach_id", "in", self.ids),
                    ("state", "in", ("to_pay", "on_payslip")),
                ],
                ["coach_id"],
                ["amount:sum"],
            )
        )
        for coach in self:
            coach.to_pay_amount = amounts.get(coach, 0.0)

    def action_view_remuneration(self):
        """Open what this coach earned and what was left out (R141)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_payroll.coaching_remuneration_line_action"
        )
        action["domain"] = [("coach_id", "=", self.id)]
        action["context"] = {"search_default_group_state": 1}
        return action
