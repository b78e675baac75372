from odoo import api, models


class CoachingPackage(models.Model):
    """What clients who book themselves are told."""

    _inherit = "coaching.package"

    @api.model
    def _get_no_package_message(self, attendance):
        user = self.env.user
        if not user.share or user.partner_id != attendance.partner_id:
            return super()._get_no_package_message(attendance)
        return self.env._(
            "You have no package with a session left for “%(booking_type)s” on that"
            " day. Choose another day, or ask your coach for a new package.",
            booking_type=attendance.booking_type_id.name,
        )
