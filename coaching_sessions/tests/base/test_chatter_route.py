from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestChatterRoute(CoachingCommon, HttpCase):
    """What is said in the chatter is said among staff, whatever the way (R95)."""

    def _post(self, record):
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self.make_jsonrpc_request(
                "/mail/message/post",
                {
                    "thread_model": record._name,
                    "thread_id": record.id,
                    "post_data": {"body": "Hello", "message_type": "comment"},
                },
            )

    def test_the_route_that_posts_as_superuser(self):
        session = self.book(user=self.manager, coach_id=self.other_coach.id)
        engagement = session.attendance_ids.engagement_id
        coach = self.portal_coach_user
        before = self.env["mail.message"].search_count([])
        for user in (self.client_user, coach):
            self.authenticate(user.login, user.login)
            for record in (session, engagement):
                with self.subTest(user.login, record=record._name):
                    self._post(record)
        self.assertEqual(self.env["mail.message"].search_count([]), before)

    def test_the_model_may_come_from_the_context(self):
        session = self.book(user=self.manager)
        messages = self.env["mail.message"].with_user(self.client_user)
        messages = messages.with_context(default_model="coaching.session")
        with self.assertRaises(AccessError):
            messages.create({"res_id": session.id, "body": "Hello"})
