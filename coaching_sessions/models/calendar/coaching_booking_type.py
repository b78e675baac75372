from odoo import models


class CoachingBookingType(models.Model):
    """A booking type that is renamed is so in the calendar, from now on."""

    _inherit = "coaching.booking.type"

    def write(self, vals):
        result = super().write(vals)
        if "name" in vals:
            # sudo: events follow whoever renames, who need not read sessions
            sessions = self.env["coaching.session"].sudo()
            # what is over was held under the name of then
            sessions.search(
                [
                    ("booking_type_id", "in", self.ids),
                    ("event_id", "!=", False),
                    ("stop", ">", sessions._now()),
                ]
            )._follow_names()
        return result
