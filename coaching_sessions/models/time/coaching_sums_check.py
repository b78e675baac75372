from odoo import api, models

from ...tools.coach_time import find_unmirrored


class CoachingSumsCheck(models.AbstractModel):
    """Whether the time of every session is kept free."""

    _inherit = "coaching.sums.check"

    @api.model
    def _find_errors(self):
        found = find_unmirrored(self.env.cr)
        sessions = self.env["coaching.session"].browse(found["coaching_session"])
        return [
            *super()._find_errors(),
            *(
                (
                    session,
                    self.env._(
                        "The coach's time is not kept as this session says. Ask whoever"
                        " changed the database, then upgrade the addon."
                    ),
                )
                for session in sessions
            ),
        ]
