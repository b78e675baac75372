from odoo import models


class CoachingSession(models.Model):
    """The dialogs that close out a session."""

    _inherit = "coaching.session"

    def action_open_close(self):
        """Open the dialog that closes out a session, or corrects it."""
        self.ensure_one()
        if self.attendance_id:
            return self.attendance_id.action_open_close()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_session_close_group_action"
        )
        action["context"] = {"default_session_id": self.id}
        return action
