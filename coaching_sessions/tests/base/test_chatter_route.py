from pathlib import Path
from runpy import run_path

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from ..common import CoachingCommon

ADDON = Path(__file__).parents[2]


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

    # pylint: disable=translation-required
    def test_what_was_said_stays(self):
        """Neither who is told of it nor its author rewrites, deletes or answers it."""
        session = self.book(user=self.manager)
        said = session.with_user(self.manager).message_post(
            body="Ready",
            partner_ids=self.client.ids,
            subtype_xmlid="mail.mt_comment",
        )
        own = session.with_user(self.client_user).sudo()._message_log(body="Ended")
        untold = session.with_user(self.manager).message_post(body="Among us")
        self.assertEqual(own.author_id, self.client)
        for message in (said, own, untold):
            message = message.with_user(self.client_user)
            before = message.sudo().body
            for change in (lambda m=message: m.write({"body": "No"}), message.unlink):
                with self.subTest(before), self.assertRaises(AccessError):
                    change()
            self.assertEqual(message.sudo().exists().body, before)

    # pylint: disable=translation-required
    def test_the_route_for_reactions(self):
        session = self.book(user=self.manager)
        message = session.with_user(self.manager).message_post(body="Ready")
        self.authenticate(self.client_user.login, self.client_user.login)
        arguments = {"message_id": message.id, "content": "!", "action": "add"}
        with mute_logger("odoo.http"):
            with self.assertRaisesRegex(JsonRpcException, "NotFound"):
                self.make_jsonrpc_request("/mail/message/reaction", arguments)
        self.assertFalse(message.sudo().reaction_ids)

    def test_an_upgrade_leaves_staff_among_the_followers(self):
        session = self.book(user=self.manager)
        staff = self.manager.partner_id
        portal_coach = self.portal_coach_user.partner_id
        for record in (session, session.attendance_ids.engagement_id, self.client):
            record._message_subscribe((staff | portal_coach | self.client).ids)
        self.env.flush_all()
        script = ADDON / "migrations" / "19.0.1.1.0" / "post-followers.py"
        run_path(str(script))["migrate"](self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        for record in (session, session.attendance_ids.engagement_id):
            self.assertIn(staff, record.message_partner_ids)
            self.assertFalse(record.message_partner_ids & (portal_coach | self.client))
        self.assertIn(self.client, self.client.message_partner_ids)
