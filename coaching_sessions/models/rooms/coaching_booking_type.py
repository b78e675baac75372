from odoo import api, fields, models


class CoachingBookingType(models.Model):
    """Rooms and devices that the sessions of a type take."""

    _inherit = "coaching.booking.type"

    need_ids = fields.One2many(
        comodel_name="coaching.booking.type.need",
        inverse_name="booking_type_id",
        string="Rooms and devices",
        help="Rooms and devices each session needs.",
    )
    # so that looking for free times asks nothing of types without
    has_needs = fields.Boolean(
        string="Needs rooms or devices", compute="_compute_has_needs", store=True
    )

    @api.depends("need_ids")
    def _compute_has_needs(self):
        for booking_type in self:
            booking_type.has_needs = bool(booking_type.need_ids)

    def _get_needed_resources(self, company):
        """Return what may be taken in a company, in order of preference.

        :param company: ``res.company`` of the coach; a room of another one is never
            taken
        :return: dict of need → ``resource.resource``, active ones
        """
        self.ensure_one()
        return {
            need: need.resource_ids.filtered(
                lambda resource: (
                    resource.active
                    and (not resource.company_id or resource.company_id == company)
                )
            )
            for need in self.need_ids
        }
