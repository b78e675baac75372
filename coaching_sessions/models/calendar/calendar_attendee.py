from odoo import api, models

# what whoever takes part answers
ANSWER_FIELDS = {"state", "availability"}


class CalendarAttendee(models.Model):
    """Who takes part in the event of a session is the session's to say."""

    _inherit = "calendar.attendee"

    @api.model_create_multi
    def create(self, vals_list):
        attendees = super().create(vals_list)
        attendees._check_not_of_session()
        return attendees

    def write(self, vals):
        own = self.env.user.partner_id
        if set(vals) - ANSWER_FIELDS or self.partner_id != own:
            self._check_not_of_session()
        result = super().write(vals)
        if "event_id" in vals:
            self._check_not_of_session()
        return result

    def unlink(self):
        self._check_not_of_session()
        return super().unlink()

    def _check_not_of_session(self):
        """Raise when a person changes who takes part in the event of a session."""
        # sudo: whether the event shows a session
        if not self.env.su and any(self.sudo().event_id.mapped("is_coaching_session")):
            self.event_id._refuse_session_fields()
