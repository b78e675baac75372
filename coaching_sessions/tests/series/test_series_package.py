from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_series import FIRST, SeriesCommon


@tagged("post_install", "-at_install")
class TestSeriesPackage(SeriesCommon):
    """What pays a series, and how far it reaches (packages and series)."""

    def test_longer_than_the_package(self):
        """Refused, or booked as far as it goes with a list (complaint 8)."""
        with self.assertRaisesRegex(UserError, "5 of 5 left, not enough for the whole"):
            self.book_series(count=7)
        series, sessions = self.book_series(count=7, on_conflict="skip")
        self.assertEqual(len(sessions), 5)
        self.assertEqual(series.gap_ids.mapped("number"), [6, 7])
        self.assertBalance(self.package, 0, held=5)

    def test_past_the_expiry(self):
        self.package.expiry_date = date(2027, 3, 16)
        plan = self.Series.with_user(self.manager).plan(self.vals(count=5))
        self.assertEqual([one["covered"] for one in plan], [True] * 3 + [False] * 2)
        self.assertIn(", which is before the session", plan[3]["conflict"])
        with self.assertRaisesRegex(UserError, "2 of 5"):
            self.book_series(count=5)
        _series, sessions = self.book_series(count=5, on_conflict="skip")
        self.assertEqual(len(sessions), 3)

    def test_until_it_is_used_up(self):
        self.assertEqual(len(self.book_series(until_used=True)[1]), 5)
        self.assertBalance(self.package, 0, held=5)
        with self.assertRaisesRegex(UserError, "no package with a session left"):
            self.book_series(until_used=True, start=FIRST.replace(hour=14))
        package = self._sell(self.client)
        package.expiry_date = date(2027, 3, 10)
        series, sessions = self.book_series(
            until_used=True, start=FIRST.replace(hour=14)
        )
        self.assertEqual((len(sessions), series.occurrence_count), (2, 2))
        self.assertFalse(series.gap_ids)

    def test_the_package_that_begins_next(self):
        """Of several that are not valid yet, the one that begins first is named."""
        later = self._sell(self.client)
        self.package.write({"start_date": date(2027, 4, 1), "expiry_date": False})
        later.write({"start_date": date(2027, 7, 1), "expiry_date": date(2027, 8, 1)})
        # the one that lasts longest begins first, and the other way round
        for _turn in range(2):
            first = min(self.package | later, key=lambda one: one.start_date)
            plan = self.Series.with_user(self.manager).plan(self.vals())
            for one in plan:
                self.assertIn(f"{first.name} is valid from", one["conflict"])
            dates = self.package.start_date, later.start_date
            later.write({"start_date": dates[0]})
            self.package.write({"start_date": dates[1]})

    def test_used_up_around_a_conflict(self):
        """What is in the way takes no session of the package."""
        self.book(
            start=FIRST + timedelta(weeks=1),
            partner_ids=self.other_client.ids,
            booking_type_id=self.consultation.id,
        )
        series, sessions = self.book_series(until_used=True, on_conflict="skip")
        self.assertEqual(sessions.mapped("series_number"), [1, 3, 4, 5, 6])
        self.assertEqual(series.gap_ids.mapped("number"), [2])

    def test_without_a_package(self):
        """Where none is needed, or the client may owe."""
        for prepare, expected in (
            (lambda: None, 0),
            (lambda: self.other_client.write({"coaching_owed_limit": 3}), 3),
            (lambda: self.company.write({"coaching_package_required": False}), 4),
        ):
            prepare()
            plan = self.Series.with_user(self.manager).plan(
                self.vals(partner_ids=self.other_client.ids)
            )
            self.assertEqual(sum(not one["conflict"] for one in plan), expected)
            self.assertFalse(any(one["covered"] for one in plan))
        self.company.coaching_package_required = True
        _series, sessions = self.book_series(
            partner_ids=self.other_client.ids, on_conflict="skip"
        )
        self.assertEqual(sessions.attendance_ids.mapped("owed"), [True] * 3)
        with self.assertRaisesRegex(UserError, "no package"):
            self.book_series(
                partner_ids=self.other_client.ids,
                until_used=True,
                start=FIRST.replace(hour=15),
            )

    def test_two_packages(self):
        """In order, that which expires first first."""
        other = self._sell(self.client)
        other.expiry_date = date(2027, 3, 10)
        _series, sessions = self.book_series(count=6)
        self.assertEqual(
            [one.attendance_ids.package_id.id for one in sessions],
            [other.id] * 2 + [self.package.id] * 4,
        )

    def test_nothing_is_taken_where_none_is_needed(self):
        _series, sessions = self.book_series(
            booking_type_id=self.consultation.id, count=8
        )
        self.assertEqual(len(sessions), 8)
        self.assertBalance(self.package, 5)
