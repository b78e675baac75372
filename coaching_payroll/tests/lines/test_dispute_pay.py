from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CoachingPayrollCommon


@tagged("post_install", "-at_install")
class TestDisputePay(CoachingPayrollCommon):
    """Pay waits while a client disputes what it is for (rank 13)."""

    def setUp(self):
        super().setUp()
        self.session = self.book()
        self.attendance = self.close(self.session, "no_show")

    def _dispute(self, attendance=None, user=None):
        attendance = attendance or self.attendance
        dispute = attendance.with_user(user or self.client_user).action_dispute("Me")
        return self.env["coaching.dispute"].with_user(self.manager).browse(dispute)

    def _states(self, sessions=None, live=False):
        lines = self._lines(sessions or self.session, live=live)
        return [(line.state, line.amount, line.on_hold) for line in lines]

    def test_waits_and_comes_with_the_next(self):
        """Disputed: on no payslip. Rejected: on the next one."""
        dispute = self._dispute()
        line = self._lines(self.session)
        self.assertEqual(line.hold_reason, "On hold: disputed")
        self.assertEqual(
            line.search(
                [
                    ("on_hold", "=", True),
                    ("state", "=", "to_pay"),
                    ("coach_id", "=", self.coach.id),
                ]
            ),
            line,
        )
        march = self._payslip()
        self.assertEqual(self._total(march), 0.0)
        march.action_payslip_done()
        dispute.action_reject("The coach waited")
        self.assertFalse(line.hold_reason)
        april = self._payslip(month=4)
        self.assertEqual(self._total(april), 40.0)
        april.action_payslip_done()
        self.assertEqual(self._states(), [("paid", 40.0, False)])

    def test_accepted_is_not_paid(self):
        self._dispute().action_accept("coach_missed")
        self.assertEqual(self._total(self._payslip()), 0.0)
        self.assertEqual(sum(self._lines(self.session).mapped("amount")), 0.0)

    def test_accepted_but_paid_all_the_same(self):
        """From missed to attended: the pay waits no more, and is paid once."""
        dispute = self._dispute()
        self.assertEqual(self._total(self._payslip()), 0.0)
        dispute.action_accept("completed")
        payslip = self._payslip(month=4)
        payslip.action_payslip_done()
        self.assertEqual(self._total(payslip), 40.0)
        self.assertEqual(self._total(self._payslip(month=5)), 0.0)

    def test_withdrawn(self):
        dispute = self._dispute()
        dispute.with_user(self.client_user).action_withdraw()
        self.assertEqual(self._total(self._payslip()), 40.0)

    def test_leaves_a_draft_payslip(self):
        """The payslip has to be computed again, and pays the rest."""
        self.travel(self.now)
        other = self.book(days=2)
        self.close(other, "completed")
        payslip = self._payslip()
        self.assertEqual(self._total(payslip), 80.0)
        dispute = self._dispute()
        self.assertEqual(self._states(), [("to_pay", 40.0, True)])
        self.assertEqual(payslip.coaching_line_ids, self._lines(other))
        with self.assertRaisesRegex(UserError, "Recompute it"):
            payslip.with_context(without_compute_sheet=True).action_payslip_done()
        payslip.compute_sheet()
        self.assertEqual(self._total(payslip), 40.0)
        payslip.action_payslip_done()
        dispute.action_reject("No")
        self.assertEqual(self._total(self._payslip(month=4)), 40.0)

    def test_leaves_a_draft_payslip_empty(self):
        payslip = self._payslip()
        self._dispute()
        self.assertFalse(payslip.coaching_line_ids)
        with self.assertRaisesRegex(UserError, "Recompute it"):
            payslip.with_context(without_compute_sheet=True).action_payslip_done()
        payslip.compute_sheet()
        payslip.action_payslip_done()
        self.assertEqual(self._total(payslip), 0.0)

    def test_paid_already(self):
        """A payslip that is done stays; the difference comes with the next."""
        payslip = self._payslip()
        payslip.action_payslip_done()
        dispute = self._dispute()
        self.assertEqual(payslip.coaching_line_ids, self._lines(self.session))
        self.assertEqual(self._total(self._payslip(month=4)), 0.0)
        dispute.action_accept("coach_missed")
        self.assertEqual(self._total(self._payslip(month=5)), -40.0)
        self.assertEqual(self._total(payslip), 40.0)

    def test_corrected_while_disputed(self):
        """What the coach corrects meanwhile waits too, both ways."""
        self._payslip().action_payslip_done()
        dispute = self._dispute()
        self.attendance.with_user(self.coach_user).action_close("coach_missed")
        lines = self._lines(self.session, live=False)
        waiting = lines.filtered(lambda line: line.state == "to_pay")
        self.assertEqual(waiting.mapped("amount"), [-40.0])
        self.assertTrue(waiting.on_hold)
        self.assertEqual(self._total(self._payslip(month=4)), 0.0)
        dispute.action_reject("No")
        self.assertEqual(self._total(self._payslip(month=5)), -40.0)

    def test_closed_out_while_reported(self):
        """Nobody had closed it out as the client said that no coach came."""
        self.travel(self.now)
        session = self.book(days=3)
        attendance = session.attendance_ids
        self.travel(session.start)
        dispute = attendance.with_user(self.client_user).action_report_coach_no_show(
            "Nobody there"
        )
        self.close(session, "completed")
        self.assertEqual(self._states(session), [("to_pay", 40.0, True)])
        self.assertEqual(self._total(self._payslip()), 40.0, "the other session only")
        self.env["coaching.dispute"].with_user(self.manager).browse(
            dispute
        ).action_accept()
        self.assertEqual(attendance.outcome_id.code, "coach_missed")
        self.assertEqual(self._total(self._payslip(month=4)), 0.0)

    def test_make_up_waits_with_its_original(self):
        """Whichever of the two is disputed, the pay of the pair waits."""
        makeup = self.book(
            start=self.session.start + timedelta(days=1),
            booking_type_id=self.makeup_type.id,
        )
        made_up = self.close(makeup, "completed")
        self.assertEqual(self._total(self._payslip()), 40.0)
        dispute = self._dispute(made_up)
        self.assertEqual(self._total(self._payslip()), 0.0)
        self.assertEqual(self._states(), [("to_pay", 40.0, True)])
        again = self._dispute()
        dispute.action_reject("No")
        self.assertEqual(self._total(self._payslip()), 0.0, "the other is still open")
        again.action_reject("No")
        self.assertEqual(self._total(self._payslip()), 40.0)

    def test_group_waits_for_each_of_its_clients(self):
        """A group is paid once, so one client's objection holds its pay."""
        self._sell(self.other_client)
        self.travel(self.now)
        session = self.book(
            days=4,
            booking_type_id=self.group_type.id,
            partner_ids=(self.client | self.other_client).ids,
        )
        self.travel(session.stop)
        session.attendance_ids.action_close("completed")
        mine = session.attendance_ids.filtered(lambda a: a.partner_id == self.client)
        payslip = self._payslip()
        self.assertEqual(self._total(payslip), 80.0)
        dispute = self._dispute(mine)
        self.assertEqual(payslip.coaching_line_ids, self._lines(self.session))
        payslip.compute_sheet()
        self.assertEqual(self._total(payslip), 40.0)
        dispute.action_reject("No")
        payslip.compute_sheet()
        self.assertEqual(self._total(payslip), 80.0)

    def test_refund_of_what_is_disputed_waits(self):
        payslip = self._payslip()
        payslip.action_payslip_done()
        dispute = self._dispute()
        payslip.refund_sheet()
        self.assertEqual(self._total(self._payslip(month=4)), 0.0)
        dispute.action_reject("No")
        self.assertEqual(self._total(self._payslip(month=5)), 40.0)

    def test_cancelled_payslip_of_what_is_disputed(self):
        payslip = self._payslip()
        payslip.action_payslip_done()
        dispute = self._dispute()
        self.env["ir.config_parameter"].set_param("payroll.allow_cancel_payslips", "1")
        payslip.invalidate_recordset()
        payslip.action_payslip_cancel()
        self.assertEqual(self._total(self._payslip(month=4)), 0.0)
        dispute.with_user(self.client_user).action_withdraw()
        self.assertEqual(self._total(self._payslip(month=5)), 40.0)

    def test_paying_looks_at_the_disputes(self):
        """Whatever opened it: a session with an open dispute is not paid."""
        payslip = self._payslip()
        self.env["coaching.dispute"].create(
            self.attendance._prepare_dispute_values("outcome", "By hand")
        )
        with self.assertRaisesRegex(UserError, "A client disputes"):
            payslip.action_payslip_done()
        self.assertNotEqual(payslip.state, "done")

    @mute_logger("odoo.sql_db")
    def test_the_database_holds(self):
        payslip = self._payslip()
        self._dispute()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env.cr.execute(
                "UPDATE coaching_remuneration_line"
                " SET state = 'on_payslip', payslip_id = %s WHERE id = %s",
                [payslip.id, self._lines(self.session).id],
            )
