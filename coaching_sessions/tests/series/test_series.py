from datetime import date, datetime, timedelta
from unittest.mock import patch

import psycopg2.errors

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CoachingCommon

FIRST = datetime(2027, 3, 2, 10, 0, 0)  # a Tuesday


@tagged("post_install", "-at_install")
class SeriesCommon(CoachingCommon):
    """A series of the client with the coach, Tuesdays at ten."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Series = cls.env["coaching.series"]

    def vals(self, **vals):
        vals = {
            "booking_type_id": self.individual.id,
            "coach_id": self.coach.id,
            "partner_ids": self.client.ids,
            "start": FIRST,
            **vals,
        }
        if not {"count", "date_to", "until_used"} & set(vals):
            vals["count"] = 4
        return {name: value for name, value in vals.items() if value is not None}

    def book_series(self, user=None, **vals):
        """Return the series and its sessions, the earliest first."""
        result = self.Series.with_user(user or self.manager).book(self.vals(**vals))
        series = self.Series.browse(result["series_id"])
        self.assertEqual(
            sorted(result["session_ids"]), series.session_ids.sorted("id").ids
        )
        return series, series.session_ids.sorted("start")

    def mails(self, kind=None, partner=None):
        """Return the mails since the test began; the coach has an address, too."""
        domain = [("id", ">", self.last_mail)]
        if partner:
            domain.append(("partner_id", "=", partner.id))
        if kind:
            domain.append(("kind", "=", kind))
        return self.env["coaching.notification"].search(domain)

    def setUp(self):
        super().setUp()
        newest = self.env["coaching.notification"].search([], order="id desc", limit=1)
        self.last_mail = newest.id or 0


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
        self.assertEqual(series.rhythm, "Tuesdays 10:00")
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

    def _count_rows(self):
        return [
            self.env[name].search_count([])
            for name in (
                "coaching.series",
                "coaching.session",
                "coaching.attendance",
                "coaching.package.move",
                "coaching.notification",
                "calendar.event",
            )
        ]

    # === CONFLICTS === #

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

    # === PACKAGES === #

    def test_longer_than_the_package(self):
        """Refused, or booked as far as it goes with a list (complaint 8)."""
        with self.assertRaisesRegex(UserError, "5 of 5 left, which the series uses up"):
            self.book_series(count=7)
        series, sessions = self.book_series(count=7, on_conflict="skip")
        self.assertEqual(len(sessions), 5)
        self.assertEqual(series.gap_ids.mapped("number"), [6, 7])
        self.assertBalance(self.package, 0, held=5)

    def test_past_the_expiry(self):
        self.package.expiry_date = date(2027, 3, 16)
        plan = self.Series.with_user(self.manager).plan(self.vals(count=5))
        self.assertEqual([one["covered"] for one in plan], [True] * 3 + [False] * 2)
        self.assertIn("expires on", plan[3]["conflict"])
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
                self.assertIn(f"{first.name} can be used from", one["conflict"])
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

    # === RIGHTS AND ARGUMENTS === #

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
            ({"date_to": "2027-03-01"}, "never come up"),
            ({"count": "many"}, "not a whole number"),
            ({"weekdays": [7]}, "numbers from 0"),
            ({"weekdays": "1"}, "not a list"),
            ({"start_minute": 1440}, "numbers from 0"),
            ({"start_minute": -1}, "numbers from 0"),
            ({"start": None}, "on which weekdays"),
            ({"start": None, "weekdays": [1]}, "at what time"),
            ({"interval_weeks": 53}, "every 2 to 52"),
            ({"interval_weeks": -1}, "every 2 to 52"),
            ({"on_conflict": "ask"}, "refuse or skip"),
            ({"coach_id": None}, "with which coach"),
            ({"stop": FIRST}, "no “stop”"),
            ({"duration_minutes": 2000}, "a day at the longest"),
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

    # === MAILS === #

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
            "16 March 2027, 05:00",
            "23 March 2027, 05:00",
            "30 March 2027, 04:00",
            "America/New_York",
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


@tagged("post_install", "-at_install")
class TestSeriesCancel(SeriesCommon):
    """One, this and the following ones, all (R115-R117), ending early (R113)."""

    def _book_and_go_on(self):
        """Four sessions: the first completed, the second over and open."""
        series, sessions = self.book_series()
        self.close(sessions[0], "completed")
        self.travel(sessions[1].stop + timedelta(hours=1))
        return series, sessions

    def test_one(self):  # R115
        series, sessions = self.book_series()
        result = (
            sessions[1]
            .with_user(self.coach_user)
            .action_cancel_series("one", "client_early_cancel")
        )
        self.assertEqual(result["cancelled"], 1)
        self.assertEqual(
            sessions.mapped("state"),
            ["scheduled", "early_cancel", "scheduled", "scheduled"],
        )
        self.assertEqual(series.state, "active")
        self.assertBalance(self.package, 2, held=3)
        self.assertEqual(len(self.mails("cancelled")), 1)

    def test_following(self):  # R116
        series, sessions = self._book_and_go_on()
        result = (
            sessions[2]
            .with_user(self.coach_user)
            .action_cancel_series("following", "client_early_cancel")
        )
        self.assertEqual(
            sessions.mapped("state"),
            ["completed", "scheduled", "early_cancel", "early_cancel"],
        )
        self.assertEqual(
            (result["cancelled"], result["past"], result["kept"]), (2, 0, 0)
        )
        self.assertEqual(series.state, "ended")
        self.assertBalance(self.package, 3, held=1, used=1)
        self.assertEqual(
            len(
                self.mails("series_cancelled").filtered(
                    lambda mail: mail.partner_id == self.client
                )
            ),
            1,
        )
        self.assertFalse(self.mails("cancelled"))

    def test_all(self):  # R117
        """Closed ones keep their outcome, and the person is told."""
        for user, state in (
            (self.manager, "cancelled"),
            (self.coach_user, "cancelled"),
        ):
            with self.subTest(user.login):
                self.travel(self.now)
                self.package = self._sell(self.client)
                series, sessions = self.book_series(
                    package_id=self.package.id,
                    start=FIRST.replace(hour=10 + (user == self.manager) * 4),
                )
                self.close(sessions[0], "completed")
                kept = sessions[0].attendance_ids
                names = ["state", "outcome_id", "closed_at", "claim_move_id"]
                before = kept.read(names)
                self.travel(sessions[1].stop + timedelta(hours=1))
                result = (
                    sessions[3]
                    .with_user(user)
                    .action_cancel_series("all", "Moves away")
                )
                self.assertEqual(kept.read(names), before)
                self.assertEqual(sessions[0].state, "completed")
                self.assertEqual(sessions[1].state, state)
                self.assertNotIn("scheduled", sessions.mapped("state"))
                self.assertEqual(
                    (result["cancelled"], result["past"], result["kept"]), (3, 1, 1)
                )
                for words in ("3 sessions", "1 of them were over", "1 took place"):
                    self.assertIn(words, result["message"])
                self.assertBalance(self.package, 4, used=1)
                self.assertEqual(series.state, "ended")
                told = self.mails("series_cancelled").filtered(
                    lambda mail, sessions=sessions: mail.attendance_id.session_id
                    in sessions
                )
                self.assertEqual(told.partner_id & self.client, self.client)
                self.assertEqual(len(told[0]._get_series_times()), 2)

    def test_early_and_late_by_the_clock(self):
        """Each by its own notice; what is late is used."""
        _series, sessions = self.book_series()
        self.travel(sessions[0].start - timedelta(hours=2))
        sessions[0].with_user(self.manager).action_cancel_series("all")
        self.assertEqual(
            sessions.mapped("state"), ["late_cancel"] + ["early_cancel"] * 3
        )
        self.assertBalance(self.package, 4, used=1)

    def test_the_client_cancels(self):
        """The coach records it: each early or late by the clock, not at his account."""
        series, sessions = self.book_series()
        self.travel(sessions[0].start - timedelta(hours=1))
        as_coach = sessions[1].with_user(self.coach_user)
        as_coach.action_cancel_series(reason="other", by_client=True)
        attendance = sessions[1].attendance_ids
        self.assertEqual(attendance.outcome_id.code, "client_early_cancel")
        self.assertEqual(attendance.outcome_note, "other")
        first = sessions[0].with_user(self.coach_user)
        first.action_cancel_series("all", "Moves away", by_client=True)
        self.assertEqual(
            sessions.mapped("state"), ["late_cancel"] + ["early_cancel"] * 3
        )
        self.assertBalance(self.package, 4, used=1)

    def test_refund(self):
        for refund, used in (("full", 0), ("none", 4)):
            package = self._sell(self.client)
            _series, sessions = self.book_series(package_id=package.id)
            sessions[0].with_user(self.manager).action_cancel_series(
                "all", refund=refund
            )
            self.assertBalance(package, 5 - used, used=used)

    def test_what_is_refused(self):
        series, sessions = self.book_series()
        single = self.book(days=3, booking_type_id=self.consultation.id)
        session = sessions[0].with_user(self.coach_user)
        for action, words in (
            (
                lambda: session.action_cancel_series("some"),
                "one session, the following",
            ),
            (lambda: single.action_cancel_series("all"), "not part of a series"),
            (lambda: single.action_skip(), "not part of a series"),
            (lambda: series.action_end(None), "from which day"),
            (lambda: series.action_pause("2027-03-03", "2027-03-02"), "end before"),
            (lambda: series.action_pause("2028-03-03"), "in that time"),
            (lambda: series.action_resume("2027-03-03"), "paused from that day"),
        ):
            with self.assertRaisesRegex(UserError, words):
                action()
        session.action_cancel_series("all", "other")
        with self.assertRaisesRegex(UserError, "Nothing is left"):
            session.action_cancel_series("all", "other")
        with self.assertRaisesRegex(UserError, "ended already"):
            series.action_end("2027-03-03")

    def test_only_staff(self):
        series, sessions = self.book_series()
        for user in (self.client_user, self.portal_coach_user):
            session = sessions[0].with_user(user)
            for action in (
                lambda session=session: session.action_cancel_series("all"),
                session.action_skip,
                lambda user=user: series.with_user(user).action_end("2027-03-01"),
                lambda user=user: series.with_user(user).action_pause("2027-03-01"),
                lambda user=user: series.with_user(user).action_resume("2027-03-01"),
            ):
                with self.assertRaises(AccessError):
                    action()
        self.assertEqual(set(sessions.mapped("state")), {"scheduled"})

    def test_end_early(self):  # R113
        series, sessions = self.book_series()
        result = series.with_user(self.coach_user).action_end("2027-03-09", "Done")
        self.assertEqual(result, {"cancelled": 3})
        self.assertEqual(sessions.mapped("state"), ["scheduled"] + ["cancelled"] * 3)
        self.assertBalance(self.package, 4, held=1)
        self.assertEqual(series.state, "ended")
        self.assertEqual(len(self.mails("series_cancelled")), 1)
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
        mail = self.mails("series_cancelled")
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
        with self.assertRaisesRegex(UserError, "paused from that day"):
            series.with_user(self.coach_user).action_resume("2027-03-01")

    def assertOver(self, series, gap):
        """Assert that what was paused of a series is not booked again."""
        self.assertEqual((series.state, gap.state), ("ended", "ignored"))
        with self.assertRaisesRegex(UserError, "paused from that day"):
            series.with_user(self.manager).action_resume("2027-03-01")
        with self.assertRaisesRegex(UserError, "has ended, so nothing is booked"):
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
        with self.assertRaisesRegex(UserError, "has ended, so nothing is booked"):
            gap.with_user(self.manager).action_retry()

    def test_what_is_no_word(self):
        """Not even a thing that can be looked up."""
        session = self.book_series()[1][1].with_user(self.manager)
        start = session.start + timedelta(hours=1)
        for value in ({}, [], [1], {"a": 1}, 5):
            with self.subTest(value):
                for call in (
                    lambda value=value: session.plan_move_series(start, scope=value),
                    lambda value=value: session.action_move_series(start, scope=value),
                    lambda value=value: session.action_cancel_series(scope=value),
                ):
                    with self.assertRaisesRegex(UserError, "It is about one session"):
                        call()
                vals = self.vals(on_conflict=value)
                for call in (self.Series.plan, self.Series.book):
                    with self.assertRaisesRegex(UserError, "either refuse or skip"):
                        call(vals)

    def test_a_day_is_the_series_day(self):
        """Days begin on the series' clock, not on the user's."""
        self.coach.tz = "Pacific/Auckland"
        self.coach.resource_id.calendar_id = False
        start = datetime(2027, 3, 2, 20, 0)  # Wednesday morning in Auckland
        series, sessions = self.book_series(start=start)
        series.with_user(self.manager).action_end("2027-03-10")
        self.assertEqual(sessions.mapped("state"), ["scheduled"] + ["cancelled"] * 3)

    def test_history_stays(self):
        series, _sessions = self.book_series(count=7, on_conflict="skip")
        for record in (series, series.gap_ids):
            with self.assertRaises(UserError):
                record.unlink()
        for table in ("coaching_series", "coaching_series_gap"):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.RestrictViolation),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(f"DELETE FROM {table}")
