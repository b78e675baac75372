from odoo import fields, models


class CoachingSessionLog(models.Model):
    """Reminders are evidence: who says he was never told is shown when (row 19)."""

    _inherit = "coaching.session.log"

    action = fields.Selection(
        selection_add=[("reminded", "Reminded"), ("reconfirmed", "Will come")],
        ondelete={"reminded": "cascade", "reconfirmed": "cascade"},
    )
