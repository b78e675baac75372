from datetime import datetime

from odoo.tests import Form, tagged

from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestEngagementScreens(CoachingCommon):
    """The dialogs open with what their buttons give them, and do their work."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls("test_end")
        case.travel(cls.now)
        cls.session = case.book(hour=10)
        cls.attendance = case.close(cls.session, "completed")
        cls.engagement = cls.attendance.engagement_id

    def setUp(self):
        super().setUp()
        self.travel(self.attendance.closed_at)
        self.theirs = self.engagement.with_user(self.coach_user)

    def _dialog(self, model):
        return Form(
            self.env[model]
            .with_user(self.coach_user)
            .with_context(default_engagement_id=self.engagement.id)
        )

    def test_end(self):
        dialog = self._dialog("coaching.engagement.end")
        dialog.reason = "Reached"
        dialog.save().action_end()
        self.assertEqual(self.engagement.end_reason, "Reached")

    def test_reserve(self):
        self.coach.tz = "Europe/Brussels"
        dialog = self._dialog("coaching.slot.reserve")
        self.assertEqual((dialog.weekday, dialog.start_hour), ("1", 11.0))
        self.assertEqual(dialog.booking_type_id, self.individual)
        dialog.weekday = "4"
        dialog.start_hour = 15.5
        dialog.save().action_reserve()
        slot = self.engagement.slot_ids
        self.assertEqual(slot.display_name, "Fridays 03:30 PM")
        self.assertEqual(slot.date_from, self.now.replace(day=2).date())

    def test_hand_over(self):
        dialog = self._dialog("coaching.engagement.hand.over")
        dialog.coach_key = str(self.other_coach.id)
        dialog.end = True
        dialog.save().action_hand_over()
        self.assertEqual(self.engagement.handed_over_to_id.coach_id, self.other_coach)
        options = dict(
            self.env["coaching.engagement.hand.over"]
            .with_user(self.coach_user)
            .with_context(default_engagement_id=self.engagement.id)
            ._get_coach_options()
        )
        self.assertNotIn(str(self.coach.id), options)

    # R149
    def test_book_next(self):
        action = self.theirs.action_open_book_next()
        dialog = Form(
            self.env[action["res_model"]]
            .with_user(self.coach_user)
            .with_context(**action["context"])
        )
        self.assertEqual(dialog.start, datetime(2027, 3, 9, 10))
        self.assertEqual(dialog.partner_ids[:], self.client)
        self.assertEqual(dialog.booking_type_id, self.individual)
        booked = dialog.save().action_book()
        session = self.env["coaching.session"].browse(booked["res_id"])
        self.assertEqual(session.attendance_ids.engagement_id, self.engagement)

    def test_links(self):
        action = self.theirs.action_view_sessions()
        sessions = self.env["coaching.session"].search(action["domain"])
        self.assertEqual(sessions, self.session)
        upcoming = self.theirs.with_context(upcoming=True).action_view_sessions()
        self.assertFalse(self.env["coaching.session"].search(upcoming["domain"]))
        client = self.client.with_user(self.coach_user)
        self.assertEqual(client.coaching_engagement_count, 1)
        action = client.action_view_coaching_engagements()
        self.assertEqual(
            self.env["coaching.engagement"].search(action["domain"]), self.engagement
        )

    # R63 R64
    def test_message_at_the_top_of_the_session(self):
        self.company.coaching_release_slot = "no_follow_up"
        self.engagement._record_wishes(self.attendance, "yes", reserve=True)
        self.engagement._release_slots(session=self.session)
        form = Form(self.session.with_user(self.coach_user))
        self.assertIn("You can restore it", form.removed_slot_message)
        self.assertEqual(form.client_session_count, 1)
        self.session.with_user(self.coach_user).action_restore_slot()
        form = Form(self.session.with_user(self.coach_user))
        self.assertFalse(form.removed_slot_message)
