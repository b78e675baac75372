from odoo.tests import Form, tagged

from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestBookingType(CoachingCommon):
    """What a booking type is called by other systems."""

    # R127
    def test_the_code_comes_from_the_name(self):
        form = Form(self.env["coaching.booking.type"])
        form.name = "Walk & Talk"
        self.assertEqual(form.code, "walk_talk")
        booking_type = form.save()
        booking_type.name = "Walking"
        self.assertEqual(booking_type.code, "walk_talk", "others know it by that")
        again, foreign = self.env["coaching.booking.type"].create(
            [{"name": "Walk-talk"}, {"name": "—"}]
        )
        self.assertEqual(again.code, "walk_talk_2")
        self.assertEqual(foreign.code, "type")
        chosen = self.env["coaching.booking.type"].create(
            {"name": "Walk", "code": "outdoors"}
        )
        self.assertEqual(chosen.code, "outdoors")
        self.assertEqual(chosen.copy().code, "outdoors_copy")
