from odoo import api, fields, models


class CoachingBookingType(models.Model):
    """Rooms and devices that the sessions of a type take."""

    _inherit = "coaching.booking.type"

    need_ids = fields.One2many(
        comodel_name="coaching.booking.type.need",
        inverse_name="booking_type_id",
        string="Rooms and devices",
        help="What each session takes besides its coach.",
    )
    # so that looking for free times asks nothing of types without
    has_needs = fields.Boolean(compute="_compute_has_needs", store=True)

    @api.depends("need_ids")
    def _compute_has_needs(self):
        for booking_type in self:
            booking_type.has_needs = bool(booking_type.need_ids)

    def _get_needed_resources(self):
        """Return what may be taken, in order of preference.

        :return: dict of need → ``resource.resource``, active ones
        """
        self.ensure_one()
        return {need: need.resource_ids.filtered("active") for need in self.need_ids}
