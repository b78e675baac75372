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

    def _get_needed_resources(self, company, sessions=None):
        """Return what may be taken in a company, in order of preference.

        Sessions that move need what they have taken, not what the type asks for by
        now; a room of theirs that is archived, or no longer meant, comes last.

        :param company: ``res.company`` of the coach; a room of another one is never
            taken
        :param sessions: ``coaching.session`` that move; empty for a new booking
        :return: dict of need → ``resource.resource``, active ones
        """
        self.ensure_one()
        needs, taken = self.need_ids, []
        if sessions:
            # sudo: which rooms they have; who asks was checked before
            taken = sessions.sudo().resource_ids
            taken = taken.filtered(lambda one: one.need_id.booking_type_id == self)
            needs = taken.need_id.sorted()
        offered = {
            need: need.resource_ids.filtered(
                lambda resource: (
                    resource.active
                    and (not resource.company_id or resource.company_id == company)
                )
            )
            for need in needs
        }
        for one in taken:
            # a room of another company by now is none
            if one.resource_id.company_id <= company:
                offered[one.need_id] |= one.resource_id
        return offered
