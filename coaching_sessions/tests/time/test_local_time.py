from datetime import date, datetime

import babel

from odoo.tests import BaseCase, tagged

from ...tools.local_time import (
    describe_span,
    format_day,
    format_zone,
    to_local,
    to_utc,
)


@tagged("post_install", "-at_install")
class TestLocalTime(BaseCase):
    def test_reader_reads_local_day_and_hour(self):
        """The same moment in two zones and languages (R77)."""
        span = datetime(2027, 1, 4, 23, 0), datetime(2027, 1, 5, 0, 30)
        berlin = describe_span(*span, "Europe/Berlin", babel.Locale.parse("de_DE"))
        self.assertEqual(berlin["date"], "Dienstag, 5. Januar 2027")
        self.assertEqual(berlin["time"], "00:00 – 01:30")
        self.assertEqual((berlin["day"], berlin["zone"]), ("5", "Europe/Berlin"))
        self.assertEqual((berlin["start"], berlin["stop"]), ("00:00", "01:30"))
        new_york = describe_span(*span, "America/New_York", babel.Locale.parse("en_US"))
        self.assertEqual(new_york["date"], "Monday, January 4, 2027")
        self.assertEqual(new_york["time"].replace("\u202f", " "), "6:00 PM – 7:30 PM")
        self.assertEqual(new_york["zone"], "America/New York")

    def test_clock_change_within_a_session(self):
        span = datetime(2027, 3, 28, 0, 30), datetime(2027, 3, 28, 1, 30)
        parts = describe_span(*span, "Europe/Berlin", babel.Locale.parse("de_DE"))
        self.assertEqual(parts["time"], "01:30 – 03:30")

    def test_what_a_person_writes(self):
        """The hour that comes twice is the first one, the skipped one moves on."""
        for written, tz, utc in (
            ("2027-01-04T09:00", "Europe/Brussels", "2027-01-04T08:00"),
            ("2027-07-05T09:00", "Europe/Brussels", "2027-07-05T07:00"),
            ("2027-03-28T01:59", "Europe/Brussels", "2027-03-28T00:59"),
            ("2027-03-28T02:30", "Europe/Brussels", "2027-03-28T01:30"),
            ("2027-03-28T03:00", "Europe/Brussels", "2027-03-28T01:00"),
            ("2027-10-31T02:30", "Europe/Brussels", "2027-10-31T00:30"),
            ("2027-10-31T03:00", "Europe/Brussels", "2027-10-31T02:00"),
            # summer time is the zone's standard there
            ("2027-10-31T01:30", "Europe/Dublin", "2027-10-31T00:30"),
            ("2027-03-28T01:30", "Europe/Dublin", "2027-03-28T01:30"),
            ("2027-01-04T09:00", "UTC", "2027-01-04T09:00"),
            ("2027-01-04T09:00", "Nowhere/Atlantis", "2027-01-04T09:00"),
        ):
            with self.subTest(written, tz=tz):
                self.assertEqual(
                    to_utc(datetime.fromisoformat(written), tz),
                    datetime.fromisoformat(utc),
                )

    def test_unknown_zone_counts_as_utc(self):
        moment = datetime(2027, 1, 4, 9, 0)
        for tz in (None, False, "", "Nowhere/Atlantis"):
            self.assertEqual(to_local(moment, tz), moment)
        self.assertEqual(format_zone(False), "UTC")

    def test_day_in_the_order_of_the_language(self):
        day = date(2027, 4, 5)
        self.assertEqual(format_day(day, babel.Locale.parse("en_US")), "Apr 5, 2027")
        self.assertEqual(format_day(day, babel.Locale.parse("en_GB")), "5 Apr 2027")
