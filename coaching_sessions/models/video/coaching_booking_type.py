from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.links import is_link


class CoachingBookingType(models.Model):
    """Where sessions of a type take place on video (R84, R90)."""

    _inherit = "coaching.booking.type"

    video_provider = fields.Selection(
        selection=[
            ("none", "No video"),
            ("discuss", "Odoo Discuss"),
            ("fixed", "Always the same link"),
            ("zoom", "Zoom"),
        ],
        string="Video",
        required=True,
        default="none",
        help="Each session gets its own link in the confirmation email and both"
        " calendars. Odoo Discuss needs no account. Always the same link: the"
        " coach's link or, without one, the link of this booking type.",
    )
    video_url = fields.Char(
        string="Link",
        help="Video link for coaches without a link of their own.",
    )
    video_waiting_room = fields.Boolean(
        string="Waiting room",
        default=True,
        help="Clients wait until the coach admits them.",
    )
    video_recording = fields.Selection(
        selection=[
            ("none", "Not recorded"),
            ("local", "On the coach's computer"),
            ("cloud", "In the cloud"),
        ],
        string="Recording",
        required=True,
        default="none",
        help="Cloud recordings are linked to the session afterwards.",
    )
    video_share_recording = fields.Boolean(
        string="Share the recording with clients",
        help="Otherwise only the coach and managers can see it, until the coach"
        " shares it.",
    )

    @api.constrains("video_url")
    def _check_video_url(self):
        for booking_type in self:
            if booking_type.video_url and not is_link(booking_type.video_url):
                raise ValidationError(
                    self.env._(
                        "“%(link)s” is not a valid link. Copy the whole link from"
                        " the address bar, starting with https://.",
                        link=booking_type.video_url,
                    )
                )
