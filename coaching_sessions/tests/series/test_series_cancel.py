from datetime import datetime, timedelta

import psycopg2.errors

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_series import FIRST, SeriesCommon


@tagged("post_install", "-at_install")
class TestSeriesCancel(SeriesCommon):
    """Cancelling one, this and the following ones, all (R115-R117)."""

    def _book_and_go_on(self):
        """Four sessions: the first completed, the second over and open."""
        series, sessions = self.book_series()
        self.close(sessions[0], "completed")
        self.travel(sessions[1].stop + timedelta(hours=1))
        return series, sessions

    def test_one(self):  # R115
        series, sessions = self.book_series()
        result = (
            sessions[1]
            .with_user(self.coach_user)
            .action_cancel_series("one", "client_early_cancel")
        )
        self.assertEqual(result["cancelled"], 1)
        self.assertEqual(
            sessions.mapped("state"),
            ["scheduled", "early_cancel", "scheduled", "scheduled"],
        )
        self.assertEqual(series.state, "active")
        self.assertBalance(self.package, 2, held=3)
        # the coach, too: their own calendar has to follow
        self.assertEqual(
            self.mails("cancelled").partner_id, self.client | self.coach.partner_id
        )

    def test_following(self):  # R116
        series, sessions = self._book_and_go_on()
        result = (
            sessions[2]
            .with_user(self.coach_user)
            .action_cancel_series("following", "client_early_cancel")
        )
        self.assertEqual(
            sessions.mapped("state"),
            ["completed", "scheduled", "early_cancel", "early_cancel"],
        )
        self.assertEqual(
            (result["cancelled"], result["past"], result["kept"]), (2, 0, 0)
        )
        self.assertEqual(series.state, "ended")
        self.assertBalance(self.package, 3, held=1, used=1)
        self.assertEqual(
            len(
                self.mails("series_cancelled").filtered(
                    lambda mail: mail.partner_id == self.client
                )
            ),
            1,
        )
        self.assertFalse(self.mails("cancelled"))

    def test_all(self):  # R117
        """Closed ones keep their outcome, and the person is told."""
        for user, state in (
            (self.manager, "cancelled"),
            (self.coach_user, "cancelled"),
        ):
            with self.subTest(user.login):
                self.travel(self.now)
                self.package = self._sell(self.client)
                series, sessions = self.book_series(
                    package_id=self.package.id,
                    start=FIRST.replace(hour=10 + (user == self.manager) * 4),
                )
                self.close(sessions[0], "completed")
                kept = sessions[0].attendance_ids
                names = ["state", "outcome_id", "closed_at", "claim_move_id"]
                before = kept.read(names)
                self.travel(sessions[1].stop + timedelta(hours=1))
                result = (
                    sessions[3]
                    .with_user(user)
                    .action_cancel_series("all", "Moves away")
                )
                self.assertEqual(kept.read(names), before)
                self.assertEqual(sessions[0].state, "completed")
                self.assertEqual(sessions[1].state, state)
                self.assertNotIn("scheduled", sessions.mapped("state"))
                self.assertEqual(
                    (result["cancelled"], result["past"], result["kept"]), (3, 1, 1)
                )
                for words in (
                    "3 sessions",
                    "returned to the package: 1",
                    "are closed: 1",
                ):
                    self.assertIn(words, result["message"])
                self.assertBalance(self.package, 4, used=1)
                self.assertEqual(series.state, "ended")
                told = self.mails("series_cancelled").filtered(
                    lambda mail, sessions=sessions: mail.attendance_id.session_id
                    in sessions
                )
                self.assertEqual(told.partner_id & self.client, self.client)
                self.assertEqual(len(told[0]._get_series_times()), 2)

    def test_early_and_late_by_the_clock(self):
        """Each by its own notice; what is late is used."""
        _series, sessions = self.book_series()
        self.travel(sessions[0].start - timedelta(hours=2))
        sessions[0].with_user(self.manager).action_cancel_series("all")
        self.assertEqual(
            sessions.mapped("state"), ["late_cancel"] + ["early_cancel"] * 3
        )
        self.assertBalance(self.package, 4, used=1)

    def test_the_client_cancels(self):
        """The coach records it: each early or late, not as the coach's own."""
        series, sessions = self.book_series()
        self.travel(sessions[0].start - timedelta(hours=1))
        as_coach = sessions[1].with_user(self.coach_user)
        as_coach.action_cancel_series(reason="other", by_client=True)
        attendance = sessions[1].attendance_ids
        self.assertEqual(attendance.outcome_id.code, "client_early_cancel")
        self.assertEqual(attendance.outcome_note, "other")
        first = sessions[0].with_user(self.coach_user)
        first.action_cancel_series("all", "Moves away", by_client=True)
        self.assertEqual(
            sessions.mapped("state"), ["late_cancel"] + ["early_cancel"] * 3
        )
        self.assertBalance(self.package, 4, used=1)

    def test_refund(self):
        for refund, used in (("full", 0), ("none", 4)):
            package = self._sell(self.client)
            _series, sessions = self.book_series(package_id=package.id)
            sessions[0].with_user(self.manager).action_cancel_series(
                "all", refund=refund
            )
            self.assertBalance(package, 5 - used, used=used)

    def test_what_is_refused(self):
        series, sessions = self.book_series()
        single = self.book(days=3, booking_type_id=self.consultation.id)
        session = sessions[0].with_user(self.coach_user)
        for action, words in (
            (
                lambda: session.action_cancel_series("some"),
                "only this session, this and following ones, or all",
            ),
            (lambda: single.action_cancel_series("all"), "not part of a series"),
            (lambda: single.action_skip(), "not part of a series"),
            (lambda: series.action_end(None), "Choose the first day"),
            (
                lambda: series.action_pause("2027-03-03", "2027-03-02"),
                "must end after it begins",
            ),
            (
                lambda: series.action_pause("2028-03-03"),
                "This series has no session in that period",
            ),
            (
                lambda: series.action_resume("2027-03-03"),
                "This series has no paused sessions from that day",
            ),
        ):
            with self.assertRaisesRegex(UserError, words):
                action()
        session.action_cancel_series("all", "other")
        with self.assertRaisesRegex(UserError, "Nothing is left"):
            session.action_cancel_series("all", "other")
        with self.assertRaisesRegex(UserError, "has already ended"):
            series.action_end("2027-03-03")

    def test_only_staff(self):
        series, sessions = self.book_series()
        for user in (self.client_user, self.portal_coach_user):
            session = sessions[0].with_user(user)
            for action in (
                lambda session=session: session.action_cancel_series("all"),
                session.action_skip,
                lambda user=user: series.with_user(user).action_end("2027-03-01"),
                lambda user=user: series.with_user(user).action_pause("2027-03-01"),
                lambda user=user: series.with_user(user).action_resume("2027-03-01"),
            ):
                with self.assertRaises(AccessError):
                    action()
        self.assertEqual(set(sessions.mapped("state")), {"scheduled"})

    def test_what_is_no_word(self):
        """Not even a thing that can be looked up."""
        session = self.book_series()[1][1].with_user(self.manager)
        start = session.start + timedelta(hours=1)
        for value in ({}, [], [1], {"a": 1}, 5):
            with self.subTest(value):
                for call in (
                    lambda value=value: session.plan_move_series(start, scope=value),
                    lambda value=value: session.action_move_series(start, scope=value),
                    lambda value=value: session.action_cancel_series(scope=value),
                ):
                    with self.assertRaisesRegex(
                        UserError, "only this session, this and following ones, or all"
                    ):
                        call()
                vals = self.vals(on_conflict=value)
                for call in (self.Series.plan, self.Series.book):
                    with self.assertRaisesRegex(
                        UserError, "Choose how to handle conflicts:"
                    ):
                        call(vals)

    def test_a_day_is_the_series_day(self):
        """Days begin in the series' time zone, not on the user's."""
        self.coach.tz = "Pacific/Auckland"
        self.coach.resource_id.calendar_id = False
        start = datetime(2027, 3, 2, 20, 0)  # Wednesday morning in Auckland
        series, sessions = self.book_series(start=start)
        series.with_user(self.manager).action_end("2027-03-10")
        self.assertEqual(sessions.mapped("state"), ["scheduled"] + ["cancelled"] * 3)

    def test_history_stays(self):
        series, _sessions = self.book_series(count=7, on_conflict="skip")
        for record in (series, series.gap_ids):
            with self.assertRaises(UserError):
                record.unlink()
        for table in ("coaching_series", "coaching_series_gap"):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.RestrictViolation),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(f"DELETE FROM {table}")
