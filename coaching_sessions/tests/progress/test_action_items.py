from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_goals import QUIET, GoalsCommon


@tagged("post_install", "-at_install")
class TestActionItems(GoalsCommon):
    """What a client does next."""

    # R30 R94
    def test_the_client_marks_it_done(self):
        item = self.attendance.action_add_action_item("Read\nchapter 1", "2027-03-09")
        mine = self.env["coaching.action.item"].with_user(self.client_user).search([])
        self.assertEqual(mine, item)
        self.assertEqual(mine.due_date, date(2027, 3, 9))
        mine.action_done()
        self.assertEqual((item.state, item.done_by_id), ("done", self.client_user))
        self.assertEqual(item.done_at, self.now)
        self.travel(self.now + timedelta(days=1))
        item.action_done()
        self.assertEqual(item.done_by_id, self.client_user, "who was first stays")
        mine.action_undo()
        self.assertEqual((item.state, item.done_by_id.id), ("open", False))
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            mine.write({"description": "No"})

    @mute_logger(*QUIET)
    def test_what_the_client_may_not(self):
        item = self.attendance.action_add_action_item("Read")
        mine = item.with_user(self.client_user)
        with self.assertRaises(AccessError):
            mine.action_drop()
        item.action_drop()
        with self.assertRaises(AccessError):
            mine.action_undo()
        with self.assertRaisesRegex(UserError, "was dropped"):
            mine.action_done()
        item.action_undo()
        self.assertEqual(item.state, "open")
        with self.assertRaises(AccessError):
            self.attendance.with_user(self.client_user).action_add_action_item("No")
        for user in (self.stranger, self.colleague, self.portal_coach_user):
            for method in ("action_done", "action_undo", "action_drop"):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    getattr(item.with_user(user), method)()
            self.assertFalse(item.with_user(user).search([]))
            with self.assertRaises(AccessError):
                self.attendance.with_user(user).action_add_action_item("No")

    def test_overdue(self):
        late, today, done, free = (
            self.attendance.action_add_action_item(name, due)
            for name, due in (
                ("Late", "2027-02-28"),
                ("Today", "2027-03-01"),
                ("Done", "2027-02-01"),
                ("Some day", None),
            )
        )
        done.action_done()
        items = late | today | done | free
        self.assertEqual(items.filtered("is_overdue"), late)
        overdue = items.search([("is_overdue", "=", True)])
        self.assertEqual(overdue & items, late)
        others = items.search([("is_overdue", "=", False)])
        self.assertEqual(others & items, items - late)

    def test_group(self):
        """One step for each client of a group; each sees their own."""
        self._sell(self.stranger.partner_id)
        session = self.book(
            days=2,
            booking_type_id=self.group_type.id,
            partner_ids=(self.client | self.stranger.partner_id).ids,
        )
        items = session.attendance_ids.with_user(
            self.coach_user
        ).action_add_action_item("Practise")
        self.assertEqual(len(items), 2)
        self.assertEqual(
            items.with_user(self.stranger).search([]).partner_id,
            self.stranger.partner_id,
        )

    def test_wrong_arguments(self):
        for description in ("", " \n", None):
            with self.assertRaisesRegex(UserError, "Enter what the client does next"):
                self.attendance.action_add_action_item(description)
        with self.assertRaisesRegex(UserError, "is not a date"):
            self.attendance.action_add_action_item("Read", "soon")

    def test_in_the_backend(self):
        """Without a session too; by coaches for themselves only."""
        Item = self.env["coaching.action.item"].with_user(self.coach_user)
        item = Item.create({"description": "Call", "partner_id": self.client.id})
        self.assertEqual(item.coach_id, self.coach)
        item = Item.create(
            {"description": "Write", "attendance_id": self.attendance.id}
        )
        self.assertEqual(item.partner_id, self.client)
        self.assertEqual(item.session_id, self.session)
        item.write({"description": "Write a letter", "due_date": date(2027, 4, 1)})
        for vals in ({"state": "done"}, {"partner_id": self.other_client.id}):
            with self.assertRaisesRegex(UserError, "can't be edited"):
                item.write(vals)
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            Item.create(
                {
                    "description": "No",
                    "partner_id": self.client.id,
                    "coach_id": self.other_coach.id,
                }
            )
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            Item.with_user(self.colleague).create(
                {"description": "No", "attendance_id": self.attendance.id}
            )
        with self.assertRaisesRegex(ValidationError, "was not a session of"):
            Item.create(
                {
                    "description": "No",
                    "attendance_id": self.attendance.id,
                    "partner_id": self.other_client.id,
                }
            )
        with self.assertRaisesRegex(UserError, "Drop the step"):
            item.sudo().unlink()
