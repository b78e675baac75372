from datetime import timedelta

from odoo.tests import tagged

from ..common import SESSIONS, PortalCommon


@tagged("post_install", "-at_install")
class TestPortalCancel(PortalCommon):
    """A client cancels, and knows first what will happen."""

    def _cancel(self, session, **data):
        self.login(self.client_user)
        path = f"{SESSIONS}/{session.id}"
        tree = self.open(path)
        form = self.find(tree, f"//form[@action='{path}/cancel']")[0]
        values = {
            field.get("name"): field.get("value")
            for field in self.find(form, "//input[@type='hidden']")
            if field.get("name") != "csrf_token"
        }
        return tree, self.post(f"{path}/cancel", **{**values, **data})

    def test_cancel_in_time(self):
        """The page says what will happen, and that is what happens (R29)."""
        session = self.book(days=3)
        tree, response = self._cancel(session, reason="  Dentist ")
        text = self.text(tree, "//*[hasclass('o_coaching_cancel')]")
        self.assertIn("You are in time", text)
        self.assertIn("is returned to package", text)
        self.assertIn("Wednesday, March 3, 2027", text)
        self.assertSentHome(response, f"{SESSIONS}/{session.id}?cancelled=1")
        self.assertEqual(session.state, "early_cancel")
        attendance = session.attendance_ids
        self.assertEqual(attendance.outcome_note, "Dentist")
        self.assertEqual(attendance.closed_by_id, self.client_user)
        self.assertBalance(self.package, remaining=5)
        page = self.open(response.headers["Location"])
        self.assertIn("Your session is cancelled", self.text(page))
        self.assertFalse(self.find(page, "//*[hasclass('o_coaching_cancel')]"))

    def test_cancel_late(self):
        session = self.book(days=1)
        self.travel(session.start - timedelta(hours=24))
        tree, response = self._cancel(session)
        self.assertIn(
            "late cancellation", self.text(tree, "//*[hasclass('o_coaching_cancel')]")
        )
        self.assertEqual(response.status_code, 303)
        self.assertEqual(session.state, "late_cancel")
        self.assertBalance(self.package, remaining=4, used=1)
        page = self.open(response.headers["Location"])
        self.assertIn("The session counts as used", self.text(page))

    def test_terms_changed_while_the_page_was_open(self):
        """Nobody pays for a late cancellation who was shown an early one."""
        session = self.book(days=3)
        self.travel(session.start - timedelta(hours=23))
        response = self.post(
            f"{SESSIONS}/{session.id}/cancel",
            self.client_user,
            outcome_code="client_early_cancel",
            reason="Still typing",
        )
        self.assertEqual(response.status_code, 200)
        self.assertIn(
            "The cancellation terms have changed while this page was open",
            response.text,
        )
        self.assertIn("Still typing", response.text)
        self.assertEqual(session.state, "scheduled")

    def test_reason_is_no_outcome(self):
        """A client can't choose what it counts as by writing an outcome's code."""
        session = self.book(days=1)
        self.travel(session.start - timedelta(hours=1))
        self._cancel(session, reason="coach_emergency", refund="full")
        self.assertEqual(session.state, "late_cancel")

    def test_cancel_begun_or_closed(self):
        session = self.book(days=0, hour=10)
        self.travel(session.start)
        path = f"{SESSIONS}/{session.id}"
        self.login(self.client_user)
        self.assertFalse(
            self.find(self.open(path), "//*[hasclass('o_coaching_cancel')]")
        )
        response = self.post(f"{path}/cancel", outcome_code="client_late_cancel")
        self.assertSentHome(response, path)
        self.assertEqual(session.state, "scheduled")

    def test_double_click(self):
        session = self.book(days=3)
        self._cancel(session)
        moves = self.package.move_ids
        path = f"{SESSIONS}/{session.id}"
        response = self.post(f"{path}/cancel", outcome_code="client_early_cancel")
        self.assertSentHome(response, path)
        self.assertEqual(self.package.move_ids, moves)

    def test_group_goes_on_without_the_client(self):
        self._sell(self.other_client)
        session = self.book(
            booking_type_id=self.group_type.id,
            days=3,
            partner_ids=(self.client | self.other_client).ids,
        )
        self._cancel(session)
        states = {a.partner_id: a.state for a in session.attendance_ids}
        self.assertEqual(states[self.client], "early_cancel")
        self.assertEqual(states[self.other_client], "scheduled")

    def test_manager_as_client_does_not_cancel_for_all(self):
        """Cancelling as staff is for the back office, on its own terms."""
        partner = self.manager.partner_id
        self._sell(partner)
        session = self.book(
            booking_type_id=self.group_type.id,
            days=3,
            partner_ids=(self.client | partner).ids,
        )
        path = f"{SESSIONS}/{session.id}"
        page = self.open(path, self.manager)
        self.assertFalse(self.find(page, "//*[hasclass('o_coaching_cancel')]"))
        response = self.post(f"{path}/cancel", outcome_code="client_early_cancel")
        self.assertSentHome(response, path)
        self.assertEqual(session.state, "scheduled")
        self.assertEqual(session.attendance_ids.mapped("state"), ["scheduled"] * 2)
