from odoo import fields, models


class CoachingSessionLog(models.Model):
    """Reminders are evidence: the log shows when somebody was told (row 19)."""

    _inherit = "coaching.session.log"

    action = fields.Selection(
        selection_add=[("reminded", "Reminded"), ("reconfirmed", "Will come")],
        ondelete={"reminded": "cascade", "reconfirmed": "cascade"},
    )
