from odoo import fields, models


class CoachingSession(models.Model):
    """What the one client of a session attends with, for the form."""

    _inherit = "coaching.session"

    package_id = fields.Many2one(related="attendance_id.package_id")
    package_left = fields.Char(related="attendance_id.package_left")
    package_expires_soon = fields.Boolean(related="attendance_id.package_expires_soon")
    owed = fields.Boolean(related="attendance_id.owed")
    package_expiry_date = fields.Date(related="attendance_id.package_expiry_date")
    makeup_of_id = fields.Many2one(related="attendance_id.makeup_of_id")
    makeup_id = fields.Many2one(related="attendance_id.makeup_id")
    makeup_state = fields.Selection(
        related="attendance_id.makeup_id.state", string="State of the make-up"
    )
