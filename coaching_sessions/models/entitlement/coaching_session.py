from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError


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

    @api.model
    def _get_conflict_error(self, error, request=None):
        if error.diag.constraint_name != "coaching_attendance_owed_once":
            return super()._get_conflict_error(error, request)
        # of what the client may owe: look again whether some is left
        return ConcurrencyError(self.attendance_ids._sql_error_to_message(error))
