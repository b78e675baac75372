from odoo import models


class CoachingAttendance(models.Model):
    """The terms a client has booked under."""

    _inherit = "coaching.attendance"

    def _prepare_portal_terms(self):
        """Return the terms this is booked under, while they matter (R53, R54)."""
        self.ensure_one()
        # sudo: the terms of the client's own session
        session = self.session_id.sudo()
        if self.state != "scheduled" or self.start <= session._now():
            return {}
        return session.booking_type_id._get_booking_terms(
            session.company_id, self.partner_id
        )
