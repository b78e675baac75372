from odoo import api, models


class CoachingSession(models.Model):
    """What is free again is offered to those who wait for it."""

    _inherit = "coaching.session"

    @api.model
    def _on_time_freed(self):
        result = super()._on_time_freed()
        self.env["coaching.waiting"]._wake()
        return result
