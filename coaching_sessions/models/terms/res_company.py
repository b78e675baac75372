from odoo import fields, models


class ResCompany(models.Model):
    """The terms that clients accept where a booking type has none."""

    _inherit = "res.company"

    coaching_terms_id = fields.Many2one(
        comodel_name="coaching.terms",
        string="Terms",
        ondelete="restrict",
        help="Terms clients accept when booking types have no terms of their own.",
    )
