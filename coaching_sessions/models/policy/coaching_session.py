from odoo import fields, models


class CoachingSession(models.Model):
    """What was judged of the one client of a session, for the form."""

    _inherit = "coaching.session"

    notice_at = fields.Datetime(related="attendance_id.notice_at")
    excused = fields.Boolean(related="attendance_id.excused")
