from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common_series import FIRST, SeriesCommon


@tagged("post_install", "-at_install")
class TestSeriesDialogs(SeriesCommon):
    """What people see before they confirm, and what the dialogs then do."""

    def test_book(self):
        with Form(self.env["coaching.series.book"].with_user(self.coach_user)) as form:
            form.booking_type_id = self.individual
            form.coach_id = self.coach
            self.assertFalse(form.preview)
            form.partner_ids.add(self.client)
            form.start = FIRST
            self.assertTrue(form.tuesday)
            self.assertFalse(form.monday)
            form.count = 7
            form.client_agreed = True
            self.assertIn("5 of 7 times can be booked", form.preview)
            self.assertEqual(form.preview.count(">Package<"), 5)
            self.assertIn(", not enough for the whole series", form.preview)
            form.thursday = True
            self.assertIn("Thu 03/04/2027", form.preview)
            form.thursday = False
        self.assertFalse(self.Series.search([("coach_id", "=", self.coach.id)]))
        action = form.record.action_book()
        series = self.Series.browse(action["res_id"])
        self.assertEqual((series.booked_count, series.gap_count), (5, 2))
        for values, words in (
            ({"ends": "date", "date_to": False}, "when the series ends"),
            ({"tuesday": False}, "weekdays"),
        ):
            dialog = form.record.copy(values)
            if "tuesday" in values:
                # the first session says which day, where none is chosen
                self.assertTrue(dialog.preview)
            else:
                self.assertIn(words, dialog.preview)
                with self.assertRaisesRegex(UserError, words):
                    dialog.action_book()

    def test_names_are_escaped(self):
        self.client.name = "<b>Bobby</b>"
        self.book(start=FIRST, coach_id=self.other_coach.id)
        dialog = self.env["coaching.series.book"].new(
            {
                "booking_type_id": self.individual.id,
                "coach_id": self.coach.id,
                "partner_ids": self.client.ids,
                "start": FIRST,
                "tuesday": True,
            }
        )
        self.assertIn("&lt;b&gt;Bobby", dialog.preview)
        self.assertNotIn("<b>Bobby", dialog.preview)

    def test_repeat_takes_along_what_was_typed(self):
        dialog = self.env["coaching.session.book"].create(
            {
                "booking_type_id": self.individual.id,
                "coach_id": self.coach.id,
                "partner_ids": self.client.ids,
                "start": FIRST,
                "note": "Career",
            }
        )
        context = dialog.action_repeat()["context"]
        form = Form(self.env["coaching.series.book"].with_context(**context))
        self.assertEqual((form.start, form.note, form.tuesday), (FIRST, "Career", True))
        self.assertIn("5 of 10", form.preview)

    def test_move(self):  # R110, R111
        _series, sessions = self.book_series()
        form = Form(
            self.env["coaching.session.reschedule"]
            .with_user(self.coach_user)
            .with_context(default_session_id=sessions[1].id)
        )
        form.start = FIRST + timedelta(weeks=1, hours=1)
        self.assertFalse(form.preview)
        form.scope = "following"
        self.assertIn("3 of 3 sessions can be moved", form.preview)
        form.scope = "all"
        self.assertIn("4 of 4", form.preview)
        form.save().action_reschedule()
        self.assertEqual({start.hour for start in sessions.mapped("start")}, {11})

    def test_cancel(self):  # R115-R117
        _series, sessions = self.book_series()
        self.close(sessions[0], "completed")
        dialogs = self.env["coaching.session.cancel"].with_user(self.coach_user)
        dialog = dialogs.create({"session_ids": sessions[2].ids, "reason": "Moves"})
        self.assertTrue(dialog.in_series)
        self.assertEqual(len(dialog.consequences.splitlines()), 1)
        dialog.scope = "following"
        self.assertEqual(len(dialog.consequences.splitlines()), 2)
        dialog.scope = "all"
        self.assertEqual(len(dialog.consequences.splitlines()), 3)
        action = dialog.action_cancel()
        self.assertIn("3 sessions were cancelled.", action["params"]["message"])
        self.assertIn("are closed: 1", action["params"]["message"])
        self.assertEqual(sessions.mapped("state"), ["completed"] + ["early_cancel"] * 3)
        notes = sessions[1:].attendance_ids.mapped("outcome_note")
        self.assertEqual(set(notes), {"Moves"})

    def test_change(self):  # R112, R113
        series, sessions = self.book_series()
        dialogs = self.env["coaching.series.change"].with_user(self.coach_user)

        def confirm(action, day, expected):
            context = {"default_series_id": series.id, "default_action": action}
            form = Form(dialogs.with_context(**context))
            self.assertEqual(form.date_from, date(2027, 3, 1))
            form.date_from = day
            self.assertEqual(form.sessions, expected)
            form.save().action_confirm()

        confirm("pause", date(2027, 3, 9), 3)
        self.assertEqual((series.state, series.paused_count), ("paused", 3))
        confirm("resume", date(2027, 3, 16), 2)
        self.assertEqual((series.state, series.upcoming_count), ("active", 3))
        confirm("end", date(2027, 3, 20), 1)
        self.assertEqual((series.state, series.upcoming_count), ("ended", 2))
        self.assertEqual(sessions[0].state, "scheduled")

    def test_from_a_session_to_its_series(self):  # R109
        series, sessions = self.book_series()
        action = sessions[2].with_user(self.coach_user).action_view_series()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("coaching.series", series.id)
        )
        action = series.with_user(self.coach_user).action_view_sessions()
        found = self.env["coaching.session"].with_user(self.coach_user)
        self.assertEqual(
            found.search(action["domain"]), sessions.sorted("start", reverse=True)
        )

    def test_who_stands_in_decides_about_one(self):
        """Not about the others: the series is another coach's."""
        series, sessions = self.book_series()
        sessions[1].coach_id = self.other_coach
        standing_in = sessions[1].with_user(self.portal_coach_user)
        with self.assertRaisesRegex(UserError, "coach|allowed"):
            standing_in.action_cancel_series("all")
        with self.assertRaisesRegex(UserError, "coach|allowed"):
            standing_in.action_move_series(FIRST + timedelta(weeks=1, hours=1), "all")
        self.assertEqual(series.upcoming_count, 4)
        standing_in.action_cancel_series("one")
        self.assertEqual(series.upcoming_count, 3)
