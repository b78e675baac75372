from odoo import fields, models


class CoachingSessionLog(models.Model):
    """Links that somebody changed, and recordings."""

    _inherit = "coaching.session.log"

    action = fields.Selection(
        selection_add=[("video", "Video")], ondelete={"video": "cascade"}
    )
