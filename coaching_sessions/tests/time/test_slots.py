import random
from datetime import date, datetime, timedelta

import pytz

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import CoachingCommon

# a Tuesday with nothing else around it
DAY = date(2027, 3, 2)
ZONES = ("Europe/Brussels", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")


@tagged("post_install", "-at_install")
class TestSlots(CoachingCommon):
    """When a session can be booked: what is offered is what is accepted (R147)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.type = cls.consultation
        cls.type.write(
            {
                "company_id": cls.env.company.id,
                "duration_minutes": 60,
                "slot_step_minutes": 30,
                "coach_ids": [Command.set((cls.coach | cls.other_coach).ids)],
                "buffer_before_minutes": 0,
                "buffer_after_minutes": 0,
                "agreement_required": False,
            }
        )
        # public holidays are typed in on the user's clock
        cls.env.user.tz = "UTC"
        cls.visitor = cls.env["res.partner"].create({"name": "Vera Visitor"})

    def slots(self, day=DAY, last=None, user=None, coaches=None, **kwargs):
        """Return the starts of a day with the first coach, as hours."""
        types = self.env["coaching.booking.type"].with_user(user or self.env.user)
        found = types.get_slots(
            self.type.id,
            day,
            last or day,
            coach_ids=(self.coach if coaches is None else coaches).ids,
            tz="UTC",
            **kwargs,
        )
        return [self._hour(slot["start"]) for slot in found]

    @staticmethod
    def _hour(start):
        moment = fields.Datetime.to_datetime(start)
        return moment.hour + moment.minute / 60

    @staticmethod
    def hours(*spans):
        """Return every half hour of spans of hours, the last one included."""
        return [
            half / 2
            for first, last in spans
            for half in range(int(first * 2), int(last * 2) + 1)
        ]

    def at(self, hour, day=DAY):
        return datetime.combine(day, datetime.min.time()) + timedelta(hours=hour)

    def try_to_book(self, start, user=None, partner=None, **vals):
        """Return why a time can't be booked, or None; nothing stays booked."""
        sessions = self.env["coaching.session"].with_user(user or self.env.user)
        booking = {
            "booking_type_id": self.type.id,
            "coach_id": self.coach.id,
            "partner_ids": (partner or self.visitor).ids,
            "start": start,
            **vals,
        }
        try:
            with self.env.cr.savepoint() as savepoint:
                sessions.book(booking)
                savepoint.rollback()
        except UserError as error:
            return str(error)
        return None

    def assertSameAsBook(self, first=DAY, days=1, step=30, user=None, partner=None):
        """Assert that every start that is offered is accepted, and no other one."""
        offered = {
            slot["start"]
            for slot in self.env["coaching.booking.type"]
            .with_user(user or self.env.user)
            .get_slots(
                self.type.id,
                first,
                first + timedelta(days=days - 1),
                coach_ids=self.coach.ids,
                tz="UTC",
                partner_id=(partner or self.visitor).id,
            )
        }
        moment, last = self.at(0, first), self.at(24 * days, first)
        while moment < last:
            reason = self.try_to_book(moment, user=user, partner=partner)
            text = fields.Datetime.to_string(moment)
            self.assertEqual(text in offered, reason is None, f"{text}: {reason}")
            if reason:
                self.assertRegex(reason, r"\. ", "what to do next")
            moment += timedelta(minutes=step)

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
            work = self.env["coaching.availability"]._get_work(coach, first, last)
            odoo = calendar._work_intervals_batch(
                pytz.utc.localize(first), pytz.utc.localize(last), coach.resource_id
            )[coach.resource_id.id]
            self.assertEqual(work[coach], self._join(odoo), f"{number} in {tz}")
            time_off.unlink()

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

    # === WHAT TAKES TIME === #

    def test_sessions_with_buffers_and_preparation(self):
        self.type.write(
            {
                "buffer_before_minutes": 15,
                "buffer_after_minutes": 30,
                "preparation_minutes": 30,
            }
        )
        # preparation is work, buffers are not: 8:30 is the first, 11:00 the last
        self.assertEqual(self.slots(), self.hours((8.5, 11), (13.5, 16)))
        session = self.env["coaching.session"].book(
            {
                "booking_type_id": self.type.id,
                "coach_id": self.coach.id,
                "partner_ids": self.other_client.ids,
                "start": self.at(14),
            }
        )
        self.assertEqual(
            (session.busy_start, session.busy_stop), (self.at(13.25), self.at(15.5))
        )
        # 45 minutes before the next one, 30 after it
        self.assertEqual(self.slots(), self.hours((8.5, 11)))
        self.assertIsNone(self.try_to_book(self.at(11)))
        self.assertSameAsBook()
        self.assertIn("already has a session", self.try_to_book(self.at(15.5)))

    def test_events_of_the_coach(self):
        """Busy ones take time, synchronised or not; free and declined ones do not."""
        partner = self.coach.partner_id
        values = {"partner_ids": [Command.set(partner.ids)], "user_id": False}
        Event = self.env["calendar.event"].with_context(no_mail_to_attendees=True)
        busy, free, declined, _other = Event.create(
            [
                {
                    **values,
                    "name": "Busy",
                    "start": self.at(8),
                    "stop": self.at(9),
                    "show_as": "busy",
                },
                {
                    **values,
                    "name": "Free",
                    "start": self.at(9),
                    "stop": self.at(10),
                    "show_as": "free",
                },
                {
                    **values,
                    "name": "Declined",
                    "start": self.at(10),
                    "stop": self.at(11),
                    "show_as": "busy",
                },
                {
                    "name": "Others'",
                    "start": self.at(8),
                    "stop": self.at(17),
                    "partner_ids": [Command.set(self.other_client.ids)],
                    "user_id": False,
                },
            ]
        )
        declined.attendee_ids.state = "declined"
        self.assertEqual(self.slots(), self.hours((9, 11), (13, 16)))
        self.assertSameAsBook()
        self.assertIn("something else in the calendar", self.try_to_book(self.at(8)))
        busy.active = False
        self.assertIn(8, self.slots())
        self.assertTrue(free.active)

    def test_all_day_events_are_days_of_the_coach(self):
        self.coach.resource_id.tz = "America/New_York"
        self.env["calendar.event"].with_context(no_mail_to_attendees=True).create(
            {
                "name": "Conference",
                "allday": True,
                "start_date": DAY,
                "stop_date": DAY,
                "start": self.at(8),
                "stop": self.at(18),
                "show_as": "busy",
                "partner_ids": [Command.set(self.coach.partner_id.ids)],
                "user_id": False,
            }
        )
        found = self.env["coaching.booking.type"].get_slots(
            self.type.id,
            DAY - timedelta(days=1),
            DAY + timedelta(days=1),
            coach_ids=self.coach.ids,
            tz="America/New_York",
        )
        zone = pytz.timezone("America/New_York")
        days = {
            pytz.utc.localize(fields.Datetime.to_datetime(slot["start"]))
            .astimezone(zone)
            .date()
            for slot in found
        }
        self.assertEqual(days, {DAY - timedelta(days=1), DAY + timedelta(days=1)})

    def test_held_times(self):
        self.env["coaching.hold"]._hold(
            self.type, self.coach, [self.at(9)], self.at(20), partner=self.client
        )
        self.assertEqual(self.slots(), self.hours((8, 8), (10, 11), (13, 16)))
        self.assertSameAsBook()
        self.assertIn("offered to somebody else", self.try_to_book(self.at(9)))
        self.assertIn(9, self.slots(partner_id=self.client.id), "it is held for him")
        self.travel(self.at(20) - timedelta(days=3))
        self.travel(self.at(7.5))
        self.env["coaching.hold"].search([])._release()
        self.assertIn(9, self.slots())

    # R59
    def test_reserved_slots(self):
        engagement = self._engage(self.client)
        engagement.with_user(self.manager).action_reserve_slot(
            self.at(10), booking_type_id=self.type.id
        )
        self.assertEqual(self.slots(), self.hours((8, 9), (11, 11), (13, 16)))
        self.assertSameAsBook()
        reason = self.try_to_book(self.at(10))
        self.assertIn("keeps", reason)
        self.assertNotIn(self.client.name, reason, "for whom is nobody's business")
        self.assertIn(10, self.slots(partner_id=self.client.id))
        self.assertIsNone(self.try_to_book(self.at(10), partner=self.client))
        later = DAY + timedelta(weeks=5)
        self.assertNotIn(10, self.slots(day=later), "every week")

    def _engage(self, partner):
        session = self.book(days=3, hour=8, partner_ids=partner.ids)
        return session.attendance_ids.engagement_id

    def test_most_sessions_a_day_and_a_week(self):
        self.coach.write({"max_sessions_day": 2, "max_sessions_week": 3})
        clients = self.env["res.partner"].create(
            [{"name": f"Client {number}"} for number in range(3)]
        )
        for client, hour in zip(clients, (8, 13), strict=False):
            self._book_for(client, self.at(hour))
        self.assertFalse(self.slots(), "the day is full")
        self.assertIn("no more sessions on the day", self.try_to_book(self.at(10)))
        tomorrow = DAY + timedelta(days=1)
        self.assertTrue(self.slots(day=tomorrow))
        session = self._book_for(clients[2], self.at(8, tomorrow))
        self.assertFalse(self.slots(day=tomorrow), "the week is full")
        self.assertIn("in the week", self.try_to_book(self.at(10, tomorrow)))
        self.assertTrue(self.slots(day=DAY + timedelta(days=6)), "the next week")
        self.assertSameAsBook(first=tomorrow)
        # it is counted once, and what moves is not in its own way
        self.assertTrue(self.slots(day=tomorrow, session_id=session.id))
        session.action_reschedule(self.at(10, tomorrow))
        session.action_cancel()
        self.assertTrue(self.slots(day=tomorrow))

    def _book_for(self, partner, start, **vals):
        return self.env["coaching.session"].book(
            {
                "booking_type_id": self.type.id,
                "coach_id": self.coach.id,
                "partner_ids": partner.ids,
                "start": start,
                **vals,
            }
        )

    def test_limits_are_in_the_database(self):
        """Numbers of a day are given once, whoever counts wrongly."""
        self.coach.max_sessions_day = 2
        first = self._book_for(self.client, self.at(8))
        second = self._book_for(self.other_client, self.at(10))
        self.assertEqual(
            [session.day_key for session in first | second],
            [f"{self.coach.id}:2027-03-02:{number}" for number in (1, 2)],
        )
        with self.assertRaises(UserError):
            self.env["coaching.session"]._prepare_limit_keys(
                [self._request(self.at(14))]
            )

    def _request(self, start):
        return {
            "booking_type": self.type,
            "coach": self.coach,
            "partners": self.visitor,
            "start": start,
            "stop": start + timedelta(hours=1),
        }

    def test_the_clients_own_sessions(self):
        self._book_for(self.client, self.at(9), coach_id=self.other_coach.id)
        self.assertIn(9, self.slots())
        self.assertNotIn(9, self.slots(partner_id=self.client.id))
        self.assertNotIn(9, self.slots(user=self.client_user), "himself, by default")
        self.assertSameAsBook(partner=self.client)

    # === RULES FOR CLIENTS === #

    # section 2, rank 21
    def test_notice_and_horizon_are_for_clients(self):
        self.type.write({"min_notice_hours": 26, "horizon_days": 3})
        self.travel(self.at(8) - timedelta(days=1))
        self.assertEqual(
            self.slots(user=self.client_user), self.hours((10, 11), (13, 16))
        )
        self.assertSameAsBook(user=self.client_user, partner=self.client)
        self.assertIn("too late", self._as_client(self.at(9.5)))
        friday = DAY + timedelta(days=3)
        self.assertFalse(self.slots(day=friday, user=self.client_user))
        self.assertIn("too early", self._as_client(self.at(9, friday)))
        # up to the minute
        self.assertEqual(
            self.slots(day=DAY + timedelta(days=2), user=self.client_user), [8]
        )
        for user in (self.manager, self.coach_user):
            self.assertEqual(self.slots(user=user), self.hours((8, 11), (13, 16)))
            self.assertTrue(self.slots(day=friday, user=user))
        self.assertIsNone(self.try_to_book(self.at(9), user=self.manager))

    def _as_client(self, start):
        return self.try_to_book(start, user=self.client_user, partner=self.client)

    def test_grid(self):
        """Clients choose what is offered; who gives the session knows better."""
        self.type.slot_step_minutes = 45
        self.assertEqual(
            self.slots(user=self.client_user),
            [8, 8.75, 9.5, 10.25, 11, 13, 13.75, 14.5, 15.25, 16],
        )
        self.assertSameAsBook(user=self.client_user, partner=self.client, step=15)
        self.assertIn("that are offered", self._as_client(self.at(8.5)))
        self.assertIsNone(self.try_to_book(self.at(8.5), user=self.manager))

    def test_nothing_in_the_past(self):
        self.travel(self.at(9.5))
        self.assertEqual(self.slots(), self.hours((10, 11), (13, 16)))
        self.assertSameAsBook()

    # === SEVERAL COACHES, SEVERAL CLIENTS === #

    def test_any_coach(self):
        both = self.coach | self.other_coach
        self._book_for(self.client, self.at(9))
        found = self.env["coaching.booking.type"].get_slots(
            self.type.id, DAY, DAY, tz="UTC"
        )
        free = {self._hour(slot["start"]): slot["coach_ids"] for slot in found}
        self.assertEqual(sorted(free[8]), both.ids)
        self.assertEqual(free[9], self.other_coach.ids)
        self.assertEqual(list(free), self.hours((8, 11), (13, 16)))

    def test_any_coach_is_the_least_busy_who_is_free(self):
        self._book_for(self.client, self.at(9))
        session = self._book_for(self.visitor, self.at(13), coach_id=None)
        self.assertEqual(session.coach_id, self.other_coach, "has less to do")
        more = self._book_for(self.other_client, self.at(13), coach_id=None)
        self.assertEqual(more.coach_id, self.coach, "is the only one who is free")
        reason = self.try_to_book(self.at(13), coach_id=None)
        self.assertIn("Nobody is free", self.try_to_book(self.at(20), coach_id=None))
        self.assertTrue(reason)

    def test_group_sessions_are_offered_while_seats_are_left(self):
        self.type.max_participants = 2
        self._book_for(self.client, self.at(9))
        by_hour = self._seats()
        self.assertEqual(by_hour[9], 1)
        self.assertEqual(by_hour[10], 2)
        self.assertNotIn(9.5, by_hour, "the coach is taken")
        self.assertNotIn(9, self._seats(partner_id=self.client.id), "he is in it")
        self._book_for(self.other_client, self.at(9))
        self.assertNotIn(9, self._seats(), "full")
        self.assertSameAsBook()

    def _seats(self, **kwargs):
        found = self.env["coaching.booking.type"].get_slots(
            self.type.id, DAY, DAY, coach_ids=self.coach.ids, tz="UTC", **kwargs
        )
        return {self._hour(slot["start"]): slot["seats"] for slot in found}

    def test_clients_only_join(self):
        """Clients find the groups that are there; staff begins new ones."""
        self.type.write({"max_participants": 2, "client_join_only": True})
        # off the grid: what is there is joined when it is
        for hour in (9, 13.25):
            self._book_for(self.other_client, self.at(hour))
        self.assertEqual(self.slots(user=self.client_user), [9, 13.25])
        self.assertSameAsBook(user=self.client_user, partner=self.client, step=15)
        reason = self._as_client(self.at(15))
        self.assertIn("to join. Choose one of the times", reason)
        self.assertIn("Nobody", self._as_client_with_anybody(self.at(15)))
        self.assertIsNone(self._as_client_with_anybody(self.at(9)))
        self._book_for(self.visitor, self.at(9))
        self.assertEqual(self.slots(user=self.client_user), [13.25], "one is full")
        self.assertIn("no seat left", self._as_client(self.at(9)))
        for user in (self.manager, self.coach_user):
            self.assertIn(15, self.slots(user=user))
            self.assertIsNone(self.try_to_book(self.at(15), user=user))
        self.assertSameAsBook(user=self.manager, partner=self.client)
        self.type.max_participants = 1
        self.assertIn(15, self.slots(user=self.client_user), "for one alone it's open")

    def test_whoever_waits_only_joins(self):
        self.type.write({"max_participants": 2, "client_join_only": True})
        self._book_for(self.other_client, self.at(9))
        entry = self.env["coaching.waiting"].new(
            {
                "booking_type_id": self.type.id,
                "company_id": self.env.company.id,
                "coach_id": self.coach.id,
                "partner_id": self.client.id,
                "date_from": DAY,
                "date_to": DAY,
                "tz": "UTC",
            }
        )
        found = self.type._find_slots(entry._prepare_slot_request())
        self.assertEqual([self._hour(slot["start"]) for slot in found], [9])

    def _as_client_with_anybody(self, start):
        return self.try_to_book(
            start, user=self.client_user, partner=self.client, coach_id=None
        )

    def test_what_is_joined_is_told_apart(self):
        self.type.max_participants = 2
        self._book_for(self.other_client, self.at(9))
        found = self.env["coaching.booking.type"].get_slots(
            self.type.id, DAY, DAY, coach_ids=self.coach.ids, tz="UTC"
        )
        joins = {self._hour(slot["start"]): slot["joins"] for slot in found}
        self.assertTrue(joins[9])
        self.assertFalse(joins[10])

    def test_a_full_group_hides_nobody_who_is_free(self):
        self.type.max_participants = 2
        for client in (self.client, self.other_client):
            self._book_for(client, self.at(9))
        self.assertIn(9, self.slots(coaches=self.coach | self.other_coach))
        session = self._book_for(self.visitor, self.at(9), coach_id=None)
        self.assertEqual(session.coach_id, self.other_coach)

    def test_a_coach_who_is_a_client_himself(self):
        """Supervision: he can't give a session meanwhile."""
        self._book_for(self.coach.partner_id, self.at(9), coach_id=self.other_coach.id)
        self.assertEqual(self.slots(), self.hours((8, 8), (10, 11), (13, 16)))
        self.assertSameAsBook()

    def test_coaches_who_are_gone(self):
        self.other_coach.resource_id.active = False
        self.assertFalse(self.slots(coaches=self.other_coach))

    def test_moving_within_its_limits(self):
        """What a client may not move to is not offered to him."""
        session = self._book_for(self.client, self.at(9))
        self.type.max_move_days = 1
        kwargs = {"user": self.client_user, "session_id": session.id}
        self.assertTrue(self.slots(day=DAY + timedelta(days=1), **kwargs))
        self.assertFalse(self.slots(day=DAY + timedelta(days=2), **kwargs))
        self.assertTrue(
            self.slots(day=DAY + timedelta(days=2), session_id=session.id), "staff"
        )
        self.type.max_moves = 1
        session.move_count = 1
        self.assertFalse(self.slots(day=DAY + timedelta(days=1), **kwargs))

    def test_limits_while_a_session_is_closed(self):
        """A number stays given when what had it is over."""
        self.coach.max_sessions_day = 2
        session = self._book_for(self.client, self.at(8))
        self.travel(self.at(9.5))
        session.attendance_ids.action_close("completed")
        other = self._book_for(self.other_client, self.at(10))
        self.assertNotEqual(session.day_key, other.day_key)

    def test_seconds_are_whole(self):
        session = self._book_for(self.visitor, self.at(9).replace(microsecond=400000))
        self.assertEqual(session.start, self.at(9))

    # === COST AND RIGHTS === #

    def test_as_many_queries_for_many_coaches(self):
        counts = []
        # the first one is for what is cached for good
        for wanted in (1, 1, 10, 100):
            coaches = self._get_coaches(wanted)
            self.type.coach_ids = coaches
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = self.env["coaching.booking.type"].get_slots(
                self.type.id, DAY, DAY + timedelta(days=30), tz="UTC"
            )
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(found[0]["coach_ids"]), wanted)
        self.assertEqual(len(set(counts[1:])), 1, counts)
        self.assertLessEqual(counts[1], 12)

    def _get_coaches(self, count):
        calendars = self.env["resource.calendar"].create(
            [
                {
                    "name": f"Hours {number}",
                    "tz": "UTC",
                    "attendance_ids": [
                        Command.create(
                            {
                                "name": str(day),
                                "dayofweek": str(day),
                                "hour_from": 8,
                                "hour_to": 16 + number % 4,
                                "day_period": "morning",
                            }
                        )
                        for day in range(5)
                    ],
                }
                for number in range(count)
            ]
        )
        partners = self.env["res.partner"].create(
            [{"name": f"Coach {number}"} for number in range(count)]
        )
        return self.env["coaching.coach"].create(
            [
                {
                    "partner_id": partner.id,
                    "resource_calendar_id": calendar.id,
                    "tz": "UTC",
                    "max_sessions_day": 8,
                }
                for partner, calendar in zip(partners, calendars, strict=True)
            ]
        )

    def test_who_may_ask(self):
        public = self.env.ref("base.public_user")
        with self.assertRaises(AccessError):
            self.slots(user=public)
        with self.assertRaises(AccessError):
            self.slots(user=self.client_user, partner_id=self.other_client.id)
        session = self._book_for(self.other_client, self.at(9))
        with self.assertRaises(AccessError):
            self.slots(user=self.client_user, session_id=session.id)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "slots_stranger",
            "coaching_sessions.group_coaching_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.type.company_id = self.env.company
        with self.assertRaises(AccessError):
            self.slots(user=stranger)
        # nor is anything booked there by leaving out who gives it
        with self.assertRaises(AccessError):
            self.env["coaching.session"].with_user(stranger).book(
                {
                    "booking_type_id": self.type.id,
                    "coach_id": None,
                    "partner_ids": stranger.partner_id.ids,
                    "start": self.at(9),
                }
            )

    def test_what_is_told(self):
        """Times and numbers, and nothing about what takes the rest."""
        self._book_for(self.other_client, self.at(9))
        found = (
            self.env["coaching.booking.type"]
            .with_user(self.client_user)
            .get_slots(self.type.id, DAY, DAY)
        )
        self.assertEqual(
            set(found[0]), {"start", "stop", "coach_ids", "seats", "joins"}
        )

    def test_what_makes_no_sense(self):
        for days, sentence in (
            ((DAY, DAY - timedelta(days=1)), "the earlier one first"),
            ((DAY, DAY + timedelta(days=400)), "too many days"),
            (("nonsense", DAY), ""),
            ((None, DAY), "from which day"),
        ):
            with self.assertRaisesRegex(UserError, sentence):
                self.env["coaching.booking.type"].get_slots(self.type.id, *days)
        with self.assertRaisesRegex(UserError, "not the name of a time zone"):
            self.env["coaching.booking.type"].get_slots(
                self.type.id, DAY, DAY, tz="Moon/Tranquility"
            )
        with self.assertRaisesRegex(UserError, "does not exist"):
            self.env["coaching.booking.type"].get_slots(2**30, DAY, DAY)
        with self.assertRaises(UserError):
            self.env["coaching.booking.type"].get_slots("one", DAY, DAY)
