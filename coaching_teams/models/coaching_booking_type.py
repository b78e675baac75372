from odoo import fields, models


class CoachingBookingType(models.Model):
    _inherit = "coaching.booking.type"

    video_provider = fields.Selection(
        selection_add=[("teams", "Microsoft Teams")],
        ondelete={"teams": "set default"},
    )
