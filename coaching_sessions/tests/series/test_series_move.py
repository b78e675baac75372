from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_series import FIRST, SeriesCommon


@tagged("post_install", "-at_install")
class TestSeriesMove(SeriesCommon):
    """One, this and the following ones, or all to come are moved (R110, R111)."""

    def setUp(self):
        super().setUp()
        self.series, self.sessions = self.book_series()

    def move(self, number, start, scope, user=None, **kwargs):
        session = self.sessions[number].with_user(user or self.coach_user)
        return session.action_move_series(start, scope, **kwargs)

    def assertStarts(self, *starts):
        """Assert when the sessions are: days and hours after they were booked."""
        expected = [
            FIRST + timedelta(weeks=week) + timedelta(days=days, hours=hours)
            for week, (days, hours) in enumerate(starts)
        ]
        self.assertEqual(self.sessions.mapped("start"), expected)
        attendances = [one.attendance_ids.start for one in self.sessions]
        self.assertEqual(attendances, expected)
        self.assertEqual([one.event_id.start for one in self.sessions], expected)
        self.env.cr.execute(
            "SELECT lower(span) FROM coaching_coach_time WHERE session_id = ANY(%s)"
            " ORDER BY session_id",
            [self.sessions.ids],
        )
        self.assertEqual([row[0] for row in self.env.cr.fetchall()], expected)

    def test_one(self):  # R110
        start = FIRST + timedelta(weeks=1, days=1, hours=4)
        result = self.move(1, start, "one")
        self.assertEqual(result, {"moved": 1, "not_moved": []})
        self.assertStarts((0, 0), (1, 4), (0, 0), (0, 0))
        self.assertEqual(self.sessions.series_id, self.series)
        self.assertEqual(self.sessions[1].series_start, FIRST + timedelta(weeks=1))
        self.assertEqual(self.series.rhythm, "Tuesdays 10:00 AM")
        self.assertEqual(len(self.mails("moved", self.client)), 1)

    def test_following(self):  # R111
        result = self.move(
            1, FIRST + timedelta(weeks=1, hours=1), "following", message="Sorry"
        )
        self.assertEqual(result, {"moved": 3, "not_moved": []})
        self.assertStarts((0, 0), (0, 1), (0, 1), (0, 1))
        self.assertEqual(self.series.rhythm, "Tuesdays 11:00 AM")
        self.assertBalance(self.package, 1, held=4)
        # one email with all times, one line in the log of each
        mail = self.mails("series_changed", self.client)
        self.assertEqual((len(mail), mail.message), (1, "Sorry"))
        self.assertEqual(len(mail._get_series_times()), 3)
        self.assertIn("11:00", mail._get_series_times()[0][0])
        self.assertIn("10:00", mail._get_series_times()[0][1])
        self.assertFalse(self.mails("moved"))
        for number, session in enumerate(self.sessions):
            moved = session.log_ids.filtered(lambda line: line.action == "moved")
            self.assertEqual(len(moved), int(number > 0))

    def test_what_was_offered_is_withdrawn(self):
        """An older offer neither moves nor cancels what was moved with its series."""
        session = self.sessions[1]
        proposal = session.action_propose([session.start + timedelta(hours=4)])
        self.move(1, session.start + timedelta(hours=1), "following")
        self.assertEqual(proposal.state, "withdrawn")

    def test_the_mail(self):
        self.move(1, FIRST + timedelta(weeks=1, hours=1), "following")
        self.run_cron("coaching.notification", "_cron_send")
        mail = self.mails("series_changed", self.client)
        self.assertEqual(mail.state, "sent")
        self.assertIn("instead of", mail.mail_id.body_html)
        ics = mail.mail_id.attachment_ids.raw.decode()
        self.assertEqual(ics.count("SEQUENCE:1"), 3)

    def test_all_by_any_distance(self):
        """A series that moves by its own rhythm does not run into itself."""
        for days, hours in ((7, 0), (-7, 0), (14, 1), (1, 0), (-1, 4), (0, -1), (3, 2)):
            with self.subTest(days=days, hours=hours):
                self.travel(datetime(2027, 2, 1, 8))
                before = self.sessions.mapped("start")
                shift = timedelta(days=days, hours=hours)
                day = before[2] + shift
                if day.weekday() > 4:
                    continue
                result = self.move(2, day, "all", user=self.manager)
                self.assertEqual(result["moved"], 4)
                after = self.sessions.mapped("start")
                self.assertEqual(after, [start + shift for start in before])
                self.env.flush_all()

    def test_two_weekdays(self):
        """Both by as many days, to the same time."""
        self.sessions[0].with_user(self.manager).action_cancel_series("all", "other")
        self.series, self.sessions = self.book_series(weekdays=[1, 3], count=4)
        self.move(0, FIRST + timedelta(days=1, hours=1), "all")
        self.assertEqual(
            [f"{start:%m-%d %H}" for start in self.sessions.mapped("start")],
            ["03-03 11", "03-05 11", "03-10 11", "03-12 11"],
        )
        self.assertEqual(self.series.weekdays, "24")

    def test_the_wall_clock_is_kept(self):
        """A move before the clocks change keeps the new hour after it."""
        self.coach.tz = self.calendar.tz = "Europe/Brussels"
        self.package = self._sell(self.client)
        self.series, self.sessions = self.book_series(
            start=datetime(2027, 3, 23, 13), count=2
        )
        self.move(0, datetime(2027, 3, 23, 14), "all")
        self.assertEqual(
            self.sessions.mapped("start"),
            [datetime(2027, 3, 23, 14), datetime(2027, 3, 30, 13)],
        )

    def test_what_was_moved_alone_stays(self):
        """And is not taken for one of the others by the next move."""
        self.move(1, FIRST + timedelta(weeks=1, days=1), "one")
        self.assertEqual(self.move(0, FIRST + timedelta(hours=1), "all")["moved"], 3)
        self.assertStarts((0, 1), (1, 0), (0, 1), (0, 1))
        # from the one that was moved, the others go by where it should be
        self.move(1, FIRST + timedelta(weeks=1, hours=-1), "all")
        self.assertStarts((0, -1), (0, -1), (0, -1), (0, -1))

    def test_what_was_moved_alone_keeps_its_usual_day(self):
        """The series went to Wednesdays since: from there it is reckoned."""
        self.move(1, FIRST + timedelta(weeks=1, days=2), "one")
        self.move(0, FIRST + timedelta(days=1), "all")
        self.assertStarts((1, 0), (2, 0), (1, 0), (1, 0))
        self.move(1, FIRST + timedelta(weeks=1, days=1, hours=1), "all")
        self.assertStarts((1, 1), (1, 1), (1, 1), (1, 1))

    def test_conflicts(self):
        """Listed; nothing is moved, or what can be."""
        for week in (1, 2):
            self.book(
                start=FIRST + timedelta(weeks=week, hours=4, minutes=30),
                partner_ids=self.other_client.ids,
                booking_type_id=self.consultation.id,
            )
        self.package.expiry_date = FIRST + timedelta(weeks=3)
        start = FIRST + timedelta(hours=4)
        plan = (
            self.sessions[0].with_user(self.coach_user).plan_move_series(start, "all")
        )
        self.assertEqual(
            [bool(one["conflict"]) for one in plan], [False, True, True, False]
        )
        with self.assertRaisesRegex(UserError, "2 of 4 sessions can't be moved"):
            self.move(0, start, "all")
        self.assertStarts((0, 0), (0, 0), (0, 0), (0, 0))
        result = self.move(0, start, "all", on_conflict="skip")
        self.assertEqual(result["moved"], 2)
        self.assertEqual(
            [one["session_id"] for one in result["not_moved"]], self.sessions[1:3].ids
        )
        self.assertIn("already has a session", result["not_moved"][0]["reason"])
        self.assertStarts((0, 4), (0, 0), (0, 0), (0, 4))

    def test_who_stays_is_in_the_way(self):
        """What can't be moved keeps its time, where another one would go."""
        self.env["resource.calendar.leaves"].create(
            {
                "calendar_id": self.calendar.id,
                "date_from": FIRST + timedelta(weeks=4, hours=-5),
                "date_to": FIRST + timedelta(weeks=4, hours=5),
            }
        )
        start = FIRST + timedelta(weeks=1)
        plan = (
            self.sessions[0].with_user(self.coach_user).plan_move_series(start, "all")
        )
        self.assertTrue(all(one["conflict"] for one in plan))
        with self.assertRaisesRegex(UserError, "None of these sessions"):
            self.move(0, start, "all", on_conflict="skip")

    def test_the_one_it_is_called_on_stays(self):
        """What is in the way of the session that is open moves the others only."""
        start = FIRST + timedelta(hours=4)
        self._sell(self.other_client)
        self.book(start=start, partner_ids=self.other_client.ids)
        result = self.move(0, start, "all", on_conflict="skip")
        self.assertEqual(result["moved"], 3)
        self.assertEqual(
            [one["session_id"] for one in result["not_moved"]], self.sessions[0].ids
        )
        self.assertStarts((0, 0), (0, 4), (0, 4), (0, 4))
        # its time is its own, as before
        with self.assertRaisesRegex(UserError, "already has a session"):
            self.book(start=FIRST, partner_ids=self.other_client.ids)

    def test_it_stays_in_the_way_of_the_others(self):
        """A session that can't move keeps its time from those that could."""
        # the first one can't go into the past, so the second one can't, and so on
        with self.assertRaisesRegex(UserError, "None of these sessions"):
            self.move(1, FIRST, "all", on_conflict="skip")
        self.assertStarts((0, 0), (0, 0), (0, 0), (0, 0))

    def test_asked_late_stays_late(self):  # R51
        """A client who asked late gains nothing when the whole series moves."""
        self.individual.late_reschedule = "ask"
        session = self.sessions[0]
        self.travel(session.start - timedelta(hours=2))
        session.with_user(self.client_user).action_ask_reschedule(
            session.start + timedelta(days=1)
        )
        self.move(0, session.start + timedelta(days=2), "all")
        self.assertEqual(session.notice_start, FIRST)
        self.assertEqual(session.move_count, 1)
        self.assertFalse(self.sessions[1].notice_start)

    def test_no_series_no_position(self):
        single = self.book(start=FIRST + timedelta(days=1))
        self.assertFalse(single.series_position)
        self.assertEqual(self.sessions[0].series_position, "1 of 4")
        self.assertFalse(single.video_number)

    def test_past_the_expiry(self):
        self.package.expiry_date = date(2027, 3, 23)
        start = FIRST + timedelta(days=1)
        plan = (
            self.sessions[0].with_user(self.coach_user).plan_move_series(start, "all")
        )
        self.assertEqual(
            [bool(one["conflict"]) for one in plan], [False, False, False, True]
        )
        self.assertIn(", which is before the session", plan[3]["conflict"])

    def test_paused_times_move_along(self):
        self.series.with_user(self.coach_user).action_pause("2027-03-16", "2027-03-16")
        self.move(0, FIRST + timedelta(hours=1), "all")
        self.assertEqual(self.series.gap_ids.start, FIRST + timedelta(weeks=2, hours=1))
        self.series.with_user(self.coach_user).action_resume("2027-03-01")
        again = self.series.gap_ids.session_id
        self.assertEqual(again.start, FIRST + timedelta(weeks=2, hours=1))

    def test_closed_and_past_ones_stay(self):
        self.close(self.sessions[0], "completed")
        self.travel(self.sessions[1].stop)
        with self.assertRaisesRegex(UserError, "has begun or is closed"):
            self.move(1, FIRST + timedelta(weeks=2), "all")
        self.move(3, FIRST + timedelta(weeks=3, hours=1), "all")
        self.assertStarts((0, 0), (0, 0), (0, 1), (0, 1))

    def test_limits_of_a_day(self):
        """The numbers of days and weeks move along."""
        self.coach.max_sessions_day = 1
        self.sessions[0].with_user(self.manager).action_cancel_series("all", "other")
        self.series, self.sessions = self.book_series()
        self.move(0, FIRST + timedelta(hours=1), "all")
        self.assertTrue(all(self.sessions.mapped("day_key")))
        self.env.cr.execute(
            "SELECT count(day_key) FROM coaching_session WHERE id = ANY(%s)",
            [self.sessions.ids],
        )
        self.assertEqual(self.env.cr.fetchone(), (4,))

    def test_what_is_refused(self):
        for start, scope, words in (
            (FIRST, "all", "already"),
            (FIRST, "some", "only this session, this and following ones, or all"),
            ("soon", "all", "not a time"),
            (datetime(2027, 2, 23, 10), "all", "in the past"),
        ):
            with self.subTest(scope), self.assertRaisesRegex(UserError, words):
                self.move(0, start, scope)
        with self.assertRaisesRegex(UserError, "refuse or skip"):
            self.move(0, FIRST + timedelta(hours=1), "all", on_conflict="force")
        single = self.book(
            start=FIRST + timedelta(days=1), booking_type_id=self.consultation.id
        )
        with self.assertRaisesRegex(UserError, "not part of a series"):
            single.action_move_series(FIRST + timedelta(days=2), "all")
        for user in (self.client_user, self.portal_coach_user):
            for method in ("action_move_series", "plan_move_series"):
                session = self.sessions[0].with_user(user)
                with self.assertRaises(AccessError):
                    getattr(session, method)(FIRST + timedelta(hours=1), "all")

    def test_the_coach_s_notice(self):
        """Where the booking type binds coaches, managers only move what is near."""
        self.individual.write({"staff_reschedule": "refuse", "staff_notice_hours": 48})
        self.travel(FIRST - timedelta(hours=5))
        with self.assertRaisesRegex(UserError, "a manager can move it"):
            self.move(0, FIRST + timedelta(hours=1), "all")
        self.move(0, FIRST + timedelta(hours=1), "all", user=self.manager)
        self.assertStarts((0, 1), (0, 1), (0, 1), (0, 1))
