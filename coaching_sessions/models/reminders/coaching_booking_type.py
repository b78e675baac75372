from odoo import api, fields, models


class CoachingBookingType(models.Model):
    """The reminders that sessions of a type have by default (R133)."""

    _inherit = "coaching.booking.type"

    reminder_ids = fields.Many2many(
        comodel_name="coaching.reminder",
        relation="coaching_booking_type_reminder_rel",
        column1="booking_type_id",
        column2="reminder_id",
        string="Reminders",
        check_company=True,
        default=lambda self: self._get_default_reminders(),
        help="Empty: no reminders.",
    )
    # what was due before is not made up for: no flood when a reminder is added
    reminders_since = fields.Datetime(
        string="Reminders since", readonly=True, copy=False
    )

    @api.model
    def _get_default_reminders(self):
        """Return the reminders of a new type: an email the day before."""
        return (
            self.env.ref(
                "coaching_sessions.reminder_client_day", raise_if_not_found=False
            )
            or self.env["coaching.reminder"].browse()
        )

    @api.model_create_multi
    def create(self, vals_list):
        now = self.env["coaching.session"]._now()
        return super().create([{"reminders_since": now} | vals for vals in vals_list])

    def write(self, vals):
        if "reminder_ids" in vals:
            vals = {**vals, "reminders_since": self.env["coaching.session"]._now()}
        return super().write(vals)
