from datetime import timedelta
from itertools import product

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CoachingPayrollCommon

# What follows from each shipped outcome: session used, client pays and gets back (%),
# coach earns (of 40.00), make-up given (turned on for the demo business's two).
PAID = {
    "completed": (True, 100, 0, 40.0, False),
    "no_show": (True, 100, 0, 40.0, True),
    "client_late_cancel": (True, 100, 0, 40.0, True),
    "client_early_cancel": (False, 0, 100, 0.0, False),
    "client_emergency": (False, 0, 100, 0.0, False),
    "coach_emergency": (False, 0, 100, 0.0, False),
    "coach_missed": (False, 0, 100, 0.0, False),
    "other": (False, 0, 100, 0.0, False),
}
COMPLIMENTARY = {
    "completed": (True, 0, 0, 0.0, False),
    "no_show": (False, 0, 0, 0.0, False),
    "client_late_cancel": (False, 0, 0, 0.0, False),
    "client_early_cancel": (False, 0, 0, 0.0, False),
    "client_emergency": (False, 0, 0, 0.0, False),
    "coach_emergency": (False, 0, 0, 0.0, False),
    "coach_missed": (False, 0, 0, 0.0, False),
    "other": (False, 0, 0, 0.0, False),
}
# Time before the start, what the clock says then, outcomes that can't be yet.
NOT_BEFORE = {"completed", "no_show", "coach_missed"}
MOMENTS = {
    "early": (timedelta(hours=24, seconds=1), "early_cancel", NOT_BEFORE),
    "on the boundary": (timedelta(hours=24), "late_cancel", NOT_BEFORE),
    "late": (timedelta(seconds=1), "late_cancel", NOT_BEFORE),
    "after": (timedelta(hours=-2), "late_cancel", set()),
}


@tagged("post_install", "-at_install")
class TestMatrix(CoachingPayrollCommon):
    """Every shipped outcome x paid and complimentary x when it is recorded."""

    # R1 R15 R16 R17 R18 R19 R20 R21 R22 R23 R24 R25 R26 R27 R28 R42 R49 R124 R125 R126
    def test_whole_matrix(self):
        for number, (kind, moment, code) in enumerate(
            product((PAID, COMPLIMENTARY), MOMENTS, PAID)
        ):
            free = kind is COMPLIMENTARY
            with self.subTest(complimentary=free, moment=moment, outcome=code):
                self._check_case(number, kind[code], moment, code, free)

    def _check_case(self, number, expected, moment, code, free):
        notice, clock, impossible = MOMENTS[moment]
        self.individual.complimentary = free
        self.travel(self.now)
        package = self._sell(self.client)
        package.expiry_date = False
        # a week for each, so that none is in another's way
        session = self.book(
            start=self.now + timedelta(weeks=number + 1, hours=2),
            package_id=package.id,
        )
        self.travel(session.start - notice)
        attendance = session.attendance_ids
        if code in impossible:
            with self.assertRaisesRegex(UserError, "has not begun"):
                attendance.action_close(code)
            self.assertBalance(package, remaining=4, held=1)
            return
        outcome = self.env["coaching.outcome"]._get_by_code(code, self.company)
        told = attendance._get_consequences(outcome)
        attendance.action_close(code, note="Matrix")
        used, charge, refund, pay, makeup = expected
        self.assertEqual(
            (
                attendance.uses_session,
                attendance.charge_percent,
                attendance.refund_percent,
                sum(self._lines(session).mapped("amount")),
                bool(attendance.makeup_id),
            ),
            expected,
        )
        self.assertBalance(package, remaining=4 if used else 5, used=int(used))
        self.assertEqual(attendance.state, outcome.state)
        self.assertEqual(
            attendance.clock_overridden,
            outcome.state in ("early_cancel", "late_cancel") and outcome.state != clock,
        )
        # what was said before is what happened
        self.assertIn("4 of 5" if used else "5 of 5", told[0])
        self.assertEqual(any("free make-up" in text for text in told), makeup)

    # R6 R49
    def test_the_clock_chooses(self):
        """A client who cancels does not say whether it is early or late."""
        for number, (moment, (notice, clock, _no)) in enumerate(MOMENTS.items()):
            if moment == "after":
                continue
            with self.subTest(moment):
                self.travel(self.now)
                session = self.book(start=self.now + timedelta(weeks=number + 1))
                self.travel(session.start - notice)
                session.with_user(self.client_user).action_cancel()
                self.assertEqual(session.state, clock)
                self.assertFalse(session.attendance_ids.clock_overridden)
