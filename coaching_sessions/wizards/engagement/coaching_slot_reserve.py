from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.local_time import to_local, to_utc


class CoachingSlotReserve(models.TransientModel):
    """Dialog that keeps a weekly time for a client (R58)."""

    _name = "coaching.slot.reserve"
    _description = "Reserve a Slot"
    _inherit = ["coaching.dialog.mixin"]

    engagement_id = fields.Many2one(
        comodel_name="coaching.engagement",
        string="Client",
        required=True,
        readonly=True,
    )
    booking_type_id = fields.Many2one(
        string="Booking type", comodel_name="coaching.booking.type", required=True
    )
    weekday = fields.Selection(
        selection=lambda self: self.env["coaching.reserved.slot"]
        ._fields["weekday"]
        ._description_selection(self.env),
        string="Day",
        required=True,
    )
    start_hour = fields.Float(string="From", required=True)
    tz = fields.Selection(related="engagement_id.coach_id.tz", string="Time zone")
    date_from = fields.Date(string="First day", required=True)
    date_to = fields.Date(string="Last day", help="Empty: until you remove it.")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        engagement = self.env["coaching.engagement"].browse(
            values.get("engagement_id") or ()
        )
        if engagement:
            engagement.check_access("read")
            slot = engagement._propose_slot()
            if slot:
                values.setdefault("weekday", str(slot["weekday"]))
                values.setdefault("start_hour", slot["start_minute"] / 60)
                values.setdefault("booking_type_id", slot["booking_type_id"])
            values.setdefault("date_from", self._get_today(engagement))
        return values

    @api.model
    def _get_today(self, engagement):
        now = self.env["coaching.session"]._now()
        return to_local(now, engagement.coach_id.tz).date()

    def _get_start(self):
        """Return a moment at which the weekly time comes up, naive UTC."""
        self.ensure_one()
        if not 0 <= self.start_hour < 24:
            raise UserError(self.env._("Enter a time between 0:00 and 24:00."))
        day = self.date_from
        day += timedelta(days=(int(self.weekday) - day.weekday()) % 7)
        local = datetime(day.year, day.month, day.day)
        local += timedelta(minutes=round(self.start_hour * 60))
        return to_utc(local, self.engagement_id.coach_id.tz)

    def action_reserve(self):
        """Keep the weekly time."""
        self.ensure_one()
        self.engagement_id.action_reserve_slot(
            start=self._get_start(),
            booking_type_id=self.booking_type_id.id,
            date_from=self.date_from,
            date_to=self.date_to,
        )
        return {"type": "ir.actions.act_window_close"}
