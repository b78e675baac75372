from odoo.tests import new_test_user

from ..common import CoachingCommon

QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


class GoalsCommon(CoachingCommon):
    """Two goals of the client, one of somebody else, and a session."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = new_test_user(
            cls.env, "x_colleague", "coaching_sessions.group_coaching_coach"
        )
        cls.colleague_coach = cls.env["coaching.coach"].create(
            {
                "user_id": cls.colleague.id,
                "tz": "UTC",
                "resource_calendar_id": cls.calendar.id,
            }
        )
        cls.stranger = new_test_user(cls.env, "x_stranger", "base.group_portal")
        cls.goal, cls.second_goal = cls.env["coaching.goal"].create(
            [
                {"name": name, "partner_id": cls.client.id, "coach_id": cls.coach.id}
                for name in ("Sleep well", "Speak freely")
            ]
        )
        cls.foreign_goal = cls.env["coaching.goal"].create(
            {
                "name": "Somebody else's",
                "partner_id": cls.other_client.id,
                "coach_id": cls.coach.id,
            }
        )

    def setUp(self):
        super().setUp()
        self.session = self.book()
        self.attendance = self.session.attendance_ids.with_user(self.coach_user)
