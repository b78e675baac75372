from odoo import fields, models


class CoachingBookingType(models.Model):
    """The sessions of a booking type."""

    _inherit = "coaching.booking.type"

    session_count = fields.Integer(
        string="Number of sessions", compute="_compute_session_count"
    )

    def _compute_session_count(self):
        counts = dict(
            self.env["coaching.session"]._read_group(
                [("booking_type_id", "in", self.ids)], ["booking_type_id"], ["__count"]
            )
        )
        for booking_type in self:
            booking_type.session_count = counts.get(booking_type, 0)

    def action_view_sessions(self):
        """Open the sessions of this booking type."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_session_action"
        )
        action["domain"] = [("booking_type_id", "=", self.id)]
        action["context"] = {"default_booking_type_id": self.id}
        return action
