from odoo.tests import tagged

from odoo.addons.coaching_sessions.tests import test_performance

from .common import CoachingPayrollCommon


@tagged("post_install", "-at_install")
class TestPerformance(CoachingPayrollCommon, test_performance.TestPerformance):
    """The same limits hold with pay among the consequences."""

    def test_payslip_queries_do_not_grow(self):
        """A payslip costs the same for one session as for five."""
        counts = []
        for days, sessions in ((1, 1), (2, 5)):
            package = self._sell(self.client)
            booked = [
                self.book(days=days, hour=(8, 9, 10, 13, 14)[n], package_id=package.id)
                for n in range(sessions)
            ]
            for session in booked:
                self.close(session, "completed")
            self.travel(self.now)
            payslip = self._payslip()
            self.assertEqual(self._total(payslip), 40.0 * sessions)
            counts.append(self._count_queries(payslip.compute_sheet))
            payslip.action_payslip_done()
        self.assertLessEqual(counts[1], counts[0])
