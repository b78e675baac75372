from odoo import models


class CoachingAttendance(models.Model):
    """What is proposed for a client's session, and asking for another time (R51)."""

    _inherit = "coaching.attendance"

    def _get_open_proposals(self):
        """Return what is proposed to the client for this session, or by them."""
        return self.session_id._get_open_proposals().filtered(
            lambda proposal: proposal.partner_id == self.partner_id
        )

    def _prepare_portal_moving(self, tz, day=None):
        """Offer to ask the coach, where it is too late and the type says so."""
        moving = super()._prepare_portal_moving(tz, day)
        # sudo: facts of the client's own session
        late = self.session_id.sudo().booking_type_id.late_reschedule
        if not moving.get("refused") or moving["in_time"] or late != "ask":
            return {**moving, "asks": False} if moving else {}
        return {
            **moving,
            "asks": True,
            "url": f"{moving['page_url']}/ask",
            "slots": self.session_id._prepare_portal_slots(tz, day, apart=True),
            "note": self.env._("Too late to change it yourself: ask your coach"),
        }
