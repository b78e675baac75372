from odoo import fields, models


class CoachingSessionProposeLine(models.TransientModel):
    """One of the times that are offered."""

    _name = "coaching.session.propose.line"
    _description = "Time to Offer"
    _order = "start, id"

    wizard_id = fields.Many2one(
        string="Dialog",
        comodel_name="coaching.session.propose",
        required=True,
        ondelete="cascade",
    )
    start = fields.Datetime(required=True)
