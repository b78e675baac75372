from itertools import permutations

from odoo.tests import tagged

from .common import CoachingPayrollCommon


@tagged("post_install", "-at_install")
class TestMainJob(CoachingPayrollCommon):
    def _book_makeup(self, missed, days=3):
        return self.book(
            days=days,
            booking_type_id=self.makeup_type.id,
            makeup_of_id=missed.id,
            note="Make-up session for the no-show",
        )

    # R131
    def test_main_job(self):
        """Package, no-show, make-up, payslip: the pair is paid once."""
        # R134 R135 R136 R137 R138 R139 R140
        self.assertBalance(self.package, remaining=5)
        session = self.book()
        self.assertBalance(self.package, remaining=4, held=1)
        missed = self.close(session, "no_show", note="Called twice")
        self.assertBalance(self.package, remaining=4, used=1)
        self.assertEqual(missed.makeup_id.state, "issued")

        self.travel(self.now)
        makeup = self._book_makeup(missed)
        self.assertBalance(self.package, remaining=4, used=1)
        self.close(makeup, "completed")
        self.assertBalance(self.package, remaining=4, used=1)
        self.assertEqual(missed.state, "no_show")

        lines = self._lines(session | makeup)
        payable = lines.filtered(lambda line: line.state == "to_pay")
        self.assertEqual(payable.session_id, session)
        self.assertEqual(payable.amount, 40.0)
        excluded = lines - payable
        self.assertEqual(excluded.state, "excluded")
        self.assertEqual(
            excluded.excluded_reason, "booking type is not included in remuneration"
        )

        payslip = self._payslip()
        self.assertEqual(self._total(payslip), 40.0)
        self.assertEqual(sum(payslip.line_ids.mapped("total")), 40.0)
        self.assertEqual((payable.state, payable.payslip_id), ("on_payslip", payslip))
        payslip.action_payslip_done()
        self.assertEqual((payslip.state, payable.state), ("done", "paid"))
        self.assertEqual(self._total(self._payslip(month=4)), 0.0)

    def test_a_remunerated_makeup_is_left_out_all_the_same(self):
        """Even where the make-up type counts, the pair is paid once."""
        self.makeup_type.remunerated = True
        session = self.book()
        missed = self.close(session, "no_show")
        self.travel(self.now)
        makeup = self._book_makeup(missed)
        self.close(makeup, "completed")
        self.assertEqual(
            self._lines(makeup).excluded_reason,
            f"make-up of session {session.name}, already paid",
        )
        self.assertEqual(self._total(self._payslip()), 40.0)

    def test_unpaid_absence_leaves_the_pay_to_the_makeup(self):
        """Where the policy pays nothing for the absence, the make-up earns it."""
        self.makeup_type.remunerated = True
        self.env["coaching.outcome.policy"].search(
            [("outcome_id.code", "=", "no_show"), ("complimentary", "=", False)]
        ).pay_percent = 0
        session = self.book()
        missed = self.close(session, "no_show")
        self.travel(self.now)
        makeup = self._book_makeup(missed)
        self.close(makeup, "completed")
        self.assertEqual(self._lines(session).state, "excluded")
        self.assertEqual(self._lines(makeup).amount, 40.0)
        self.assertEqual(self._total(self._payslip()), 40.0)

    # R138 R139 R140
    def test_every_order_pays_once(self):
        """Marking, correcting and paying in any order: once and once.

        For a make-up type that counts and one that does not, each order of four acts
        after the make-up is booked; whatever happened, one session is used and one
        session is paid, over all payslips.
        """
        for remunerated in (False, True):
            self.makeup_type.remunerated = remunerated
            for order in permutations(("close", "correct", "recorrect", "pay")):
                with self.subTest(remunerated=remunerated, order=order):
                    with self.env.cr.savepoint() as savepoint:
                        self._play(order)
                        savepoint.rollback()

    def _play(self, order):
        self.travel(self.now)
        session = self.book()
        missed = self.close(session, "no_show")
        self.travel(self.now)
        makeup = self._book_makeup(missed)
        self.travel(makeup.stop)
        payslips = self.env["hr.payslip"]
        for act in order:
            if act == "close":
                makeup.attendance_ids.action_close("completed")
            elif act == "correct":
                missed.action_close("client_late_cancel")
            elif act == "recorrect":
                missed.action_close("no_show")
            else:
                payslip = self._payslip()
                payslip.action_payslip_done()
                payslips |= payslip
            self.assertLessEqual(
                len(self._lines(session | makeup).filtered("earns")), 1
            )
        last = self._payslip(month=4)
        last.action_payslip_done()
        self.assertEqual(self._total(payslips | last), 40.0)
        self.assertBalance(self.package, remaining=4, used=1)
        self.assertEqual(missed.makeup_id.state, "used")
        lines = self._lines(session | makeup, live=False)
        self.assertEqual(sum(lines.mapped("amount")), 40.0)

    def test_correction_after_paying(self):
        """A paid session that was none is taken back in the next payslip."""
        session = self.book()
        missed = self.close(session, "no_show")
        march = self._payslip()
        march.action_payslip_done()
        missed.action_close("coach_emergency")
        self.assertBalance(self.package, remaining=5)
        self.assertEqual(missed.makeup_id.state, "revoked")
        self.assertEqual(self._total(march), 40.0, "what is done stays")
        april = self._payslip(month=4)
        self.assertEqual(self._total(april), -40.0)
        april.action_payslip_done()
        missed.action_close("completed")
        may = self._payslip(month=5)
        self.assertEqual(self._total(may), 40.0)
