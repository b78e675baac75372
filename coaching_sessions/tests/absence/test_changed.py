from datetime import datetime
from unittest.mock import patch

from odoo.tests import tagged

from ...models.absence import coaching_session_changed
from .common_absence import DAY, AbsenceCommon


@tagged("post_install", "-at_install")
class TestChanged(AbsenceCommon):
    """What changes after a booking is marked, and on somebody's list (rank 24)."""

    def setUp(self):
        super().setUp()
        self.sessions = self.first | self.second | self.third | self.later
        self.look()

    def look(self):
        self.env["ir.cron.trigger"].search([]).unlink()
        self.run_cron("coaching.session", "_cron_find_changes")

    def marks(self):
        self.sessions.invalidate_recordset(["changed_since"])
        return self.sessions.mapped("changed_since")

    def activities(self):
        kind = self.env.ref("coaching_sessions.mail_activity_type_changed")
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "coaching.session"),
                ("res_id", "in", self.sessions.ids),
                ("activity_type_id", "=", kind.id),
            ]
        )

    def assertLooksSoon(self):
        cron = self.env.ref("coaching_sessions.ir_cron_find_changes")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertTrue(triggers, "not only in an hour")

    def take_off(self, session, **vals):
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Approved",
                "resource_id": self.coach.resource_id.id,
                "calendar_id": self.calendar.id,
                "date_from": session.start,
                "date_to": session.stop,
                "time_type": "leave",
                **vals,
            }
        )

    def test_a_run_that_is_cut_short_goes_on(self):
        """Whoever has many sessions to come is not told of the first ones only."""
        for session in self.sessions:
            self.take_off(session)
        cron = self.env.registry["ir.cron"]
        no_time = patch.object(cron, "_commit_progress", lambda *args, **kwargs: 0.0)
        one_at_a_time = patch.object(coaching_session_changed, "BATCH", 1)
        others = self.env["coaching.session"].search(
            [
                ("state", "=", "scheduled"),
                ("start", ">", self.now),
                ("id", "not in", self.sessions.ids),
            ]
        )
        for runs in range(len(self.sessions | others)):
            with self.subTest(runs), no_time, one_at_a_time:
                self.env["coaching.session"]._cron_find_changes()
        self.assertEqual(self.marks(), ["off"] * 4)

    # === WHAT IS FOUND === #

    def test_nothing_changed(self):
        self.assertEqual(self.marks(), [False] * 4)
        self.assertFalse(self.activities())

    def test_time_off(self):
        """One activity for all of it, with what to do; it goes as it is settled."""
        self.take_off(self.second, date_to=self.third.stop)
        self.assertLooksSoon()
        self.look()
        self.assertEqual(self.marks(), [False, "off", "off", False])
        activity = self.activities()
        self.assertEqual(activity.res_id, self.second.id)
        self.assertEqual(activity.user_id, self.coach_user)
        self.assertEqual(activity.summary, "Booked while the coach is not there")
        self.assertIn(
            "Offer other times, assign another coach, or cancel", activity.note
        )
        self.assertIn("like this one: 2", activity.note)
        self.look()
        self.assertEqual(self.activities(), activity, "once")
        self.second.action_reschedule(self.later.start + DAY / 24)
        self.assertFalse(self.second.changed_since, "at once")
        self.look()
        self.assertEqual(self.activities().res_id, self.third.id, "the next one")
        self.third.action_cancel()
        self.assertLooksSoon()
        self.look()
        self.assertFalse(self.activities())

    def test_time_off_taken_back(self):
        time_off = self.take_off(self.first)
        self.look()
        self.assertTrue(self.activities())
        time_off.unlink()
        self.assertLooksSoon()
        self.look()
        self.assertFalse(self.first.changed_since)
        self.assertFalse(self.activities())

    def test_holiday(self):
        self.take_off(self.later, resource_id=False, calendar_id=False)
        self.look()
        self.assertEqual(self.marks(), [False, False, False, "off"])

    def test_hours(self):
        hours = self.calendar.attendance_ids.filtered(lambda one: one.hour_from == 13)
        hours.unlink()
        self.assertLooksSoon()
        self.look()
        self.assertEqual(self.marks(), [False, False, "hours", False])

    def test_coach_archived(self):
        """A manager decides, and can give the sessions to somebody else."""
        self.coach.active = False
        self.assertLooksSoon()
        self.look()
        self.assertEqual(self.marks(), ["coach"] * 4)
        activity = self.activities()
        self.assertTrue(
            activity.user_id.has_group("coaching_sessions.group_coaching_manager")
        )
        self.sessions.action_substitute(self.other_coach.id)
        self.look()
        self.assertEqual(self.marks(), [False] * 4)
        self.assertFalse(self.activities())

    def test_client_archived(self):
        self.other_client.active = False
        self.assertLooksSoon()
        self.look()
        self.assertEqual(self.marks(), [False, False, "client", False])
        self.assertEqual(self.activities().summary, "Booked for an archived client")

    def test_no_reminders_to_who_is_archived(self):
        """Neither queued, nor sent where it was queued before."""
        day = self.env.ref("coaching_sessions.reminder_client_day")
        self.individual.reminder_ids = day
        self.individual.reminders_since = False
        Notification = self.env["coaching.notification"]
        self.travel(datetime(2027, 3, 2, 15))
        with self.env.cr.savepoint() as savepoint:
            queued = Notification._queue_reminders(10)
            mine = queued.filtered(lambda one: one.partner_id == self.other_client)
            self.assertTrue(mine, "else this shows nothing")
            self.assertTrue(mine._is_still_true())
            self.other_client.active = False
            self.assertFalse(mine._is_still_true())
            savepoint.rollback()
        self.other_client.active = False
        queued = Notification._queue_reminders(10)
        self.assertNotIn(self.other_client, queued.partner_id)

    def test_what_is_in_the_clients_hands(self):
        """Times were offered instead: there is nothing to do meanwhile."""
        self.me.action_absent(*self.days, mode="offer")
        self.look()
        self.assertEqual(self.marks()[1], "off")
        self.assertFalse(self.activities())

    def test_filter(self):
        self.take_off(self.first)
        self.look()
        found = (
            self.env["coaching.session"]
            .with_user(self.coach_user)
            .search([("state", "=", "scheduled"), ("changed_since", "!=", False)])
        )
        self.assertEqual(found & self.sessions, self.first)

    def test_as_many_queries_for_all(self):
        self.sessions._find_changes()

        def count(sessions):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            sessions._find_changes()
            return self.env.cr.sql_log_count - before

        self.assertEqual(count(self.first | self.third), count(self.sessions))
