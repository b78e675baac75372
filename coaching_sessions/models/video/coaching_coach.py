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
        help="Mail address that the coach has with Zoom, where it is another one than"
        " that of the contact.",
    )

    @api.constrains("video_url")
    def _check_video_url(self):
        for coach in self:
            if coach.video_url and not is_link(coach.video_url):
                raise ValidationError(
                    self.env._(
                        "“%(link)s” is no link. Copy it from the address bar, with"
                        " https:// at its beginning.",
                        link=coach.video_url,
                    )
                )
