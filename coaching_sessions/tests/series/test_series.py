from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_series import FIRST, SeriesCommon


@tagged("post_install", "-at_install")
class TestSeries(SeriesCommon):
    """Series are planned, and booked in one batch (R109, packages and series)."""

    def test_each_holds_its_own_session(self):
        series, sessions = self.book_series(count=5)
        weeks = [FIRST + timedelta(weeks=week) for week in range(5)]
        self.assertEqual(sessions.mapped("start"), weeks)
        self.assertEqual(sessions.mapped("series_number"), [1, 2, 3, 4, 5])
        self.assertEqual(sessions[3].series_position, "4 of 5")
        self.assertEqual(len(sessions.attendance_ids.claim_move_id), 5)
        self.assertBalance(self.package, 0, held=5)
        self.assertEqual((series.booked_count, series.upcoming_count), (5, 5))
        self.assertEqual(series.next_start, FIRST)
        self.assertEqual(series.rhythm, "Tuesdays 10:00 AM")
        self.assertEqual(len(sessions.event_id), 5)
        # numbered one after the other, as the sequence does
        single = self.book(days=2, booking_type_id=self.consultation.id)
        numbers = [int(name[1:]) for name in [*sessions.mapped("name"), single.name]]
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 6)))
        self.assertEqual({len(name) for name in sessions.mapped("name")}, {6})
        self.assertEqual(sessions.log_ids.mapped("action"), ["booked"] * 5)

    def test_how_it_comes_up(self):
        """Weekly, every N weeks, several weekdays; until a day or a count."""
        for vals, days in (
            ({"count": 2}, ["03-02", "03-09"]),
            ({"count": 2, "interval_weeks": 2}, ["03-02", "03-16"]),
            ({"count": 3, "weekdays": [1, 3]}, ["03-02", "03-04", "03-09"]),
            ({"date_to": "2027-03-16"}, ["03-02", "03-09", "03-16"]),
            (
                {
                    "start": None,
                    "weekdays": [4, 0],
                    "start_minute": 600,
                    "date_from": date(2027, 3, 3),
                    "count": 2,
                },
                ["03-05", "03-08"],
            ),
        ):
            with self.subTest(vals):
                plan = self.Series.with_user(self.manager).plan(self.vals(**vals))
                self.assertEqual([f"{one['start']:%m-%d}" for one in plan], days)
                self.assertEqual({one["start"].hour for one in plan}, {10})
                self.assertTrue(all(one["covered"] for one in plan))
                _series, sessions = self.book_series(**vals)
                self.assertEqual(
                    sessions.mapped("start"), [one["start"] for one in plan]
                )
                sessions[0].with_user(self.manager).action_cancel_series("all", "other")

    def test_the_wall_clock_is_kept(self):
        """The client's and the caller's zones change nothing."""
        self.coach.tz = "Europe/Brussels"
        self.calendar.tz = "Europe/Brussels"
        self.client.tz = "America/New_York"
        _series, sessions = self.book_series(
            start=datetime(2027, 3, 16, 9, 0),
            count=3,  # ten o'clock in Brussels
        )
        self.assertEqual([start.hour for start in sessions.mapped("start")], [9, 9, 8])

    def test_plan_writes_nothing(self):
        queries = self.env.cr.execute
        before = self._count_rows()
        plan = self.Series.with_user(self.manager).plan(self.vals(count=7))
        self.env.flush_all()
        self.assertEqual(self._count_rows(), before)
        self.assertEqual(queries, self.env.cr.execute)
        self.assertEqual(
            [bool(one["conflict"]) for one in plan], [False] * 5 + [True] * 2
        )

    def test_who_may(self):
        for user, allowed in (
            (self.manager, True),
            (self.coach_user, True),
            (self.portal_coach_user, False),
            (self.client_user, False),
        ):
            for method in ("plan", "book"):
                series = self.Series.with_user(user)
                with self.subTest(user.login, method=method):
                    if allowed:
                        self.assertTrue(
                            getattr(series, method)(
                                self.vals(
                                    count=1,
                                    start=FIRST.replace(
                                        hour=8
                                        + (method == "book")
                                        + 5 * (user == self.manager)
                                    ),
                                )
                            )
                        )
                    else:
                        with self.assertRaises(AccessError):
                            getattr(series, method)(self.vals())

    def test_clients_where_the_type_allows_it(self):
        """For themselves, in what clients may book."""
        self.individual.allow_series_by_client = True
        self.individual.horizon_days = 20
        series = self.Series.with_user(self.client_user)
        plan = series.plan(self.vals())
        self.assertEqual([bool(one["conflict"]) for one in plan], [False] * 3 + [True])
        result = series.book(self.vals(on_conflict="skip"))
        self.assertEqual(len(result["session_ids"]), 3)
        self.assertIn("too early", result["not_booked"][0]["reason"])
        sessions = self.env["coaching.session"].browse(result["session_ids"])
        self.assertEqual(
            set(sessions.attendance_ids.mapped("agreed_by_id")), {self.client_user}
        )
        with self.assertRaises(AccessError):
            series.book(self.vals(partner_ids=self.other_client.ids))
        with self.assertRaises(AccessError):
            series.book(self.vals(duration_minutes=15))
        with self.assertRaises(AccessError):
            series.browse(result["series_id"]).read(["partner_ids"])

    def test_agreement(self):
        self.individual.agreement_required = True
        with self.assertRaisesRegex(UserError, "agree"):
            self.book_series(user=self.coach_user)
        series, sessions = self.book_series(
            user=self.coach_user, client_agreed="On the phone"
        )
        self.assertEqual(
            set(sessions.attendance_ids.mapped("agreement_note")), {"On the phone"}
        )
        self.assertTrue(series.agreed)

    def test_arguments(self):
        for vals, words in (
            ({"count": 0}, "when the series ends"),
            ({"count": -1}, "when the series ends"),
            ({"count": 3, "date_to": "2027-04-01"}, "when the series ends"),
            ({"count": 105}, "104 sessions within 2 years"),
            ({"count": 30, "interval_weeks": 4}, "104 sessions"),
            ({"date_to": "2030-01-01"}, "104 sessions"),
            ({"date_to": "2027-03-01"}, "The series would have no sessions"),
            ({"count": "many"}, "not a whole number"),
            ({"weekdays": [7]}, "numbers from 0"),
            ({"weekdays": "1"}, "not a list"),
            ({"start_minute": 1440}, "numbers from 0"),
            ({"start_minute": -1}, "numbers from 0"),
            ({"start": None}, "Enter the weekdays and the time of the series"),
            (
                {"start": None, "weekdays": [1]},
                "Enter the weekdays and the time of the series",
            ),
            ({"interval_weeks": 53}, "Enter a series interval from 1 to 52 weeks"),
            ({"interval_weeks": -1}, "Enter a series interval from 1 to 52 weeks"),
            ({"on_conflict": "ask"}, "refuse or skip"),
            ({"coach_id": None}, "Choose one coach for the series"),
            ({"stop": FIRST}, "Unknown value “stop”"),
            ({"duration_minutes": 2000}, "can last one day at most"),
            ({"booking_type_id": self.makeup_type.id}, "one by one"),
            ({"start": "2027-03-02T10:00:00+02:00"}, "not a time"),
            ({"date_from": "soon"}, "not a date"),
        ):
            with self.subTest(vals), self.assertRaisesRegex(UserError, words):
                self.Series.with_user(self.manager).plan(self.vals(**vals))
        for vals in (None, [], "x", 3):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "dictionary"):
                self.Series.with_user(self.manager).plan(vals)

    def test_midnight_and_past(self):
        """Minute 0 is a time; what is over can't be booked."""
        plan = self.Series.with_user(self.manager).plan(
            self.vals(start=None, weekdays=[0], start_minute=0, date_from="2027-02-22")
        )
        self.assertEqual(plan[0]["start"], datetime(2027, 2, 22))
        self.assertIn("in the past", plan[0]["conflict"])
        self.assertIn("does not work", plan[2]["conflict"])

    def test_a_group_has_its_own(self):
        """A series of a group joins nobody else's session."""
        partners = self.client | self.other_client
        self._sell(self.other_client)
        self.book(
            start=FIRST + timedelta(weeks=1),
            booking_type_id=self.group_type.id,
            partner_ids=self.other_client.ids,
        )
        series, sessions = self.book_series(
            booking_type_id=self.group_type.id,
            partner_ids=partners.ids,
            on_conflict="skip",
        )
        self.assertEqual(sessions.mapped("series_number"), [1, 3, 4])
        self.assertEqual([len(one.attendance_ids) for one in sessions], [2, 2, 2])
        self.assertIn(
            self.other_client.name, series.with_user(self.coach_user).display_name
        )

    def test_one_mail_with_all_times(self):
        self.coach.partner_id.email = "coach@example.com"
        self.coach.tz = "Europe/Brussels"
        self.calendar.tz = "Europe/Brussels"
        self.client.write({"tz": "America/New_York", "email": "client@example.com"})
        self.company.partner_id.email = "office@example.com"
        self.book_series(start=datetime(2027, 3, 16, 9), count=3)
        mails = self.mails()
        self.assertEqual(mails.mapped("kind"), ["series_booked"] * 2)
        self.assertEqual(mails.partner_id, self.client | self.coach.partner_id)
        self.run_cron("coaching.notification", "_cron_send")
        self.assertEqual(set(mails.mapped("state")), {"sent"})
        mail = mails.filtered(lambda mail: mail.partner_id == self.client).mail_id
        for words in (
            "Tue 03/16/2027, 05:00 AM",
            "Tue 03/23/2027, 05:00 AM",
            "Tue 03/30/2027, 04:00 AM",
            "New York",
        ):
            self.assertIn(words, mail.body_html)
        ics = mail.attachment_ids.raw.decode()
        self.assertEqual(ics.count("BEGIN:VEVENT"), 3)
        self.assertIn("METHOD:PUBLISH", ics)
        self.assertEqual(ics.count("STATUS:CONFIRMED"), 3)
        self.assertEqual(
            len(set(line for line in ics.splitlines() if line.startswith("UID"))), 3
        )

    def test_mails_that_are_no_longer_true(self):
        _series, sessions = self.book_series()
        mail = self.mails("series_booked", self.client)
        sessions[0].with_user(self.manager).action_cancel()
        self.assertEqual(len(mail._get_series_times()), 3)
        sessions[1].with_user(self.manager).action_cancel_series("all", "other")
        self.assertFalse(mail._get_series_times())
        mails = self.mails("series_cancelled", self.client)
        self.assertEqual(len(mails._get_series_times()), 3)
        self.run_cron("coaching.notification", "_cron_send")
        self.assertEqual(mail.state, "skipped")
