from odoo import fields, models


class CoachingBookingTypeNeed(models.Model):
    """A room or device that sessions of a type need: one of several (rank 27)."""

    _name = "coaching.booking.type.need"
    _description = "Needed Resource"
    _order = "booking_type_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, help="For example: room.")
    sequence = fields.Integer(default=10)
    booking_type_id = fields.Many2one(
        string="Booking type",
        comodel_name="coaching.booking.type",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="booking_type_id.company_id", store=True)
    resource_ids = fields.Many2many(
        comodel_name="resource.resource",
        string="One of",
        required=True,
        # of a type for all companies those of any: each takes its own
        domain="[('resource_type', '=', 'material'),"
        " '|', ('company_id', '=', False), ('company_id', '=?', company_id)]",
        help="The first free one is booked with the session: of the coach's company or"
        " without a company.",
    )
