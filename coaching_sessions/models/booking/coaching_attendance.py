from odoo import fields, models


class CoachingAttendance(models.Model):
    """A type that clients book once is booked once, also from two windows."""

    _inherit = "coaching.attendance"

    once_type_id = fields.Many2one(
        comodel_name="coaching.booking.type",
        string="Booked once by the client",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )

    # only while it is to come: what a correction makes of it later, nobody refuses
    _client_once = models.UniqueIndex(
        "(partner_id, once_type_id) WHERE state = 'scheduled'",
        "You have booked this already. It can be booked once.",
    )
