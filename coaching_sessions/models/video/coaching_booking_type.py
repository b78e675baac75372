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
        help="Every session gets a link of its own, in the confirmation mail and in"
        " both calendars. Odoo Discuss needs no account. Always the same link: that of"
        " the coach, or else of this booking type.",
    )
    video_url = fields.Char(
        string="Link",
        help="Where these sessions take place, for coaches who have no link of their"
        " own.",
    )
    video_waiting_room = fields.Boolean(
        string="Waiting room",
        default=True,
        help="Clients wait until the coach lets them in.",
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
        help="What is recorded in the cloud is linked to the session afterwards.",
    )
    video_share_recording = fields.Boolean(
        string="Clients see the recording",
        help="Else only coach and managers do, until the coach shares one.",
    )

    @api.constrains("video_url")
    def _check_video_url(self):
        for booking_type in self:
            if booking_type.video_url and not is_link(booking_type.video_url):
                raise ValidationError(
                    self.env._(
                        "“%(link)s” is no link. Copy it from the address bar, with"
                        " https:// at its beginning.",
                        link=booking_type.video_url,
                    )
                )
