from odoo.tests import tagged

from ..common import CoachingPayrollCommon


@tagged("post_install", "-at_install")
class TestSubstitute(CoachingPayrollCommon):
    """Whoever holds the session is paid for it, at their own rate (rank 17)."""

    def setUp(self):
        super().setUp()
        self.env["coaching.remuneration.rule"].create(
            {"coach_id": self.other_coach.id, "amount": 77.0}
        )

    def live(self, session):
        return session.remuneration_line_ids.filtered(
            lambda line: line.earns and not line.is_reversed and not line.reversal_of_id
        )

    def test_the_substitute_is_paid(self):
        session = self.book()
        session.with_user(self.manager).action_substitute(self.other_coach.id)
        self.close(session, "completed")
        line = self.live(session)
        self.assertEqual(line.coach_id, self.other_coach)
        self.assertEqual(line.amount, 77.0)

    def test_a_makeup_given_by_a_substitute_earns_once(self):
        """The missed session has earned; whoever holds its make-up earns nothing."""
        self._issue_makeups("no_show")
        missed = self.book()
        self.close(missed, "no_show")
        self.travel(self.now)
        makeup = self.book(days=4, booking_type_id=self.makeup_type.id)
        makeup.with_user(self.manager).action_substitute(self.other_coach.id)
        self.close(makeup, "completed")
        self.assertEqual(self.live(missed).coach_id, self.coach)
        self.assertFalse(self.live(makeup))
