from datetime import timedelta

from odoo.tests import tagged

from .common import CoachingCommon

BOOK_QUERIES = 36
CLOSE_QUERIES = 29


@tagged("post_install", "-at_install")
class TestPerformance(CoachingCommon):
    """What people wait for costs a bounded number of queries."""

    def _count_queries(self, method, *args, **kwargs):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        method(*args, **kwargs)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_book_and_close(self):
        # what is cached for good
        warm = self.book(days=1, user=self.manager)
        self.travel(warm.stop)
        warm.with_user(self.coach_user).attendance_ids.action_close("completed")
        self.travel(self.now)
        session = None

        def book():
            nonlocal session
            session = self.book(days=2, user=self.manager)

        self.assertLessEqual(self._count_queries(book), BOOK_QUERIES)
        self.travel(session.stop + timedelta(minutes=1))
        close = session.with_user(self.coach_user).attendance_ids.action_close
        self.assertLessEqual(
            self._count_queries(close, "completed", note="Good"), CLOSE_QUERIES
        )

    def test_book_with_video(self):
        """A link costs a look and a row; nothing is asked outside (R84)."""
        for provider in ("discuss", "zoom"):
            self.individual.video_provider = provider
            counts = []
            for days in (1, 2):  # the first is for what is cached for good
                self.travel(self.now)
                counts.append(
                    self._count_queries(self.book, days=days, user=self.manager)
                )
            # for Zoom a second cron has to wake up
            self.assertLessEqual(counts[-1], BOOK_QUERIES + 2)
            self.env["coaching.session"].search(
                [("coach_id", "=", self.coach.id), ("state", "=", "scheduled")]
            ).action_cancel()

    def test_close_with_makeup(self):
        """A missed session: use, make-up, email and all that."""
        self._issue_makeups("no_show")
        for days in (1, 2):  # the first is for what is cached for good
            self.travel(self.now)
            session = self.book(days=days)
            self.travel(session.stop + timedelta(minutes=1))
            count = self._count_queries(
                session.with_user(self.coach_user).attendance_ids.action_close,
                "no_show",
                note="Called twice",
            )
        self.assertLessEqual(count, CLOSE_QUERIES)

    def test_closing_many_costs_little_each(self):
        """Sessions closed together share their queries."""
        counts = []
        for days, hours in ((1, (8,)), (2, (8, 9, 10, 13, 14))):
            self.travel(self.now)
            package = self._sell(self.client)
            sessions = self.env["coaching.session"]
            for hour in hours:
                sessions |= self.book(days=days, hour=hour, package_id=package.id)
            self.travel(sessions[0].stop + timedelta(days=1))
            counts.append(
                self._count_queries(sessions.attendance_ids.action_close, "completed")
            )
        self.assertLessEqual(counts[1], counts[0] + 2 * 5)

    def test_series(self):
        """Ten sessions cost little more than one, twenty little more than ten."""
        package = self.env["coaching.package"]._grant(
            {"partner_id": self.client.id}, 100
        )
        counts = {}
        # the first is for what is cached for good
        for count, hour in ((2, 8), (10, 9), (20, 10)):
            counts[count] = self._count_queries(
                self.env["coaching.series"].with_user(self.manager).book,
                {
                    "booking_type_id": self.individual.id,
                    "coach_id": self.coach.id,
                    "partner_ids": self.client.ids,
                    "package_id": package.id,
                    "start": (self.now + timedelta(days=1)).replace(hour=hour),
                    "count": count,
                },
            )
        self.assertLessEqual(counts[10], 80)
        self.assertLess(counts[20] - counts[10], 25)

    def test_a_whole_series_changes(self):
        """Cancelling twenty costs little more than cancelling ten."""
        package = self.env["coaching.package"]._grant(
            {"partner_id": self.client.id}, 100
        )
        counts = {}
        for count, hour in ((2, 8), (10, 9), (20, 10)):
            result = self.env["coaching.series"].book(
                {
                    "booking_type_id": self.individual.id,
                    "coach_id": self.coach.id,
                    "partner_ids": self.client.ids,
                    "package_id": package.id,
                    "start": (self.now + timedelta(days=1)).replace(hour=hour),
                    "count": count,
                }
            )
            session = self.env["coaching.session"].browse(result["session_ids"][0])
            counts[count] = self._count_queries(
                session.with_user(self.manager).action_cancel_series, "all", "other"
            )
        self.assertLessEqual(counts[10], 60)
        self.assertLess(counts[20] - counts[10], 25)

    def test_absence(self):
        """Days of many sessions cost little more than days of a few (ranks 17, 24)."""
        package = self.env["coaching.package"]._grant(
            {"partner_id": self.client.id}, 100
        )
        coach = self.coach.with_user(self.manager)
        actions = {
            "substitute": lambda day: coach.action_substitute(
                self.other_coach.id, day, day
            ),
            "absent": lambda day: coach.action_absent(day, day),
        }
        for week, (name, action) in enumerate(actions.items()):
            counts = []
            # the first is for what is cached for good
            for days, hours in enumerate(((9,), (9, 10), (9, 10, 11, 13, 14, 15)), 1):
                sessions = self.env["coaching.session"]
                for hour in hours:
                    sessions |= self.book(
                        days=7 * week + days, hour=hour, package_id=package.id
                    )
                counts.append(self._count_queries(action, sessions[0].start.date()))
            with self.subTest(name, counts=counts):
                self.assertLessEqual(counts[2] - counts[1], 4 * 4)
                self.assertNotIn(
                    (self.coach.id, "scheduled"),
                    [(one.coach_id.id, one.state) for one in sessions],
                )
