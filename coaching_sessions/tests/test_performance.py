from datetime import timedelta

from odoo.tests import tagged

from .common import CoachingCommon

BOOK_QUERIES = 40
CLOSE_QUERIES = 30


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
        self._issue_makeups("no_show")
        self.assertLessEqual(self._count_queries(close, "no_show"), CLOSE_QUERIES)
