from odoo import api, fields, models


class CoachingBookingType(models.Model):
    """The rows of the policy matrix that count for a booking type."""

    _inherit = "coaching.booking.type"

    policy_ids = fields.One2many(
        comodel_name="coaching.outcome.policy",
        inverse_name="booking_type_id",
        string="Own policy",
    )
    effective_policy_ids = fields.Many2many(
        comodel_name="coaching.outcome.policy",
        compute="_compute_effective_policy_ids",
        string="Policy for each outcome",
    )

    @api.depends("complimentary", "company_id", "policy_ids")
    @api.depends_context("company")
    def _compute_effective_policy_ids(self):
        outcomes = self.env["coaching.outcome"].search([("active", "=", True)])
        rows = self.env["coaching.outcome.policy"].search(
            [("outcome_id", "in", outcomes.ids)]
        )
        for booking_type in self:
            company = booking_type.company_id or self.env.company
            chosen = {}
            for row in rows.sorted(
                lambda row: (bool(row.booking_type_id), bool(row.company_id))
            ):
                if (
                    row.complimentary == booking_type.complimentary
                    and row.booking_type_id
                    in (booking_type._origin, rows.env[self._name])
                    and row.company_id in (company, company.browse())
                ):
                    chosen[row.outcome_id] = row
            booking_type.effective_policy_ids = rows.browse(
                [chosen[outcome].id for outcome in outcomes if outcome in chosen]
            )

    def write(self, vals):
        result = super().write(vals)
        if "complimentary" in vals:
            # its own rows are those of its kind, paid or complimentary
            self.policy_ids.complimentary = vals["complimentary"]
        return result

    def action_customize_policy(self):
        """Copy the policy that applies into rows of this booking type's own."""
        self.ensure_one()
        own = self.policy_ids.outcome_id
        for row in self.effective_policy_ids.filtered(
            lambda row: row.outcome_id not in own
        ):
            company = row.company_id or self.company_id
            row.copy({"booking_type_id": self.id, "company_id": company.id})
