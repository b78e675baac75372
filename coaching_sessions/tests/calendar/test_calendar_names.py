from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestCalendarNames(CoachingCommon):
    """What events copied of names follows them."""

    def assertTitle(self, *sessions):
        for session in sessions:
            self.assertEqual(
                session.event_id.name, session._prepare_event_values()["name"]
            )

    def assertNowhere(self, name):
        events = self.env["calendar.event"].with_context(active_test=False)
        found = events.search([("name", "ilike", name)])
        self.assertFalse(found.filtered("is_coaching_session"))

    def name_clients(self):
        """Let events name the client, as an addon of a business may do again."""
        model = self.env.registry["coaching.session"]
        prepare = model._prepare_event_values

        def prepare_named(session):
            return {**prepare(session), "name": session._get_calendar_title()}

        self.startPatcher(patch.object(model, "_prepare_event_values", prepare_named))

    def test_client_is_renamed(self):
        self.name_clients()
        self.client.name = "Anna Verbrugge"
        past, cancelled, coming = self.book(days=1), self.book(days=2), self.book(3)
        cancelled.action_cancel()
        self.close(past, "completed")
        self.client.name = "Removed"
        self.assertNowhere("Verbrugge")
        self.assertTitle(past, coming)
        self.assertFalse(cancelled.event_id.active)
        self.assertEqual(coming.state, "scheduled")

    def test_clients_are_merged(self):
        self.name_clients()
        twin = self.env["res.partner"].create(
            {"name": "Anna Duplikat", "email": self.client.email}
        )
        self._sell(twin)
        session = self.book(days=1, partner_ids=twin.ids, coach_id=self.other_coach.id)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (twin | self.client).ids, self.client
        )
        self.assertEqual(session.attendance_ids.partner_id, self.client)
        self.assertEqual(session.client_names, self.client.name)
        self.assertIn(self.client.name, session._get_calendar_title())
        self.assertNowhere("Duplikat")
        self.assertTitle(session)

    def test_booking_type_is_renamed(self):
        session = self.book()
        old = session.event_id.name
        self.individual.name = "Deep dive"
        self.assertIn("Deep dive", session.event_id.name)
        self.assertNotEqual(session.event_id.name, old)
        start = session.start
        self.assertEqual(session.event_id.start, start)
        session.action_reschedule(start + timedelta(hours=1))
        self.assertIn("Deep dive", session.event_id.name)
