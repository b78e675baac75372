from datetime import timedelta

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

    def _many(self, count, first_day):
        """Return sessions of different clients, one package each, an hour apart."""
        partners = self.env["res.partner"].create(
            [{"name": f"Client {first_day}/{number}"} for number in range(count)]
        )
        packages = self.env["coaching.package"].create(
            [{"partner_id": partner.id} for partner in partners]
        )
        self.env["coaching.package.move"].create(
            [
                {"package_id": package.id, "kind": "grant", "quantity": 5}
                for package in packages
            ]
        )
        starts = [
            self.now + timedelta(days=first_day, hours=number)
            for number in range(count)
        ]
        times = [
            {"start": start, "stop": start + timedelta(hours=1)} for start in starts
        ]
        sessions = self.env["coaching.session"].create(
            [
                {
                    "name": f"{first_day}/{number}",
                    "booking_type_id": self.individual.id,
                    "coach_id": self.coach.id,
                    "seats_taken": 1,
                    "busy_start": time["start"],
                    "busy_stop": time["stop"],
                    **time,
                }
                for number, time in enumerate(times)
            ]
        )
        attendances = self.env["coaching.attendance"].create(
            [
                {"session_id": session.id, "partner_id": partner.id, **time}
                for session, partner, time in zip(
                    sessions, partners, times, strict=True
                )
            ]
        )
        self.env["coaching.package"]._claim(
            dict(zip(attendances, packages, strict=True)), "hold"
        )
        return sessions

    # R44
    def test_closing_a_thousand_from_the_list(self):
        """At most six queries each, and the second thousand is no dearer."""
        thousands = [self._many(1000, 1), self._many(1000, 61)]
        self.travel(self.now + timedelta(days=150))
        counts = []
        for sessions in thousands:
            sessions = sessions.with_user(self.manager)
            counts.append(self._count_queries(sessions.action_mark, "no_show"))
            self.assertEqual(set(sessions.mapped("state")), {"no_show"})
        self.assertLessEqual(counts[0], 6 * 1000)
        self.assertLessEqual(counts[1], counts[0])
