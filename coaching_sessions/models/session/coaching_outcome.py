from odoo import models


class CoachingOutcome(models.Model):
    """What sessions were closed with stays as it is."""

    _inherit = "coaching.outcome"

    def _is_used(self):
        # sudo: the question is about every company's sessions, only yes or no leaves
        return super()._is_used() or bool(
            self.env["coaching.attendance"]
            .sudo()
            .search_count([("outcome_id", "in", self.ids)], limit=1)
        )
