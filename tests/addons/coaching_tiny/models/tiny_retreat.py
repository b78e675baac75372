from odoo import fields, models


class TinyRetreat(models.Model):
    """Days on which a coach is on a retreat."""

    _name = "tiny.retreat"
    _description = "Retreat"

    coach_id = fields.Many2one(comodel_name="coaching.coach", required=True)
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
