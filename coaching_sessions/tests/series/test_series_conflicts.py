from datetime import timedelta
from unittest.mock import patch

import psycopg2.errors

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_series import FIRST, SeriesCommon


@tagged("post_install", "-at_install")
class TestSeriesConflicts(SeriesCommon):
    """What a series can't book: listed, left out, tried again (R109)."""

    def _make_conflicts(self):
        """A session, a holiday and the client's own other session; 3 of 5 weeks."""
        self.book(
            start=FIRST + timedelta(weeks=1, minutes=30),
            partner_ids=self.other_client.ids,
            booking_type_id=self.consultation.id,
        )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "date_from": FIRST + timedelta(weeks=2, hours=-10),
                "date_to": FIRST + timedelta(weeks=2, hours=10),
            }
        )
        self.book(
            start=FIRST + timedelta(weeks=4),
            coach_id=self.other_coach.id,
            booking_type_id=self.consultation.id,
        )

    def test_conflicts_are_listed_before_anything_is_written(self):
        self._make_conflicts()
        before = self._count_rows()
        plan = self.Series.with_user(self.manager).plan(self.vals(count=5))
        self.assertEqual(
            [bool(one["conflict"]) for one in plan], [False, True, True, False, True]
        )
        for one, words in (
            (1, "already has a session"),
            (2, "does not work"),
            (4, f"{self.client.name} already"),
        ):
            self.assertIn(words, plan[one]["conflict"])
            self.assertFalse(plan[one]["covered"])
        with self.assertRaisesRegex(UserError, "3 of 5 times can't be booked"):
            self.book_series(count=5)
        self.assertEqual(self._count_rows(), before)
        self.assertBalance(self.package, 5)

    def test_as_far_as_it_goes(self):
        self._make_conflicts()
        series, sessions = self.book_series(count=5, on_conflict="skip")
        self.assertEqual(sessions.mapped("series_number"), [1, 4])
        self.assertEqual(series.gap_ids.mapped("number"), [2, 3, 5])
        self.assertEqual(set(series.gap_ids.mapped("state")), {"open"})
        self.assertTrue(all(series.gap_ids.mapped("reason")))
        self.assertEqual(series.gap_count, 3)
        self.assertBalance(self.package, 3, held=2)

    def test_somebody_was_quicker(self):
        """What the plan could not see yet the constraints tell: never half a series."""
        self.book(
            start=FIRST + timedelta(weeks=1),
            partner_ids=self.other_client.ids,
            booking_type_id=self.consultation.id,
        )
        self.book(
            start=FIRST + timedelta(weeks=2),
            coach_id=self.other_coach.id,
            booking_type_id=self.consultation.id,
        )
        before = self._count_rows()
        blind = patch.object(
            self.env.registry["coaching.session"],
            "_look_at",
            lambda self, requests, exclude=None: [(one, None) for one in requests],
        )
        with blind, mute_logger("odoo.sql_db"):
            # not assertRaises: it would undo what is left
            try:
                self.book_series()
            except UserError as error:
                self.assertIn("2 of 4 times", str(error))
            else:
                self.fail("Booked twice")
            self.assertEqual(self._count_rows(), before)
            series, sessions = self.book_series(on_conflict="skip")
        self.assertEqual(sessions.mapped("series_number"), [1, 4])
        self.assertIn(f"{self.coach.name} already", series.gap_ids[0].reason)
        self.assertIn(f"{self.client.name} already", series.gap_ids[1].reason)
        self.assertBalance(self.package, 3, held=2)

    def test_nothing_can_be_booked(self):
        for hour in (3, 12):
            with self.assertRaisesRegex(UserError, "None of these times"):
                self.book_series(start=FIRST.replace(hour=hour), on_conflict="skip")
        self.assertFalse(self.Series.search([("coach_id", "=", self.coach.id)]))

    def test_tried_again(self):
        """What was in the way is gone: the gap is booked, once."""
        self._make_conflicts()
        series, _sessions = self.book_series(count=5, on_conflict="skip")
        gaps = series.gap_ids
        with self.assertRaisesRegex(UserError, "already has a session"):
            gaps[0].with_user(self.coach_user).action_retry()
        self.env["resource.calendar.leaves"].search([("name", "=", "Holiday")]).unlink()
        gaps.with_user(self.coach_user).action_retry()
        self.assertEqual(gaps.mapped("state"), ["open", "booked", "open"])
        self.assertEqual(gaps[1].session_id.series_number, 3)
        self.assertEqual(gaps[1].session_id.start, FIRST + timedelta(weeks=2))
        self.assertBalance(self.package, 2, held=3)
        gaps.with_user(self.coach_user).action_ignore()
        self.assertEqual(gaps.mapped("state"), ["ignored", "booked", "ignored"])
        gaps.with_user(self.coach_user).action_retry()
        self.assertEqual(len(series.session_ids), 3)

    def test_an_occurrence_has_one_session(self):
        """The database refuses a second one."""
        _series, sessions = self.book_series()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE coaching_session SET series_number = 1 WHERE id = %s",
                [sessions[1].id],
            )
