from odoo import models

from ..session.lifecycle import BLOCKING_STATES
from .coaching_session_event import SILENT


class CoachingSession(models.Model):
    """Names that calendar events copied follow those of people and booking types."""

    _inherit = "coaching.session"

    def _follow_names(self):
        """Bring the events of these sessions in line with names that have changed.

        Also those that are archived: a name that was taken out of a contact must not
        be read there either.
        """
        shown = self.filtered("event_id")
        shown._update_projections()
        gone = shown.filtered(lambda session: session.state not in BLOCKING_STATES)
        for session in gone:
            name = session._prepare_event_values()["name"]
            if session.event_id.name != name:
                session.event_id.with_context(
                    coaching_projection=True, **SILENT
                ).name = name
