from odoo import fields, models


class CoachingBookingType(models.Model):
    _inherit = "coaching.booking.type"

    video_provider = fields.Selection(
        selection_add=[("google_meet", "Google Meet")],
        ondelete={"google_meet": "set default"},
    )
