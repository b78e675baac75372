from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.session.lifecycle import (
    BLOCKING_STATES,
    CLOSED,
    OPEN,
    TRANSITIONS,
    get_act,
    get_session_state,
)
from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestLifecycle(CoachingCommon):
    """The table of states is what sessions really do."""

    # an outcome for each state something can be closed in
    CODES = {
        "completed": "completed",
        "no_show": "no_show",
        "early_cancel": "client_early_cancel",
        "late_cancel": "client_late_cancel",
        "cancelled": "coach_emergency",
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["coaching.outcome"].search([]).note_required = False

    def test_the_table_knows_every_state(self):
        states = dict(self.env["coaching.attendance"]._fields["state"].selection)
        self.assertEqual(set(TRANSITIONS), {None, *states})
        self.assertEqual(set(states), {OPEN, *CLOSED})
        self.assertEqual(set(self.CODES), set(CLOSED))

    def test_walk_the_table(self):
        """Every way in the table is gone by its act, and every other one is refused."""
        number = 0
        for old, ways in TRANSITIONS.items():
            for new in (OPEN, *CLOSED):
                # Tuesdays to Fridays, from the next one on
                days = number // 4 * 7 + number % 4 + 1
                number += 1
                with self.subTest(old=old, new=new):
                    self._walk(old, new, ways.get(new), days)

    def _walk(self, old, new, act, days):
        self.travel(self.now)
        self.package._post_line("adjust", 1, "for the test")
        session = self.book(days=days)
        attendance = session.attendance_ids
        if old is None:
            self.assertEqual(act, "booked" if attendance.state == new else None)
            return
        if old != OPEN:
            self.close(session, self.CODES[old])
        else:
            self.travel(session.stop)
        self.assertEqual(attendance.state, old)
        if not act:
            with self.assertRaises(UserError):
                attendance.write({"state": new})
            return
        attendance.action_close(self.CODES[new])
        self.assertEqual(attendance.state, new)
        self.assertEqual(session.state, new)
        self.assertEqual(
            attendance._is_blocking(), new in BLOCKING_STATES, "the time is taken"
        )
        # the same outcome again is no news
        logged = act if new != old else "closed"
        self.env.invalidate_all()
        self.assertEqual(session.log_ids[0].action, logged)

    def test_nobody_opens_a_session_again(self):
        for state in CLOSED:
            self.assertIsNone(get_act(state, OPEN))

    def test_the_state_of_a_session(self):
        for states, expected in (
            (set(), OPEN),
            ({OPEN, "completed"}, OPEN),
            ({"no_show", "completed"}, "completed"),
            ({"no_show", "late_cancel"}, "no_show"),
            ({"late_cancel"}, "late_cancel"),
            ({"late_cancel", "early_cancel"}, "cancelled"),
        ):
            self.assertEqual(get_session_state(states), expected)
