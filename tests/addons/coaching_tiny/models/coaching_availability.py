from odoo import api, models

from odoo.addons.coaching_sessions.tools.taken_time import select_taken


class CoachingAvailability(models.AbstractModel):
    """Something that takes a coach's time."""

    _inherit = "coaching.availability"

    @api.model
    def _get_taken_sources(self):
        retreats = """
            FROM tiny_retreat
           WHERE coach_id = ANY(wanted_ids) AND start < until AND stop > since
        """
        return {
            **super()._get_taken_sources(),
            "retreat": select_taken("retreat", retreats, "start", "stop"),
        }
