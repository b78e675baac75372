from datetime import date, datetime

import babel

from odoo.tests import BaseCase, tagged

from odoo.addons.coaching_portal.tools.local_time import (
    describe_span,
    format_day,
    format_zone,
    to_local,
)


@tagged("post_install", "-at_install")
class TestLocalTime(BaseCase):
    def test_reader_reads_his_own_day_and_hour(self):
        """The same moment in two zones and languages (R77)."""
        span = datetime(2027, 1, 4, 23, 0), datetime(2027, 1, 5, 0, 30)
        berlin = describe_span(*span, "Europe/Berlin", babel.Locale.parse("de_DE"))
        self.assertEqual(berlin["date"], "Dienstag, 5. Januar 2027")
        self.assertEqual(berlin["time"], "00:00 – 01:30")
        self.assertEqual((berlin["day"], berlin["zone"]), ("5", "Europe/Berlin"))
        new_york = describe_span(*span, "America/New_York", babel.Locale.parse("en_US"))
        self.assertEqual(new_york["date"], "Monday, January 4, 2027")
        self.assertEqual(new_york["time"].replace("\u202f", " "), "6:00 PM – 7:30 PM")
        self.assertEqual(new_york["zone"], "America/New York")

    def test_clock_change_within_a_session(self):
        span = datetime(2027, 3, 28, 0, 30), datetime(2027, 3, 28, 1, 30)
        parts = describe_span(*span, "Europe/Berlin", babel.Locale.parse("de_DE"))
        self.assertEqual(parts["time"], "01:30 – 03:30")

    def test_unknown_zone_counts_as_utc(self):
        moment = datetime(2027, 1, 4, 9, 0)
        for tz in (None, False, "", "Nowhere/Atlantis"):
            self.assertEqual(to_local(moment, tz).utcoffset().total_seconds(), 0)
        self.assertEqual(format_zone(False), "UTC")

    def test_day_in_the_order_of_the_language(self):
        day = date(2027, 4, 5)
        self.assertEqual(format_day(day, babel.Locale.parse("en_US")), "Apr 5, 2027")
        self.assertEqual(format_day(day, babel.Locale.parse("en_GB")), "5 Apr 2027")
