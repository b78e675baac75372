from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_absence import AbsenceCommon


@tagged("post_install", "-at_install")
class TestBack(AbsenceCommon):
    """The coach is there again, earlier than entered (rank 24)."""

    def test_back(self):
        """Of the time off nothing is left from that day on; what was offered stays."""
        self.me.action_absent(*self.days, mode="offer")
        proposals = self.env["coaching.proposal"].search(
            [("session_id", "in", (self.first | self.second | self.third).ids)]
        )
        self.assertEqual(set(proposals.mapped("state")), {"open"})
        # of two days the second one
        result = self.me.action_back("2027-03-03")
        self.assertEqual(result["restored"], (self.second | self.third).ids)
        self.assertEqual(self.second.state, "scheduled")
        self.assertEqual(
            {one.session_id: one.state for one in proposals},
            {self.first: "open", self.second: "withdrawn", self.third: "withdrawn"},
        )
        told = self.env["coaching.notification"].search(
            [
                ("kind", "=", "proposal_answer"),
                ("proposal_id", "in", proposals.ids),
            ]
        )
        self.assertEqual(told.partner_id, self.client | self.other_client)
        with self.assertRaisesRegex(UserError, "Thu|Tue|does not work"):
            self.book(days=1, hour=14)
        self.book(days=2, hour=15)
        self.assertEqual(len(self.coach._describe_time_off()), 1)
        self.me.action_back("2027-03-02")
        self.assertFalse(self.coach._get_time_off())
        with self.assertRaisesRegex(UserError, "No time off is recorded for that day"):
            self.me.action_back("2027-03-02")
        with self.assertRaisesRegex(UserError, "Choose the first day"):
            self.me.action_back(None)
        for user in (self.client_user, self.portal_coach_user):
            with self.assertRaises(AccessError):
                self.coach.with_user(user).action_back("2027-03-02")

    def test_back_dialog(self):
        self.me.action_absent(*self.days, mode="offer")
        wizard = (
            self.env["coaching.coach.absence"]
            .with_user(self.coach_user)
            .create({"date_from": "2027-03-02", "mode": "back"})
        )
        self.assertIn("Tue 03/02/2027", wizard.time_off)
        wizard.action_apply()
        self.assertIn("booked again", wizard.result)
        self.assertIn("after all: 3", wizard.result)

    def test_no_answer_when_it_takes_place_after_all(self):
        """What was moved or given away meanwhile is not cancelled (rank 24)."""
        self.me.action_absent(*self.days, mode="offer")
        proposals = self.env["coaching.proposal"].search(
            [("session_id", "in", (self.first | self.second).ids)]
        )
        # as if a race had left it open
        self.env.cr.execute(
            "UPDATE coaching_session SET coach_id = %s WHERE id = %s",
            (self.other_coach.id, self.first.id),
        )
        self.env.invalidate_all()
        for proposal in proposals:
            proposal._cancel_after_absence()
        self.assertEqual(self.first.state, "scheduled")
        self.assertEqual(self.second.state, "cancelled")
