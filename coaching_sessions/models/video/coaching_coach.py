from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.links import is_link


class CoachingCoach(models.Model):
    """A coach's own place on video."""

    _inherit = "coaching.coach"

    video_url = fields.Char(
        string="Own video link",
        help="For booking types that always use the same link.",
    )
    zoom_user = fields.Char(
        string="Zoom user",
        help="The coach's Zoom email address, if it differs from the contact's.",
    )

    @api.constrains("video_url")
    def _check_video_url(self):
        for coach in self:
            if coach.video_url and not is_link(coach.video_url):
                raise ValidationError(
                    self.env._(
                        "“%(link)s” is not a valid link. Copy the whole link from"
                        " the address bar, starting with https://.",
                        link=coach.video_url,
                    )
                )
