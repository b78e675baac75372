from collections import defaultdict

from odoo import models

from .coaching_session_event import SILENT


class CoachingSession(models.Model):
    """Names that calendar events copied follow those of people and booking types."""

    _inherit = "coaching.session"

    def _follow_names(self):
        """Bring the titles of these sessions' events in line with names that changed.

        The titles only, also of events that are archived or past: what else is in an
        event, and that somebody has archived it, stays.
        """
        renamed = defaultdict(self.env["calendar.event"].browse)
        for session in self.filtered("event_id"):
            name = session._prepare_event_values()["name"]
            if session.event_id.name != name:
                renamed[name] |= session.event_id
        for name, events in renamed.items():
            events.with_context(coaching_projection=True, **SILENT).name = name
