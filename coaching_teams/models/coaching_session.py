from odoo import Command, models


class CoachingSession(models.Model):
    _inherit = "coaching.session"

    def _prepare_new_event(self):
        # what is synchronised is decided as the event is created: it has to know then
        # which session it shows
        return {
            **super()._prepare_new_event(),
            "coaching_session_ids": [Command.link(self.id)],
        }
