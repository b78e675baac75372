# Over 300 lines: all of it reads the lines of the same few sessions.

from datetime import date, timedelta

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.coaching_sessions.tools.database import get_missing_constraints

from ..common import CoachingPayrollCommon


@tagged("post_install", "-at_install")
class TestRemuneration(CoachingPayrollCommon):
    def test_constraints_are_in_the_database(self):
        self.assertFalse(get_missing_constraints(self.env, "coaching_payroll"))

    def test_each_outcome_has_its_line(self):
        """Every closed session has a line, or the reason why not."""
        # R9 R141
        for hour, (code, amount) in enumerate(
            (
                ("completed", 40.0),
                ("no_show", 40.0),
                ("client_late_cancel", 40.0),
                ("client_early_cancel", 0.0),
                ("client_emergency", 0.0),
                ("coach_emergency", 0.0),
                ("coach_missed", 0.0),
                ("other", 0.0),
            )
        ):
            with self.subTest(code):
                self.travel(self.now)
                package = self._sell(self.client)
                session = self.book(
                    hour=(8, 9, 10, 11, 13, 14, 15, 16)[hour], package_id=package.id
                )
                self.assertFalse(self._lines(session))
                self.close(session, code)
                line = self._lines(session)
                self.assertEqual(line.amount, amount)
                self.assertEqual(line.state, "to_pay" if amount else "excluded")
                self.assertEqual(bool(line.excluded_reason), not amount)

    def test_partial_pay(self):
        self.env["coaching.outcome.policy"].search(
            [
                ("outcome_id.code", "=", "client_late_cancel"),
                ("complimentary", "=", False),
            ]
        ).pay_percent = 33.33
        session = self.book()
        self.close(session, "client_late_cancel")
        self.assertEqual(self._lines(session).amount, 13.33)

    def test_per_hour(self):
        self.rule.basis = "hour"
        self.individual.duration_minutes = 90
        session = self.book()
        self.close(session, "completed")
        line = self._lines(session)
        self.assertEqual((line.quantity, line.rate, line.amount), (1.5, 40.0, 60.0))

    def test_most_specific_rule(self):
        Rule = self.env["coaching.remuneration.rule"]
        everyone, of_type, of_both = Rule.create(
            [
                {"amount": 10.0},
                {"amount": 20.0, "booking_type_id": self.individual.id},
                {
                    "amount": 30.0,
                    "booking_type_id": self.individual.id,
                    "coach_id": self.coach.id,
                },
            ]
        )
        rules = Rule._get_rules(self.company)
        day = date(2027, 3, 1)
        self.assertEqual(rules._find(self.coach, self.individual, day), of_both)
        self.assertEqual(rules._find(self.coach, self.group_type, day), self.rule)
        self.assertEqual(rules._find(self.other_coach, self.individual, day), of_type)
        self.assertEqual(rules._find(self.other_coach, self.group_type, day), everyone)

    def test_rates_do_not_overlap(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.ExclusionViolation),
            self.env.cr.savepoint(),
        ):
            self.rule.copy({"date_from": date(2027, 5, 1)})
        self.rule.date_to = date(2027, 4, 30)
        self.assertTrue(
            self.rule.copy({"date_from": date(2027, 5, 1), "date_to": False})
        )

    def test_rate_as_it_was(self):
        """A raise counts for sessions from its day on; closed ones stay."""
        early = self.book(days=1)
        late = self.book(days=3)
        self.close(early, "completed")
        self.rule.date_to = early.start.date()
        self.rule.copy(
            {"amount": 55.0, "date_from": late.start.date(), "date_to": False}
        )
        self.close(late, "completed")
        early.attendance_ids.action_close("completed", note="Looked at again")
        self.assertEqual(self._lines(early).amount, 40.0)
        self.assertEqual(self._lines(late).amount, 55.0)

    def test_missing_rule_is_found_later(self):
        """A session without a rule is shown, and paid once there is one."""
        self.rule.active = False
        session = self.book()
        self.close(session, "completed")
        line = self._lines(session)
        self.assertEqual(line.excluded_reason, "no remuneration rule applies")
        self.rule.active = True
        with self.assertRaises(UserError):
            line.with_user(self.coach_user).action_recompute()
        line.with_user(self.manager).action_recompute()
        self.assertEqual(line.state, "reversed")
        self.assertEqual(self._lines(session).amount, 40.0)

    def test_recompute_after_a_raise(self):
        """What is paid stays; the difference comes with the next payslip."""
        session = self.book()
        self.close(session, "completed")
        march = self._payslip()
        march.action_payslip_done()
        self.rule.active = False
        self.rule.copy({"amount": 50.0, "active": True})
        self._lines(session).with_user(self.manager).action_recompute()
        self.assertEqual(self._total(march), 40.0)
        april = self._payslip(month=4)
        self.assertEqual(self._total(april), 10.0)
        self.assertEqual(len(april.coaching_line_ids), 2)

    def test_group_is_paid_once(self):
        """A session with several clients is paid once, whoever came."""
        self._sell(self.other_client)
        session = self.book(
            booking_type_id=self.group_type.id,
            partner_ids=(self.client | self.other_client).ids,
        )
        self.travel(session.stop)
        first, second = session.attendance_ids.sorted("id")
        first.action_close("completed")
        self.assertEqual(sum(self._lines(session).mapped("amount")), 40.0)
        second.action_close("completed")
        self.assertEqual(sum(self._lines(session).mapped("amount")), 40.0)
        self.assertIn(
            "paid once for session", self._lines(session).mapped("excluded_reason")[-1]
        )
        first.action_close("coach_emergency")
        live = self._lines(session)
        self.assertEqual(sum(live.mapped("amount")), 40.0)
        self.assertEqual(live.filtered("amount").attendance_id, second)
        second.action_close("other")
        self.assertEqual(sum(self._lines(session).mapped("amount")), 0.0)
        self.assertEqual(sum(self._lines(session, live=False).mapped("amount")), 0.0)

    def test_lines_never_change(self):
        session = self.book()
        self.close(session, "completed")
        line = self._lines(session)
        with self.assertRaises(UserError):
            line.amount = 50.0
        with self.assertRaises(UserError):
            line.unlink()
        with self.assertRaises(UserError):
            line.with_user(self.manager).sudo(False).write({"state": "paid"})
        for query in (
            "UPDATE coaching_remuneration_line SET amount = 50 WHERE id = %s",
            "DELETE FROM coaching_remuneration_line WHERE id = %s",
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(psycopg2.Error, "can.t"),
                self.env.cr.savepoint(flush=False),
            ):
                self.env.cr.execute(query, (line.id,))

    def test_earned_once_by_the_database(self):
        """A second line for the same entitlement is refused, whoever posts it."""
        session = self.book()
        attendance = self.close(session, "completed")
        line = self._lines(session)
        other = self.close(self.book(days=4), "completed")
        values = attendance._prepare_remuneration_values(self.rule, attendance, None)
        for changes in (
            {},
            {"attendance_id": other.id, "session_id": other.session_id.id},
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.UniqueViolation),
                self.env.cr.savepoint(),
            ):
                line.create({**values, **changes})

    def test_late_night_belongs_to_the_coach_day(self):
        session = self.book(hour=16)
        self.coach.tz = "Pacific/Auckland"
        self.close(session, "completed")
        self.assertEqual(
            self._lines(session).date, session.start.date() + timedelta(days=1)
        )

    def test_preview_tells_the_pay(self):
        """Before confirming the coach sees what will happen."""
        # R29
        session = self.book()
        self.travel(session.stop)
        wizard = self.env["coaching.session.close"].with_user(self.coach_user)
        action = session.with_user(self.coach_user).attendance_id
        action = action.with_context(outcome_code="no_show").action_open_close()
        wizard = wizard.with_context(**action["context"]).create({})
        self.assertIn("4 of 5 left", wizard.consequences)
        self.assertIn("free make-up", wizard.consequences)
        self.assertIn("40.00", wizard.consequences)
        wizard.outcome_id = self.env.ref("coaching_sessions.outcome_other")
        self.assertIn("5 of 5 left", wizard.consequences)
        self.assertIn("0.00", wizard.consequences)
        wizard.action_close()
        self.assertEqual(session.state, "cancelled")

    def test_time_off_of_the_employee_blocks(self):
        """Once linked, the employee's working hours and time off count."""
        self.assertEqual(self.coach.resource_id, self.employee.resource_id)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "resource_id": self.employee.resource_id.id,
                "date_from": self.now,
                "date_to": self.now + timedelta(days=1, hours=4),
            }
        )
        with self.assertRaisesRegex(UserError, "does not work"):
            self.book()

    def test_makeup_of_a_missed_group_session(self):
        """The group is paid once, and so is what makes up for it."""
        self._sell(self.other_client)
        session = self.book(
            booking_type_id=self.group_type.id,
            partner_ids=(self.client | self.other_client).ids,
        )
        self.travel(session.stop)
        for attendance, code in zip(
            session.attendance_ids.sorted("id"), ("completed", "no_show"), strict=True
        ):
            attendance.action_close(code)
        missed = session.attendance_ids.filtered("makeup_id")
        self.travel(self.now)
        self.makeup_type.remunerated = True
        makeup = self.book(
            days=3,
            booking_type_id=self.makeup_type.id,
            partner_ids=missed.partner_id.ids,
            makeup_of_id=missed.id,
        )
        self.close(makeup, "completed")
        self.assertEqual(sum(self._lines(session | makeup).mapped("amount")), 40.0)

    def test_settings_of_today_do_not_touch_what_is_paid(self):
        """Neither the type's setting nor the rule reaches into what was closed."""
        session = self.book()
        missed = self.close(session, "no_show")
        self._payslip().action_payslip_done()
        self.individual.remunerated = False
        self.rule.active = False
        self.travel(self.now)
        makeup = self.book(days=3, booking_type_id=self.makeup_type.id)
        self.close(makeup, "completed")
        missed.action_close("no_show", note="Another remark")
        self.assertEqual(self._lines(session).amount, 40.0)
        self.assertEqual(self._total(self._payslip(month=4)), 0.0)

    def test_closed_before_payroll_is_not_paid_again(self):
        """What was closed before the addon came is left alone for good."""
        session = self.book()
        missed = self.close(session, "no_show")
        # as if there had been no payroll
        self.env.cr.execute(
            "DROP TRIGGER coaching_remuneration_line_append_only"
            " ON coaching_remuneration_line"
        )
        self.env.cr.execute(
            "DELETE FROM coaching_remuneration_line WHERE session_id = %s",
            (session.id,),
        )
        self.env.invalidate_all()
        self.env["coaching.remuneration.line"]._note_past_as_paid()
        self.travel(self.now)
        self.makeup_type.remunerated = True
        makeup = self.book(days=3, booking_type_id=self.makeup_type.id)
        self.close(makeup, "completed")
        missed.action_close("client_late_cancel")
        lines = self._lines(session | makeup)
        self.assertEqual(set(lines.mapped("state")), {"excluded"})
        self.assertEqual(self._total(self._payslip()), 0.0)
