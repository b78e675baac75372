# Over 300 lines: a payslip is followed from draft to refund.

from datetime import date, datetime, timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common import CoachingPayrollCommon


@tagged("post_install", "-at_install")
class TestPayslip(CoachingPayrollCommon):
    def setUp(self):
        super().setUp()
        self.session = self.book()
        self.attendance = self.close(self.session, "completed")
        self.line = self._lines(self.session)

    def test_made_by_a_payroll_officer(self):
        """Who makes payslips needs no rights in coaching."""
        payslip = self._payslip(user=self.officer)
        self.assertEqual(self._total(payslip), 40.0)
        payslip.action_payslip_done()
        self.assertEqual(self.line.state, "paid")

    def test_made_in_the_form(self):
        form = Form(self.env["hr.payslip"].with_user(self.officer))
        form.employee_id = self.employee
        payslip = form.save()
        payslip.compute_sheet()
        self.assertEqual(self._total(payslip), 40.0)

    def test_made_in_a_batch(self):
        run = self.env["hr.payslip.run"].create(
            {
                "name": "March",
                "date_start": date(2027, 3, 1),
                "date_end": date(2027, 3, 31),
            }
        )
        self.env["hr.payslip.employees"].with_context(active_id=run.id).create(
            {"employee_ids": [Command.set((self.employee | self.other_employee).ids)]}
        ).compute_sheet()
        mine = run.slip_ids.filtered(lambda slip: slip.employee_id == self.employee)
        self.assertEqual(self._total(mine), 40.0)
        self.assertEqual(self._total(run.slip_ids - mine), 0.0)

    def test_computing_twice_pays_once(self):
        payslip = self._payslip()
        payslip.compute_sheet()
        self.assertEqual(self._total(payslip), 40.0)
        self.assertEqual(payslip.coaching_line_ids, self.line)
        self.assertEqual(self._total(self._payslip()), 0.0, "another for the month")

    def test_double_click_on_confirm(self):
        payslip = self._payslip()
        payslip.action_payslip_done()
        payslip.action_payslip_done()
        self.assertEqual(payslip.state, "done")
        self.assertEqual(self._total(payslip), 40.0)

    def test_done_never_changes(self):
        """A payslip that is done stays, whoever asks."""
        payslip = self._payslip()
        payslip.action_payslip_done()
        for method in ("compute_sheet", "action_payslip_draft"):
            with self.assertRaisesRegex(UserError, "can't change"):
                getattr(payslip, method)()
        with self.assertRaisesRegex(UserError, "can't change"):
            payslip.write({"state": "verify"})
        self.assertEqual(payslip.state, "done")

    def test_cancelling_releases(self):
        payslip = self._payslip()
        payslip.action_payslip_cancel()
        self.assertEqual((self.line.state, self.line.payslip_id.id), ("to_pay", False))
        self.assertEqual(self._total(self._payslip()), 40.0)

    def test_cancelling_a_done_one_releases_where_allowed(self):
        payslip = self._payslip()
        payslip.action_payslip_done()
        with self.assertRaises(UserError):
            payslip.action_payslip_cancel()
        self.env["ir.config_parameter"].set_param("payroll.allow_cancel_payslips", "1")
        payslip.invalidate_recordset()
        payslip.action_payslip_cancel()
        self.assertEqual(self.line.state, "to_pay")

    def test_deleting_releases(self):
        payslip = self._payslip()
        payslip.action_payslip_cancel()
        payslip.compute_sheet()
        payslip.state = "draft"
        payslip.unlink()
        self.assertEqual(self.line.state, "to_pay")

    def test_refund_takes_back_and_opens_anew(self):
        payslip = self._payslip()
        payslip.action_payslip_done()
        payslip.refund_sheet()
        refund = payslip.refunded_id
        self.assertEqual(refund.coaching_line_ids.amount, -40.0)
        again = self._payslip(month=4)
        self.assertEqual(self._total(again), 40.0)
        lines = self._lines(self.session, live=False)
        self.assertEqual(sum(lines.mapped("amount")), 40.0)

    def test_sessions_after_the_period_wait(self):
        payslip = self._payslip(month=2)
        self.assertEqual(self._total(payslip), 0.0)
        self.assertEqual(self.line.state, "to_pay")

    def test_closed_out_late_comes_with_the_next(self):
        """A session closed after its payslip was done is paid with the next."""
        session = self.book(days=4)
        self._payslip().action_payslip_done()
        self.close(session, "completed")
        self.assertEqual(self._total(self._payslip(month=4)), 40.0)

    def test_corrected_between_computing_and_confirming(self):
        """Confirming without computing again is refused, not paid wrongly."""
        payslip = self._payslip()
        self.attendance.action_close("other")
        with self.assertRaisesRegex(UserError, "Recompute it"):
            payslip.with_context(without_compute_sheet=True).action_payslip_done()
        payslip.action_payslip_done()
        self.assertEqual(self._total(payslip), 0.0)
        self.assertEqual(self.line.state, "reversed")

    def test_two_versions_in_the_period_pay_once(self):
        """A raise in the middle of the month computes each rule twice, pays once."""
        self.employee.version_id.write(
            {"contract_date_start": date(2027, 1, 1), "contract_date_end": False}
        )
        self.employee.create_version(
            {"date_version": date(2027, 3, 15), "contract_date_start": date(2027, 1, 1)}
        )
        self.assertEqual(self._total(self._payslip()), 40.0)

    def test_structure_of_ones_own(self):
        """A structure without the rule pays sessions all the same."""
        structure = self.env["hr.payroll.structure"].create(
            {"name": "Fixed wage", "code": "FIX", "parent_id": False}
        )
        payslip = self._payslip()
        payslip.struct_id = structure
        payslip.compute_sheet()
        self.assertEqual(self._total(payslip), 40.0)

    def test_a_rule_that_pays_nothing_loses_nothing(self):
        """Lines that no salary rule paid stay to be paid."""
        rule = self.env.ref("coaching_payroll.hr_salary_rule_coaching")
        rule.condition_python = "result = False"
        payslip = self._payslip()
        self.assertEqual(self._total(payslip), 0.0)
        self.assertEqual(self.line.state, "to_pay")

    def test_other_employees_are_left_alone(self):
        """Payslips of people who are no coaches work as before."""
        employee = self.env["hr.employee"].create({"name": "Office"})
        payslip = self._payslip(employee=employee)
        self.assertFalse(payslip.line_ids)
        payslip.action_payslip_done()
        payslip.compute_sheet()

    def test_refund_after_a_correction(self):
        """A refund takes back what the payslip paid, whatever was corrected since."""
        march = self._payslip()
        march.action_payslip_done()
        self.attendance.action_close("other")
        march.refund_sheet()
        april = self._payslip(month=4)
        april.action_payslip_done()
        self.assertEqual(self._total(march) - self._total(march.refunded_id), 0.0)
        self.assertEqual(self._total(april), 0.0)

    def test_refund_of_a_payslip_with_a_correction(self):
        march = self._payslip()
        march.action_payslip_done()
        self.attendance.action_close("other")
        april = self._payslip(month=4)
        april.action_payslip_done()
        april.refund_sheet()
        self.assertEqual(
            sum(april.refunded_id.coaching_line_ids.mapped("amount")), 40.0
        )
        self.assertEqual(self._total(self._payslip(month=5)), -40.0)

    def test_refund_once(self):
        payslip = self._payslip()
        payslip.action_payslip_done()
        payslip.refund_sheet()
        with self.assertRaisesRegex(UserError, "already refunded"):
            payslip.refund_sheet()
        with self.assertRaisesRegex(UserError, "is a refund"):
            payslip.refunded_id.refund_sheet()

    def test_who_left_is_paid(self):
        """Archiving a coach keeps their employee, and their last sessions are paid."""
        self.coach.action_archive()
        self.assertTrue(self.employee.active)
        self.assertEqual(self._total(self._payslip()), 40.0)

    def test_unlinked_coach_has_hours_of_his_own(self):
        self.coach.employee_id = False
        self.assertNotEqual(self.coach.resource_id, self.employee.resource_id)
        self.assertEqual(self.coach.resource_calendar_id, self.calendar)
        self.assertTrue(self.employee.active)

    def test_lines_of_a_done_payslip_never_change(self):
        payslip = self._payslip()
        payslip.action_payslip_done()
        line = payslip.line_ids.filtered(lambda line: line.code == "COACHING")
        for change in (
            lambda: line.write({"amount": 9999}),
            lambda: line.unlink(),
            lambda: line.copy(),
            lambda: payslip.write({"date_to": date(2027, 12, 31)}),
        ):
            with self.assertRaisesRegex(UserError, "can't change"):
                change()

    def test_a_payslip_of_somebody_else_pays_nothing_of_hers(self):
        payslip = self._payslip()
        payslip.employee_id = self.other_employee
        self.assertEqual(self.line.state, "to_pay")
        with self.assertRaisesRegex(UserError, "Recompute it"):
            payslip.write({"state": "done"})

    def test_what_was_earned_stays_with_the_employee(self):
        """A coach who becomes another employee takes no old pay along."""
        self._payslip().action_payslip_done()
        successor = self.env["hr.employee"].create({"name": "Successor"})
        self.coach.employee_id = successor
        self.attendance.action_close("other")
        self.assertEqual(self._total(self._payslip(month=4, employee=successor)), 0.0)
        self.assertEqual(self._total(self._payslip(month=4)), -40.0)

    def test_looking_again_and_correcting_agree(self):
        """A type that counts from now on is kept so by later corrections."""
        self.individual.remunerated = False
        session = self.book(start=self.session.start.replace(day=4))
        self.close(session, "completed")
        self.individual.remunerated = True
        self._lines(session).with_user(self.manager).action_recompute()
        session.attendance_ids.action_close("no_show")
        self.assertEqual(self._lines(session).amount, 40.0)

    # === SESSIONS THAT NOBODY CLOSED OUT === #

    # R31, complaint 3: what is not closed out silently costs the coach
    def test_open_sessions_are_shown(self):
        self.travel(self.now)
        first, second = self.book(days=2), self.book(days=3)
        self.book(days=29)
        other = self._payslip(employee=self.other_employee)
        payslip = self._payslip(user=self.officer)
        self.assertEqual(payslip.coaching_awaiting_count, 0, "they are to come")
        self.travel(second.stop)
        payslip.invalidate_recordset()
        self.assertEqual(payslip.coaching_awaiting_count, 2)
        self.assertEqual(other.coaching_awaiting_count, 0, "not this coach's")
        action = payslip.with_user(self.manager).sudo().action_view_coaching_awaiting()
        found = self.env["coaching.session"].search(action["domain"])
        self.assertEqual(found, first | second)
        payslip.sudo().date_to = first.stop.date()
        self.assertEqual(payslip.coaching_awaiting_count, 1, "by the last day")
        first.attendance_ids.action_close("completed")
        payslip.invalidate_recordset()
        self.assertEqual(payslip.coaching_awaiting_count, 0)

    def test_open_sessions_by_the_coachs_day(self):
        """It is the day where the coach is that says which payslip it belongs to."""
        self.coach.resource_id.tz = "Pacific/Auckland"
        self.travel(self.now)
        # in the morning of the 26th in New Zealand
        session = self.book(start=datetime(2027, 3, 25, 21, 0))
        payslip = self._payslip()
        payslip.date_to = date(2027, 3, 26)
        self.travel(session.stop)
        payslip.invalidate_recordset()
        self.assertEqual(payslip.coaching_awaiting_count, 1)
        payslip.date_to = date(2027, 3, 25)
        self.assertEqual(payslip.coaching_awaiting_count, 0)

    def test_open_sessions_of_many_payslips(self):
        """However many payslips a list shows, it asks once."""
        self.travel(self.now)
        session = self.book(days=2)
        self.book(days=2, coach_id=self.other_coach.id, hour=14)
        payslips = self._payslip() | self._payslip(employee=self.other_employee)
        self.travel(session.stop + timedelta(days=1))
        counts = []
        for batch in (payslips[0], payslips):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(batch.mapped("coaching_awaiting_count"), [1] * len(batch))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_open_sessions_are_carried_over(self):
        """By default the payslip pays what is known, the next one the rest."""
        self.travel(self.now)
        session = self.book(days=2)
        self.travel(session.stop)
        payslip = self._payslip(user=self.officer)
        payslip.action_payslip_done()
        self.assertEqual(self._total(payslip), 40.0)
        session.attendance_ids.action_close("completed")
        following = self._payslip(month=4, user=self.officer)
        self.assertEqual(self._total(following), 40.0)

    def test_open_sessions_block(self):
        """Where the company wants it, nobody is paid before all is closed out."""
        self.company.coaching_unclosed_policy = "block"
        self.travel(self.now)
        session = self.book(days=2)
        self.travel(session.stop)
        payslip = self._payslip(user=self.officer)
        with self.assertRaisesRegex(UserError, "1 session.* not closed out"):
            payslip.action_payslip_done()
        with self.assertRaisesRegex(UserError, "Awaiting Updates"):
            payslip.write({"state": "done"})
        self.assertNotEqual(payslip.state, "done")
        session.attendance_ids.action_close("completed")
        payslip.compute_sheet()
        payslip.action_payslip_done()
        self.assertEqual(self._total(payslip), 80.0)
        with self.subTest("a refund is not held up"):
            self.travel(self.now + timedelta(days=3))
            late = self.book(days=4)
            self.travel(late.stop)
            payslip.refund_sheet()
            payslip.refunded_id.action_payslip_done()
            self.assertEqual(payslip.refunded_id.state, "done")

    def test_banner(self):
        self.travel(self.now)
        session = self.book(days=2)
        self.travel(session.stop)
        form = Form(self.env["hr.payslip"].with_user(self.officer))
        form.employee_id = self.other_employee
        self.assertEqual(form.coaching_awaiting_count, 0)
        form.employee_id = self.employee
        self.assertEqual(form.coaching_awaiting_count, 1)
