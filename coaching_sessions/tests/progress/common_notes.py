from odoo.tests import new_test_user

from ..common import CoachingCommon

QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


class NotesCommon(CoachingCommon):
    """A session, and others who may not read what is written about it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = new_test_user(
            cls.env, "x_colleague", "coaching_sessions.group_coaching_coach"
        )
        cls.env["coaching.coach"].create({"user_id": cls.colleague.id, "tz": "UTC"})
        cls.stranger = new_test_user(cls.env, "x_stranger", "base.group_portal")

    def setUp(self):
        super().setUp()
        self.session = self.book()
        self.attendance = self.session.attendance_ids

    def _book_group(self, clients):
        """Book these clients into one session."""
        for client in clients - self.client:
            self._sell(client)
        return self.book(
            days=2, booking_type_id=self.group_type.id, partner_ids=clients.ids
        )

    def _as(self, user, attendance=None):
        return (attendance or self.attendance).with_user(user)
