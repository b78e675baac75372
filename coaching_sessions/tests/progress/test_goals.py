from datetime import date, timedelta

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_goals import QUIET, GoalsCommon


@tagged("post_install", "-at_install")
class TestGoals(GoalsCommon):
    """Goals of a client, the sessions that served them, and how far they are."""

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
        self.close(missed, "completed", note="Came after all")
        self.assertEqual(self.goal.session_count, 2)
        self.assertEqual(self.second_goal.session_count, 0)
        sessions = self.env["coaching.session"].search(
            self.goal.action_view_sessions()["domain"]
        )
        self.assertEqual(sessions, self.session | missed | called_off)

    # R98
    @mute_logger(*QUIET)
    def test_the_client_sees_own_goals_and_their_sessions(self):
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
        with self.assertRaisesRegex(UserError, "can't change"):
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
            with (
                self.subTest(wrong),
                self.assertRaisesRegex(UserError, "” is not a list of IDs"),
            ):
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
        # a session with the colleague that serves the goal makes it theirs too
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
            with (
                self.subTest(vals),
                self.assertRaisesRegex(UserError, "can't be edited"),
            ):
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
