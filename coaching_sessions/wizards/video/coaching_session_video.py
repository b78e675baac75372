from odoo import fields, models


class CoachingSessionVideo(models.TransientModel):
    """Dialog for another video link, or for the recording (R89, R91)."""

    _name = "coaching.session.video"
    _description = "Video Link"
    _inherit = ["coaching.dialog.mixin"]

    session_id = fields.Many2one(
        comodel_name="coaching.session", required=True, readonly=True
    )
    mode = fields.Selection(
        selection=[
            ("new", "New link"),
            ("backup", "Backup link"),
            ("recording", "Recording"),
        ],
        required=True,
        readonly=True,
        default="new",
    )
    reason = fields.Char(help="Kept in the log.")
    url = fields.Char(string="Link")
    dial_in = fields.Text(string="Phone numbers", help="One per line.")
    message = fields.Text(help="Added to the email to the clients.")
    shared = fields.Boolean(string="Shared with clients")

    def action_confirm(self):
        """Do what the dialog is for."""
        self.ensure_one()
        if self.mode == "recording":
            self.session_id.action_set_recording(self.url, self.shared)
            return self._close(self.env._("The recording is linked to the session."))
        if self.mode == "backup":
            self.session_id.action_send_backup_link(
                self.url, self.message, self.dial_in
            )
            return self._close(
                self.env._("The link will be emailed to the clients shortly.")
            )
        self.session_id.action_new_video_link(self.reason)
        return self._close(
            self.env._(
                "The new link will be emailed to the clients as soon as it is ready."
            )
        )

    def _close(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
