import random
from datetime import date, datetime, timedelta

import pytz

from odoo.tests import BaseCase, tagged

from ...tools.local_time import to_local, to_utc
from ...tools.recurrence import MAX_OCCURRENCES, get_starts, shift

# zones whose clocks change, each in a way of its own
ZONES = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/El_Aaiun",
    "America/Asuncion",
    "America/Havana",
    "America/Los_Angeles",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/Scoresbysund",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Jerusalem",
    "Asia/Tehran",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Europe/Brussels",
    "Europe/Dublin",
    "Europe/London",
    "Pacific/Apia",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Easter",
    "UTC",
)


def get_changes(tz, first_year, last_year):
    """Return when the clocks of a zone change, naive UTC."""
    zone = pytz.timezone(tz)
    return [
        moment
        for moment in getattr(zone, "_utc_transition_times", ())
        if first_year <= moment.year <= last_year
    ]


@tagged("post_install", "-at_install")
class TestRecurrence(BaseCase):
    """A series keeps its local hour, nothing overlaps; no database is needed."""

    def _check_series(self, weekdays, interval, minute, tz, first, count):
        starts = get_starts(weekdays, interval, minute, tz, first, count=count)
        self.assertEqual(starts, sorted(starts))
        for one, following in zip(starts, starts[1:], strict=False):
            # no day is shorter than those of Troll, where clocks change by two hours
            self.assertGreaterEqual(following - one, timedelta(hours=22))
        for start in starts:
            local = to_local(start, tz)
            wanted = datetime(local.year, local.month, local.day)
            wanted += timedelta(minutes=minute)
            if local < wanted:
                # in Greenland what is left out ends after midnight
                wanted -= timedelta(days=1)
            if local != wanted:
                self._check_left_out(local, wanted, tz)
            else:
                self._check_first_one(start, tz)
                self.assertIn(local.weekday(), weekdays)
                monday = first - timedelta(days=first.weekday())
                self.assertEqual((local.date() - monday).days // 7 % interval, 0)
            self.assertGreaterEqual(local.date(), first)
        return starts

    def _check_left_out(self, local, wanted, tz):
        """The time does not exist, and comes later by what is left out."""
        zone = pytz.timezone(tz)
        with self.assertRaises(pytz.NonExistentTimeError):
            zone.localize(wanted, is_dst=None)
        before = to_utc(wanted - timedelta(hours=4), tz)
        after = before + timedelta(hours=4)
        self.assertEqual(to_local(after, tz), local)

    def _check_first_one(self, start, tz):
        """Of an hour that comes twice it is the first one."""
        for minutes in (20, 30, 60, 120):
            earlier = start - timedelta(minutes=minutes)
            self.assertNotEqual(to_local(earlier, tz), to_local(start, tz))

    def test_around_every_change(self):
        """Each quarter of an hour of the days on which clocks change."""
        for tz in ZONES:
            changes = get_changes(tz, 2010, 2012) + get_changes(tz, 2026, 2028)
            for change in changes:
                first = to_local(change, tz).date() - timedelta(days=2)
                with self.subTest(tz=tz, first=first):
                    for minute in range(0, 24 * 60, 15):
                        self._check_series(range(7), 1, minute, tz, first, 5)

    def test_anything(self):
        """Any weekdays, interval, time and first day."""
        chance = random.Random(117)
        for _case in range(400):
            tz = chance.choice(ZONES)
            weekdays = chance.sample(range(7), chance.randint(1, 7))
            interval = chance.randint(1, 5)
            minute = chance.randrange(24 * 60)
            first = date(2009, 1, 1) + timedelta(days=chance.randrange(10000))
            count = chance.randint(1, MAX_OCCURRENCES)
            case = (weekdays, interval, minute, tz, first, count)
            with self.subTest(case=case):
                starts = self._check_series(*case)
                if first.year > 2011 and interval < 5 and len(weekdays) > 3:
                    self.assertEqual(len(starts), count)
                last = to_local(starts[-1], tz).date() if starts else first
                again = get_starts(*case[:5], last=last)
                self.assertEqual(again[: len(starts)], starts)

    def test_a_day_that_does_not_exist(self):
        """Samoa went from Thursday 29 to Saturday 31 December 2011."""
        starts = get_starts(
            range(7), 1, 600, "Pacific/Apia", date(2011, 12, 28), count=4
        )
        days = [to_local(start, "Pacific/Apia") for start in starts]
        self.assertEqual(
            [(day.day, day.hour) for day in days],
            [(28, 10), (29, 10), (31, 10), (1, 10)],
        )
        self.assertEqual(
            get_starts(
                [4], 1, 0, "Pacific/Apia", date(2011, 12, 30), date(2011, 12, 30)
            ),
            [],
        )

    def test_cases(self):
        brussels = "Europe/Brussels"
        for case, expected in (
            # the clocks go forward on 28 March 2027
            (
                ([6], 1, 150, brussels, date(2027, 3, 21), None, 3),
                ["03-21 01:30", "03-28 01:30", "04-04 00:30"],
            ),
            # and back on 31 October, when half past two comes twice
            (
                ([6], 1, 150, brussels, date(2027, 10, 24), None, 3),
                ["10-24 00:30", "10-31 00:30", "11-07 01:30"],
            ),
            # Morocco's clocks go back for Ramadan: the first of both is not winter
            (
                ([6], 1, 150, "Africa/Casablanca", date(2026, 2, 15), None, 1),
                ["02-15 01:30"],
            ),
            # every other week, counted from the week of the first day
            (
                ([0, 3], 2, 600, "UTC", date(2027, 3, 3), None, 4),
                ["03-04 10:00", "03-15 10:00", "03-18 10:00", "03-29 10:00"],
            ),
            (
                ([2], 1, 600, "UTC", date(2027, 3, 3), date(2027, 3, 17), None),
                ["03-03 10:00", "03-10 10:00", "03-17 10:00"],
            ),
            (([], 1, 600, "UTC", date(2027, 3, 3), None, 5), []),
            (([2], 1, 600, "UTC", date(2027, 3, 3), date(2027, 3, 2), None), []),
        ):
            with self.subTest(case=case):
                starts = get_starts(*case)
                self.assertEqual([f"{start:%m-%d %H:%M}" for start in starts], expected)

    def test_it_ends(self):
        """With what says that there would be more."""
        starts = get_starts([0], 1, 600, "UTC", date(2027, 3, 1))
        self.assertEqual(len(starts), MAX_OCCURRENCES + 1)
        starts = get_starts([0], 52, 600, "UTC", date(2027, 3, 1), count=10)
        self.assertEqual(len(starts), 3)

    def test_shift(self):
        tz = "Europe/Brussels"
        start = to_utc(datetime(2027, 3, 25, 10, 0), tz)
        self.assertEqual(
            shift(start, 4, 600, tz), to_utc(datetime(2027, 3, 29, 10), tz)
        )
        self.assertEqual(
            shift(start, -3, 690, tz), to_utc(datetime(2027, 3, 22, 11, 30), tz)
        )
