from odoo import models


class CoachingSessionBook(models.TransientModel):
    """What is booked once can be booked as a series."""

    _inherit = "coaching.session.book"

    def action_repeat(self):
        """Go on in the dialog that books a series, with what was typed."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_series_book_action"
        )
        action["context"] = {
            "default_booking_type_id": self.booking_type_id.id,
            "default_coach_id": self.coach_id.id,
            "default_partner_ids": self.partner_ids.ids,
            "default_package_id": self.package_id.id,
            "default_start": self.start,
            "default_note": self.note,
            "default_client_agreed": self.client_agreed,
            "default_agreement_note": self.agreement_note,
        }
        return action
