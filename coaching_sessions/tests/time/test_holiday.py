from datetime import date, datetime, timedelta

from odoo.tests import tagged

from .common_slots import SlotsCommon

BRUSSELS = "Europe/Brussels"
AUCKLAND = "Pacific/Auckland"


@tagged("post_install", "-at_install")
class TestHoliday(SlotsCommon):
    """A holiday is a day off for coaches in every zone (R128)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.tz = BRUSSELS
        cls.company.resource_calendar_id.tz = BRUSSELS
        cls.coach.tz = cls.calendar.tz = AUCKLAND

    def enter(self, start, stop, **vals):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "company_id": self.company.id,
                "calendar_id": False,
                "date_from": start,
                "date_to": stop,
                **vals,
            }
        )

    def days(self):
        """Return the days of the week with offered times, and how many."""
        slots = self.env["coaching.booking.type"].get_slots(
            self.type.id,
            date(2027, 3, 2),
            date(2027, 3, 5),
            coach_ids=self.coach.ids,
            tz=AUCKLAND,
        )
        found = {}
        for slot in slots:
            moment = slot["start"]
            if isinstance(moment, str):
                moment = datetime.fromisoformat(moment)
            day = (moment.replace(tzinfo=None) + timedelta(hours=13)).date()
            found[day.day] = found.get(day.day, 0) + 1
        return found

    def test_day_in_another_zone(self):
        full = self.days()
        self.assertEqual(set(full), {2, 3, 4, 5})
        # Wednesday the 3rd, as typed in in Brussels
        self.enter(datetime(2027, 3, 2, 23), datetime(2027, 3, 3, 22, 59, 59))
        self.assertEqual(self.days(), {2: full[2], 4: full[4], 5: full[5]})
        start = datetime(2027, 3, 2, 20)
        self.assertIn("does not work", self.try_to_book(start))

    def test_some_days(self):
        full = self.days()
        self.enter(datetime(2027, 3, 2, 23), datetime(2027, 3, 4, 23))
        self.assertEqual(self.days(), {2: full[2], 5: full[5]})

    def test_an_afternoon_is_a_moment(self):
        """What is shorter than a day is from one moment to another."""
        full = self.days()
        # 12:00 to 18:00 in Brussels, the night in Auckland
        self.enter(datetime(2027, 3, 3, 11), datetime(2027, 3, 3, 17))
        self.assertEqual(self.days(), full)
