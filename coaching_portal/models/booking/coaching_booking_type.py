from odoo import models
from odoo.tools import html2plaintext


class CoachingBookingType(models.Model):
    """What clients can book, as plain values: templates never get records."""

    _inherit = "coaching.booking.type"

    def _prepare_portal_types(self):
        """Return what a client can choose from, as plain values (R130)."""
        # sudo: what is offered to clients
        return [
            {
                "id": booking_type.id,
                "name": booking_type.name,
                "minutes": booking_type.duration_minutes,
                "description": html2plaintext(booking_type.description or "").strip(),
                "free": booking_type.complimentary,
                "makeup": booking_type.is_makeup,
                "seats": booking_type.max_participants,
                "units": booking_type._get_portal_units(),
            }
            for booking_type in self.sudo()
        ]

    def _get_portal_units(self):
        """Return how many sessions of a package one of this type takes."""
        self.ensure_one()
        return self.sessions_deducted if self.package_required else 0
