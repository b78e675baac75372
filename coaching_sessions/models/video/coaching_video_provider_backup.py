from odoo import api, models

from .coaching_video_provider import VideoError


class CoachingVideoProviderBackup(models.AbstractModel):
    """A link that somebody pasted for one session (R89)."""

    _name = "coaching.video.provider.backup"
    _inherit = ["coaching.video.provider"]
    _description = "Backup Video Link"

    @api.model
    def _is_of_coach(self):
        return False

    @api.model
    def _get_name(self):
        return self.env._("Video call")

    @api.model
    def _create_meeting(self, meeting):
        if not meeting.join_url:
            # pending when the addon of its service was uninstalled
            raise VideoError(
                self.env._(
                    "This video service is no longer installed. Create a new link."
                )
            )
        return {"join_url": meeting.join_url}
