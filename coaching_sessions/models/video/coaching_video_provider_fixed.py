from odoo import api, models

from ...tools.links import is_link
from .coaching_video_provider import VideoError


class CoachingVideoProviderFixed(models.AbstractModel):
    """The same link each time: a coach's own room, wherever that is."""

    _name = "coaching.video.provider.fixed"
    _inherit = ["coaching.video.provider"]
    _description = "Fixed Video Link"

    @api.model
    def _get_name(self):
        return self.env._("Video call")

    @api.model
    def _create_meeting(self, meeting):
        session = meeting.session_id
        url = session.coach_id.video_url or session.booking_type_id.video_url
        if not is_link(url):
            raise VideoError(
                self.env._(
                    "Neither %(coach)s nor “%(booking_type)s” has a video link."
                    " Enter one there, then create a new link here.",
                    coach=session.coach_id.name,
                    booking_type=session.booking_type_id.name,
                )
            )
        return {"join_url": url}
