from odoo import fields, models


class CoachingBookingType(models.Model):
    """Who may book a series."""

    _inherit = "coaching.booking.type"

    allow_series_by_client = fields.Boolean(
        string="Clients can book series",
        help="Clients may book a whole series for themselves; else only coaches and"
        " managers do.",
    )
