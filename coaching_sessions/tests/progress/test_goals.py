from datetime import date, timedelta

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import CoachingCommon

QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


class GoalsCommon(CoachingCommon):
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


@tagged("post_install", "-at_install")
class TestGoals(GoalsCommon):
    """Goals of a client, the sessions that served them, and how far they are."""

    def setUp(self):
        super().setUp()
        self.session = self.book()
        self.attendance = self.session.attendance_ids.with_user(self.coach_user)

    # R96 R75
    def test_a_session_serves_goals(self):
        both = self.goal | self.second_goal
        self.attendance.action_link_goals(both.ids)
        self.assertEqual(self.session.with_user(self.coach_user).goal_ids, both)
        self.assertEqual(self.goal.attendance_ids, self.attendance)
        # what is given replaces what was there
        self.attendance.action_link_goals(self.second_goal.ids)
        self.assertEqual(self.attendance.goal_ids, self.second_goal)
        self.attendance.action_link_goals([])
        self.assertFalse(self.attendance.goal_ids)
        lines = self.session.log_ids.filtered(lambda line: line.action == "goals")
        self.assertEqual(lines.user_id, self.coach_user)
        self.assertEqual(
            lines.sorted("id").mapped("description"),
            ["Sleep well, Speak freely", "Speak freely", False],
        )

    # R97
    def test_sessions_that_took_place_count(self):
        self.attendance.action_link_goals(self.goal.ids)
        missed, called_off = self.book(days=2), self.book(days=3)
        for session in (missed, called_off):
            session.attendance_ids.action_link_goals(self.goal.ids)
        self.assertEqual(self.goal.session_count, 0)
        called_off.action_cancel()
        self.close(self.session, "completed")
        self.assertEqual(self.goal.session_count, 1)
        self.close(missed, "no_show", note="Called twice")
        self.assertEqual(self.goal.session_count, 1)
        self.close(missed, "completed", note="He came after all")
        self.assertEqual(self.goal.session_count, 2)
        self.assertEqual(self.second_goal.session_count, 0)
        sessions = self.env["coaching.session"].search(
            self.goal.action_view_sessions()["domain"]
        )
        self.assertEqual(sessions, self.session | missed | called_off)

    # R98
    @mute_logger(*QUIET)
    def test_the_client_sees_his_goals_and_their_sessions(self):
        self.attendance.action_link_goals(self.goal.ids)
        goals = self.env["coaching.goal"].with_user(self.client_user).search([])
        self.assertEqual(goals, self.goal | self.second_goal)
        self.assertEqual(
            goals.attendance_ids.session_id.read(["start"])[0]["start"],
            self.session.start,
        )
        for attempt in (
            lambda: goals[0].write({"name": "No"}),
            lambda: goals[0].action_record_progress(100),
            lambda: goals[0].action_reach(),
            lambda: goals[0].action_drop(),
            lambda: goals.create({"name": "No", "partner_id": self.client.id}),
            lambda: self.attendance.with_user(self.client_user).action_link_goals([]),
            lambda: self.attendance.with_user(self.client_user).action_add_goal("No"),
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.assertFalse(goals.with_user(self.stranger).search([]))
        with self.assertRaises(AccessError):
            goals.with_user(self.stranger).read(["name"])

    # R97 R145
    def test_progress_has_a_history(self):
        goal = self.goal.with_user(self.coach_user)
        goal.action_record_progress(30, "Six hours", self.attendance.id)
        self.travel(self.now + timedelta(days=7))
        goal.with_user(self.manager).action_record_progress(60)
        self.assertEqual(goal.progress_percent, 60)
        self.assertEqual(goal.attendance_ids, self.attendance, "it is linked")
        self.assertEqual(
            [
                (line.percent, line.note, line.user_id, line.date, line.attendance_id)
                for line in goal.progress_ids.sorted("id")
            ],
            [
                (30, "Six hours", self.coach_user, self.now, self.attendance),
                (
                    60,
                    False,
                    self.manager,
                    self.now + timedelta(days=7),
                    self.attendance.browse(),
                ),
            ],
        )
        lines = self.env["coaching.goal.progress"].with_user(self.client_user)
        self.assertEqual(lines.search([]), goal.progress_ids)
        self.assertFalse(lines.with_user(self.stranger).search([]))
        with self.assertRaisesRegex(UserError, "never changes"):
            goal.progress_ids.sudo().write({"percent": 1})
        with (
            self.assertRaises(psycopg2.Error),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute("UPDATE coaching_goal_progress SET percent = 1")

    def test_wrong_progress(self):
        goal = self.goal.with_user(self.coach_user)
        for percent in (-1, 101, "much", None, 10.5, True, float("nan"), [1]):
            with self.subTest(percent), self.assertRaisesRegex(UserError, "percentage"):
                goal.action_record_progress(percent)
        self._sell(self.other_client)
        foreign = self.book(days=2, partner_ids=self.other_client.ids)
        with self.assertRaisesRegex(UserError, "is not a goal of Otto Other"):
            goal.action_record_progress(10, attendance_id=foreign.attendance_ids.id)
        self.assertFalse(goal.progress_ids)

    def test_states(self):
        goal = self.goal.with_user(self.coach_user)
        goal.action_record_progress(80)
        goal.action_reach("Eight hours")
        goal.action_reach("A second click")
        with self.assertRaisesRegex(UserError, "Reopen it first"):
            goal.action_record_progress(90)
        goal.action_reopen("Not any more")
        goal.action_drop()
        self.assertEqual(
            [(line.state, line.note) for line in goal.progress_ids.sorted("id")],
            [
                ("open", False),
                ("reached", "Eight hours"),
                ("open", "Not any more"),
                ("dropped", False),
            ],
        )

    # R96
    def test_goals_of_the_client_only(self):
        with self.assertRaisesRegex(UserError, "is not a goal of coaching_client"):
            self.attendance.action_link_goals((self.goal | self.foreign_goal).ids)
        with (
            self.assertRaisesRegex(UserError, "is not a goal of"),
            self.env.cr.savepoint(),
        ):
            self.foreign_goal.sudo().write({"attendance_ids": self.attendance.ids})
        for wrong in ("1", 5, [True], ["1"], {"a": 1}):
            with self.subTest(wrong), self.assertRaisesRegex(UserError, "list of ids"):
                self.attendance.action_link_goals(wrong)
        with self.assertRaises(UserError):
            self.attendance.action_link_goals([2**31 - 1])
        self.attendance.invalidate_recordset()
        self.assertFalse(self.attendance.goal_ids)

    @mute_logger(*QUIET)
    def test_who_works_on_a_goal(self):
        """Its coach, the coaches of linked sessions, managers; nobody else."""
        colleague = self.goal.with_user(self.colleague)
        for attempt in (
            lambda: colleague.read(["name"]),
            lambda: colleague.action_record_progress(10),
            lambda: self.attendance.with_user(self.colleague).action_link_goals([]),
            lambda: self.goal.create(
                {"name": "No", "partner_id": self.client.id, "coach_id": self.coach.id}
            )
            .with_user(self.colleague)
            .read(["name"]),
            lambda: colleague.create(
                {"name": "No", "partner_id": self.client.id, "coach_id": self.coach.id}
            ),
        ):
            with self.assertRaises(AccessError):
                attempt()
        # a session with the colleague that serves the goal makes it his too
        shared = self.book(days=2, coach_id=self.colleague_coach.id).attendance_ids
        with self.assertRaises(AccessError):
            shared.with_user(self.colleague).action_link_goals(self.goal.ids)
        shared.with_user(self.manager).action_link_goals(self.goal.ids)
        colleague.invalidate_recordset()
        colleague.action_record_progress(10)
        self.assertEqual(self.goal.progress_ids.user_id, self.colleague)
        self.assertEqual(colleague.attendance_ids, shared)
        with self.assertRaisesRegex(AccessError, "another coach"):
            colleague.write({"coach_id": self.colleague_coach.id})

    def test_not_by_hand(self):
        goal = self.goal.with_user(self.manager)
        for vals in (
            {"state": "reached"},
            {"progress_percent": 3},
            {"attendance_ids": self.attendance.ids},
            {"partner_id": self.other_client.id},
            {"company_id": self.company.id},
        ):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "by hand"):
                goal.write(vals)
        goal.write({"name": "Sleep better", "target_date": date(2027, 6, 1)})
        with self.assertRaisesRegex(UserError, "Drop the goal"):
            self.goal.unlink()

    def test_add_a_goal(self):
        attendance = self.book(days=2, coach_id=self.other_coach.id).attendance_ids
        goal = attendance.with_user(self.portal_coach_user).action_add_goal(
            "Swim", "Every week", "2027-06-01"
        )
        self.assertEqual(goal.partner_id, self.client)
        self.assertEqual(goal.sudo().coach_id, self.other_coach)
        self.assertEqual(goal.attendance_ids, attendance)
        self.assertEqual(goal.target_date, date(2027, 6, 1))
        goal.action_record_progress(20)
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            goal.write({"name": "No"})
        with self.assertRaisesRegex(UserError, "wants to reach"):
            self.attendance.action_add_goal("  ")
        with self.assertRaisesRegex(UserError, "is not a date"):
            self.attendance.action_add_goal("x", target_date="soon")

    # R75 R96
    def test_dialogs(self):
        self.goal.action_record_progress(10)
        wizard = (
            self.env["coaching.session.goals"]
            .with_user(self.coach_user)
            .create({"attendance_id": self.attendance.id})
        )
        self.assertFalse(wizard.goal_ids)
        wizard.write({"goal_ids": self.goal.ids, "new_goal": "Swim"})
        wizard.action_link()
        new = self.attendance.goal_ids - self.goal
        self.assertEqual((new.name, new.partner_id), ("Swim", self.client))
        self.assertEqual(self.attendance.goal_ids, self.goal | new)
        wizard = (
            self.env["coaching.goal.record"]
            .with_user(self.coach_user)
            .create({"goal_id": self.goal.id})
        )
        self.assertEqual(wizard.percent, 10)
        wizard.write({"percent": 100, "reached": True, "note": "Done"})
        wizard.action_record()
        self.assertEqual(self.goal.state, "reached")
        self.assertEqual(self.goal.progress_percent, 100)
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            self.env["coaching.goal.record"].with_user(self.colleague).create(
                {"goal_id": self.goal.id}
            )


@tagged("post_install", "-at_install")
class TestActionItems(GoalsCommon):
    """What a client does next."""

    def setUp(self):
        super().setUp()
        self.session = self.book()
        self.attendance = self.session.attendance_ids.with_user(self.coach_user)

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
        """One step for each client of a group; each sees his own."""
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
            with self.assertRaisesRegex(UserError, "Write down"):
                self.attendance.action_add_action_item(description)
        with self.assertRaisesRegex(UserError, "is not a date"):
            self.attendance.action_add_action_item("Read", "soon")

    def test_in_the_backend(self):
        """Without a session too; by the coach for himself only."""
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
            with self.assertRaisesRegex(UserError, "by hand"):
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
