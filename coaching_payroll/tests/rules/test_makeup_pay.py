from datetime import date, timedelta
from itertools import permutations

from odoo.tests import tagged

from ..common import CoachingPayrollCommon


@tagged("post_install", "-at_install")
class TestMakeupPay(CoachingPayrollCommon):
    """Paid at issue, or at use from one day on (section 2, rank 3); never twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pay = cls.env["coaching.makeup.pay"].create(
            {"mode": "used", "date_from": date(2027, 3, 1)}
        )
        cls.env["coaching.remuneration.rule"].create(
            {"coach_id": cls.other_coach.id, "amount": 55.0}
        )

    def _miss(self, **vals):
        return self.close(self.book(**vals), "no_show")

    def _make_up(self, missed, code="completed", **vals):
        session = self.book(
            days=3,
            booking_type_id=self.makeup_type.id,
            makeup_of_id=missed.id,
            **vals,
        )
        if code:
            self.close(session, code)
        return session

    def _amounts(self, *sessions):
        return [sum(self._lines(session).mapped("amount")) for session in sessions]

    # R139
    def test_paid_at_use(self):
        missed = self._miss()
        line = self._lines(missed.session_id)
        self.assertEqual((line.state, line.amount), ("excluded", 0.0))
        self.assertIn("when its make-up is used", line.excluded_reason)
        session = self._make_up(missed, code=None)
        self.assertEqual(self._amounts(missed.session_id), [0.0])
        self.close(session, "completed")
        self.assertEqual(self._amounts(missed.session_id, session), [0.0, 40.0])
        self.assertEqual(self._total(self._payslip()), 40.0)

    def test_substitute_earns_his_own_rate(self):
        missed = self._miss()
        session = self._make_up(missed, coach_id=self.other_coach.id)
        self.assertEqual(self._amounts(missed.session_id, session), [0.0, 55.0])
        self.assertEqual(self._total(self._payslip()), 0.0)
        self.assertEqual(self._total(self._payslip(employee=self.other_employee)), 55.0)

    def test_only_from_its_day_on(self):
        self.pay.date_from = date(2027, 3, 3)
        before, since = self._miss(days=1), self._miss(days=2)
        self.assertEqual(
            self._amounts(before.session_id, since.session_id), [40.0, 0.0]
        )

    def test_a_coach_s_own_row_beats_the_general_one(self):
        self.env["coaching.makeup.pay"].create(
            {"coach_id": self.coach.id, "mode": "issued", "date_from": "2027-01-01"}
        )
        self.assertEqual(self._amounts(self._miss().session_id), [40.0])

    def test_settings_of_today_do_not_reach_back(self):
        missed = self._miss()
        self.pay.mode = "issued"
        missed._sync_remuneration(recompute=True)
        self.assertEqual(self._amounts(missed.session_id), [0.0])

    def test_an_expired_make_up_leaves_the_missed_session_to_be_paid(self):
        missed = self._miss()
        self.travel(self.now + timedelta(days=200))
        self.run_cron("coaching.makeup", "_cron_expire")
        self.assertEqual(missed.makeup_id.state, "expired")
        self.assertEqual(self._amounts(missed.session_id), [40.0])
        # staff lets it be used after all: the make-up is paid, once
        self.travel(self.now + timedelta(days=1, hours=4))
        missed.makeup_id.action_extend("2027-12-31", "Was in hospital")
        self.assertEqual(self._amounts(missed.session_id), [0.0])
        session = self._make_up(missed)
        self.assertEqual(self._amounts(missed.session_id, session), [0.0, 40.0])

    def test_a_make_up_sent_back_waits_again(self):
        missed = self._miss()
        session = self._make_up(missed)
        session.attendance_ids.action_close("coach_emergency")
        self.assertEqual(missed.makeup_id.state, "issued")
        self.assertEqual(self._amounts(missed.session_id, session), [0.0, 0.0])
        session.attendance_ids.action_close("completed")
        self.assertEqual(self._amounts(missed.session_id, session), [0.0, 40.0])

    def test_paid_once_in_every_order(self):
        """Missed, made up, corrected, paid: in any order one session's pay."""
        steps = {
            "correct the make-up": lambda made: made.action_close("coach_emergency"),
            "and back": lambda made: made.action_close("completed"),
            "payslip": lambda made: self._payslip().action_payslip_done(),
            "again": lambda made: made._sync_remuneration(recompute=True),
        }
        for number, order in enumerate(permutations(steps)):
            with self.subTest(order):
                week = timedelta(weeks=2 * number)
                self.travel(self.now)
                package = self._sell(self.client)
                package.expiry_date = False
                missed = self._miss(
                    start=self.now + week + timedelta(days=1, hours=1),
                    package_id=package.id,
                )
                session = self.book(
                    start=self.now + week + timedelta(days=3, hours=1),
                    booking_type_id=self.makeup_type.id,
                    makeup_of_id=missed.id,
                )
                self.close(session, "completed")
                for name in order:
                    steps[name](session.attendance_ids)
                session.attendance_ids.action_close("completed")
                self.assertEqual(self._amounts(missed.session_id, session), [0, 40])
                earned = self.env["coaching.remuneration.line"].search(
                    [
                        ("session_id", "in", (missed.session_id | session).ids),
                        ("state", "in", ("to_pay", "on_payslip", "paid")),
                    ]
                )
                self.assertEqual(sum(earned.mapped("amount")), 40.0)

    def test_said_before(self):
        session = self.book()
        self.travel(session.stop)
        attendance = session.attendance_ids
        outcome = self.env.ref("coaching_sessions.outcome_no_show")
        self.assertIn(
            "The coach is paid when the make-up is used.",
            attendance._get_pay_consequences(outcome),
        )
        attendance.action_close("no_show")
        made = self._make_up(attendance, code=None).attendance_ids
        completed = self.env.ref("coaching_sessions.outcome_completed")
        self.travel(made.stop)
        self.assertIn("40.00", made._get_pay_consequences(completed)[0])

    def test_granted_by_staff(self):
        """Without a missed session it is paid with those who are paid at use."""
        self.env["coaching.makeup"].action_grant(self.client.id, "Loyal client")
        session = self.book(booking_type_id=self.makeup_type.id)
        self.close(session, "completed")
        self.assertEqual(self._amounts(session), [40.0])
        self.pay.mode = "issued"
        self.env["coaching.makeup"].action_grant(self.client.id, "Loyal client")
        self.travel(self.now)
        session = self.book(days=2, booking_type_id=self.makeup_type.id)
        self.close(session, "completed")
        self.assertEqual(self._amounts(session), [0.0])

    def test_what_is_said_after_the_make_up_expired(self):
        missed = self._miss()
        self.travel(self.now + timedelta(days=120))
        self.run_cron("coaching.makeup", "_cron_expire")
        outcome = self.env.ref("coaching_sessions.outcome_client_late_cancel")
        text = " ".join(missed._get_pay_consequences(outcome))
        missed.action_close("client_late_cancel")
        line = self._lines(missed.session_id)
        self.assertEqual(line.amount, 40.0)
        self.assertIn("40", text)
