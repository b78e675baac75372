import random
from datetime import datetime, timedelta

import pytz

from odoo import Command, fields
from odoo.tests import tagged

from ...tools.spans import to_moment
from .common_slots import DAY, SlotsCommon

ZONES = ("Europe/Brussels", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")


@tagged("post_install", "-at_install")
class TestSlotsHours(SlotsCommon):
    """When coaches work: hours, time off and holidays, as Odoo counts them."""

    # === WORKING HOURS === #

    def test_working_hours(self):
        self.assertEqual(self.slots(), self.hours((8, 11), (13, 16)))
        self.assertFalse(self.slots(day=DAY + timedelta(days=4)), "Saturday")
        self.assertSameAsBook()

    def test_last_day_included_in_the_readers_zone(self):
        found = self.env["coaching.booking.type"].get_slots(
            self.type.id, DAY, DAY, coach_ids=self.coach.ids, tz="Pacific/Auckland"
        )
        starts = [fields.Datetime.to_datetime(slot["start"]) for slot in found]
        zone = pytz.timezone("Pacific/Auckland")
        self.assertTrue(starts)
        for start in starts:
            self.assertEqual(
                pytz.utc.localize(start).astimezone(zone).date(), DAY, "in Auckland"
            )

    def test_as_odoo_counts_hours(self):
        """Calendars of all kinds, zones, time off and holidays: as Odoo's own."""
        numbers = random.Random(4)
        first, last = datetime(2027, 3, 1), datetime(2027, 4, 12)
        for number, tz in enumerate(ZONES * 3):
            calendar = self._create_calendar(numbers, tz, two_weeks=number % 2)
            coach = self.env["coaching.coach"].create(
                {
                    "partner_id": self.env["res.partner"].create({"name": tz}).id,
                    "resource_calendar_id": calendar.id,
                    "tz": tz,
                }
            )
            time_off = self._create_time_off(numbers, calendar, coach.resource_id)
            work = self._get_work(coach, first, last)
            odoo = calendar._work_intervals_batch(
                pytz.utc.localize(first), pytz.utc.localize(last), coach.resource_id
            )[coach.resource_id.id]
            self.assertEqual(work, self._join(odoo), f"{number} in {tz}")
            time_off.unlink()

    def _get_work(self, coach, first, last):
        times = self.env["coaching.availability"]._load(coach, first, last)
        return [
            (max(to_moment(start), first), min(to_moment(stop), last))
            for start, stop in times[coach.id].work
            if to_moment(start) < last and to_moment(stop) > first
        ]

    def _create_calendar(self, numbers, tz, two_weeks):
        lines = []
        for day in range(7):
            for week in ("0", "1") if two_weeks else (False,):
                hour = numbers.choice((0, 7.5, 9))
                if numbers.random() < 0.8:
                    lines += [
                        (day, week, hour, hour + 3.25, "morning"),
                        (day, week, hour + 3.25, hour + 4, "lunch"),
                        (day, week, hour + 4, hour + 9, "afternoon"),
                        (day, week, 22, 24, "afternoon"),
                    ]
        return self.env["resource.calendar"].create(
            {
                "name": f"Hours in {tz}",
                "tz": tz,
                "two_weeks_calendar": bool(two_weeks),
                "attendance_ids": [
                    Command.create(
                        {
                            "name": "Hours",
                            "dayofweek": str(day),
                            "week_type": week,
                            "hour_from": hour_from,
                            "hour_to": hour_to,
                            "day_period": period,
                        }
                    )
                    for day, week, hour_from, hour_to, period in lines
                ],
            }
        )

    def _create_time_off(self, numbers, calendar, resource):
        """Time off, a holiday of the calendar and of the company, and what is none."""
        vals_list = [
            {"resource_id": resource.id, "calendar_id": calendar.id},
            {"calendar_id": calendar.id},
            {"calendar_id": False},
            {"resource_id": resource.id, "time_type": "other"},
            {"resource_id": self.other_coach.resource_id.id},
        ]
        for number, values in enumerate(vals_list):
            # public holidays may not overlap each other
            start = datetime(2027, 3, 1 + 6 * number)
            start += timedelta(hours=numbers.randrange(80))
            values["name"] = "Away"
            values["date_from"] = start
            values["date_to"] = start + timedelta(hours=numbers.randrange(1, 60))
        return self.env["resource.calendar.leaves"].create(vals_list)

    @staticmethod
    def _join(intervals):
        """Return Odoo's intervals as pairs, touching ones as one."""
        result = []
        for start, stop, _meta in intervals:
            start = start.astimezone(pytz.utc).replace(tzinfo=None)
            stop = stop.astimezone(pytz.utc).replace(tzinfo=None)
            # a day that ends at 24:00 ends a microsecond before it
            stop += timedelta(microseconds=stop.microsecond and 1)
            if result and result[-1][1] == start:
                result[-1] = (result[-1][0], stop)
            else:
                result.append((start, stop))
        return result

    def test_any_time(self):
        """Without a calendar or with flexible hours: any time but time off."""
        self.coach.resource_id.calendar_id = False
        self.assertEqual(self.slots(), self.hours((0, 23.5)))
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "resource_id": self.coach.resource_id.id,
                "date_from": self.at(9),
                "date_to": self.at(10),
            }
        )
        self.assertFalse(self.slots(), "a day off is a whole day")
        self.assertSameAsBook()
        self.coach.resource_id.calendar_id = self.calendar
        self.calendar.schedule_type = "flexible"
        self.assertIn(23, self.slots())
        self.assertNotIn(9, self.slots(), "away")

    def test_time_off_and_holidays(self):
        self.env["resource.calendar.leaves"].create(
            [
                {
                    "name": "Dentist",
                    "resource_id": self.coach.resource_id.id,
                    "date_from": self.at(9),
                    "date_to": self.at(10.25),
                },
                {
                    "name": "Holiday",
                    "calendar_id": self.calendar.id,
                    "date_from": self.at(14),
                    "date_to": self.at(24),
                },
            ]
        )
        self.assertEqual(self.slots(), [8, 10.5, 11, 13])
        self.assertSameAsBook()
        self.assertIn("does not work", self.try_to_book(self.at(9)))
