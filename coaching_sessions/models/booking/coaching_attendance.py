from odoo import fields, models


class CoachingAttendance(models.Model):
    """A type that clients book once is booked once, also from two windows."""

    _inherit = "coaching.attendance"

    once_type_id = fields.Many2one(
        comodel_name="coaching.booking.type",
        string="Clients can book it once",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )

    # only while it is to come: what a correction makes of it later, nobody refuses
    _client_once = models.UniqueIndex(
        "(partner_id, once_type_id) WHERE state = 'scheduled'",
        "You have already booked this. It can only be booked once.",
    )
