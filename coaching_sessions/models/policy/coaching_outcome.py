from odoo import fields, models


class CoachingOutcome(models.Model):
    """The rows of the policy matrix about an outcome."""

    _inherit = "coaching.outcome"

    policy_ids = fields.One2many(
        comodel_name="coaching.outcome.policy",
        inverse_name="outcome_id",
        string="Consequences",
    )
