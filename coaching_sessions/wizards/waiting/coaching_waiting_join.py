from odoo import fields, models


class CoachingWaitingJoin(models.TransientModel):
    """Dialog that adds a client to the waiting list (rank 20)."""

    _name = "coaching.waiting.join"
    _description = "Add a Client to the Waiting List"
    _inherit = ["coaching.dialog.mixin"]

    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Client", required=True
    )
    booking_type_id = fields.Many2one(
        string="Booking type", comodel_name="coaching.booking.type", required=True
    )
    coach_id = fields.Many2one(
        comodel_name="coaching.coach", help="Empty: any coach who offers it."
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(string="Until", required=True)
    hour_from = fields.Float(string="Not before")
    hour_to = fields.Float(string="Ends by", default=24.0)
    monday = fields.Boolean()
    tuesday = fields.Boolean()
    wednesday = fields.Boolean()
    thursday = fields.Boolean()
    friday = fields.Boolean()
    saturday = fields.Boolean()
    sunday = fields.Boolean()
    note = fields.Char()

    def action_join(self):
        """Put the client on the list."""
        self.ensure_one()
        days = (
            *("monday", "tuesday", "wednesday", "thursday", "friday"),
            *("saturday", "sunday"),
        )
        self.env["coaching.waiting"].join(
            {
                "partner_id": self.partner_id.id,
                "booking_type_id": self.booking_type_id.id,
                "coach_id": self.coach_id.id,
                "date_from": self.date_from,
                "date_to": self.date_to,
                "hour_from": self.hour_from,
                "hour_to": self.hour_to,
                "weekdays": [n for n, name in enumerate(days) if self[name]],
                "note": self.note or "",
            }
        )
        return {"type": "ir.actions.act_window_close"}
