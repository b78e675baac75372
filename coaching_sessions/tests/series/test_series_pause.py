from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_series import FIRST, SeriesCommon


@tagged("post_install", "-at_install")
class TestSeriesPause(SeriesCommon):
    """Ending early (R113), leaving one out (R114), pausing (R112)."""

    def test_end_early(self):  # R113
        series, sessions = self.book_series()
        result = series.with_user(self.coach_user).action_end("2027-03-09", "Done")
        self.assertEqual(result, {"cancelled": 3})
        self.assertEqual(sessions.mapped("state"), ["scheduled"] + ["cancelled"] * 3)
        self.assertBalance(self.package, 4, held=1)
        self.assertEqual(series.state, "ended")
        # the coach who ends it, too: their own calendar has to follow
        mails = self.mails("series_cancelled")
        self.assertEqual(len(mails), 2)
        self.assertEqual(mails.partner_id, self.client | self.coach.partner_id)
        self.assertFalse(self.mails("cancelled"))
        self.assertEqual(
            set(
                sessions[1:]
                .log_ids.filtered(lambda line: line.action == "closed")
                .mapped("description")
            ),
            {"Done"},
        )

    def test_skip(self):  # R114
        series, sessions = self.book_series()
        self.travel(sessions[1].start - timedelta(hours=1))
        sessions[1].with_user(self.coach_user).action_skip("Conference")
        self.assertEqual(sessions[1].state, "cancelled")
        self.assertBalance(self.package, 2, held=3)
        gap = series.gap_ids
        self.assertEqual(
            (gap.kind, gap.state, gap.number, gap.reason, gap.start),
            ("skipped", "ignored", 2, "Conference", sessions[1].start),
        )
        self.assertEqual(series.state, "active")

    def test_pause_and_resume(self):  # R112
        series, sessions = self.book_series(count=5)
        as_coach = series.with_user(self.coach_user)
        result = as_coach.action_pause(
            "2027-03-09", reason="Holiday", message="See you"
        )
        self.assertEqual(result, {"cancelled": 4})
        self.assertEqual(series.state, "paused")
        self.assertBalance(self.package, 4, held=1)
        mail = self.mails("series_cancelled", self.client)
        self.assertEqual((len(mail), mail.message), (1, "See you"))
        # somebody else takes one of the times meanwhile
        self.book(
            start=sessions[3].start,
            partner_ids=self.other_client.ids,
            booking_type_id=self.consultation.id,
        )
        result = as_coach.action_resume("2027-03-16")
        self.assertEqual(result, {"booked": 2, "not_booked": 1})
        self.assertEqual(series.state, "active")
        self.assertEqual(
            series.gap_ids.mapped("state"), ["ignored", "booked", "open", "booked"]
        )
        scheduled = series.session_ids.filtered(lambda one: one.state == "scheduled")
        self.assertEqual(scheduled.sorted("start").mapped("series_number"), [1, 3, 5])
        self.assertBalance(self.package, 2, held=3)
        self.assertEqual(len(self.mails("series_booked", self.client)), 2)

    def test_pause_in_between(self):  # R112
        series, sessions = self.book_series()
        series.with_user(self.coach_user).action_pause("2027-03-09", "2027-03-16")
        self.assertEqual(
            sessions.mapped("state"),
            ["scheduled", "cancelled", "cancelled", "scheduled"],
        )
        self.assertEqual(series.state, "active")
        # pausing again and resuming books nothing twice
        series.with_user(self.coach_user).action_resume("2027-03-01")
        self.assertEqual(series.booked_count, 4)
        with self.assertRaisesRegex(
            UserError, "This series has no paused sessions from that day"
        ):
            series.with_user(self.coach_user).action_resume("2027-03-01")

    def assertOver(self, series, gap):
        """Assert that what was paused of a series is not booked again."""
        self.assertEqual((series.state, gap.state), ("ended", "ignored"))
        with self.assertRaisesRegex(
            UserError, "This series has no paused sessions from that day"
        ):
            series.with_user(self.manager).action_resume("2027-03-01")
        with self.assertRaisesRegex(
            UserError, "has ended, so nothing more can be booked for it"
        ):
            gap.with_user(self.manager).action_retry()
        self.assertFalse(series.paused_count)

    def test_ending_what_was_paused_before(self):
        series, sessions = self.book_series()
        series.with_user(self.manager).action_pause("2027-03-09", "2027-03-10")
        gap = series.gap_ids
        series.with_user(self.manager).action_end("2027-03-16")
        self.assertOver(series, gap)
        self.assertEqual(sessions[0].state, "scheduled")

    def test_cancelling_what_follows_a_pause(self):
        series, sessions = self.book_series()
        series.with_user(self.manager).action_pause("2027-03-01", "2027-03-03")
        gap = series.gap_ids
        sessions[1].with_user(self.manager).action_cancel_series("following")
        self.assertOver(series, gap)

    def test_not_booked_of_what_has_ended(self):
        """Nothing is left to book, and nothing says so."""
        self._sell(self.other_client)
        self.book(start=FIRST + timedelta(days=7))
        series, sessions = self.book_series(
            on_conflict="skip", partner_ids=self.other_client.ids
        )
        self.assertEqual(series.gap_count, 1)
        gap = series.gap_ids
        series.with_user(self.manager).action_end("2027-03-20")
        self.assertEqual(series.gap_count, 0)
        with self.assertRaisesRegex(
            UserError, "has ended, so nothing more can be booked for it"
        ):
            gap.with_user(self.manager).action_retry()
