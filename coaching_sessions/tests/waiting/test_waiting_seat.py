from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common_waiting import WaitingCommon


@tagged("post_install", "-at_install")
class TestWaitingSeat(WaitingCommon):
    """Seats of a group that is full, offered in order (rank 20)."""

    def test_a_seat(self):
        """A full group: as many offers as there are seats, the first ones first."""
        self.group_type.write({"max_participants": 2, "duration_minutes": 60})
        self.group_type.min_notice_hours = 0
        self._sell(self.client)
        clients = (self.client | self.other_client).ids
        self.late.action_cancel()
        group = self.book(
            start=self.late.start,
            booking_type_id=self.group_type.id,
            partner_ids=self.client.ids,
        )
        with self.assertRaisesRegex(UserError, "There is a seat left"):
            self.wait(self.third.partner_id, session_id=group.id)
        self.book(
            start=self.late.start,
            booking_type_id=self.group_type.id,
            partner_ids=clients[1:],
        )
        entry = self.wait(self.third.partner_id, session_id=group.id)
        more = new_test_user(self.env, "coaching_fourth", "base.group_portal")
        second = self.wait(more.partner_id, session_id=group.id)
        self.offer()
        self.assertFalse((entry | second).proposal_ids)
        leaving = group.attendance_ids.filtered(
            lambda attendance: attendance.partner_id == self.other_client
        )
        leaving.action_close("client_early_cancel")
        self.offer()
        self.assertEqual((entry.state, second.state), ("offered", "waiting"))
        proposal = entry.proposal_ids.with_user(self.third)
        proposal.action_accept()
        self.assertEqual(entry.state, "booked")
        self.assertEqual(proposal.sudo().booked_session_id, group)
        self.assertEqual(group.seats_taken, 2)

    def test_a_seat_nobody_answers_for(self):
        """Who lets it expire isn't offered it again, the next one is."""
        group = self.fill_group()
        more = new_test_user(self.env, "coaching_fourth", "base.group_portal")
        first = self.wait(self.third.partner_id, session_id=group.id)
        second = self.wait(more.partner_id, session_id=group.id)
        self.leave_group(group)
        self.assertEqual((first.state, second.state), ("offered", "waiting"))
        self.travel(first.proposal_ids.deadline)
        self.run_cron("coaching.proposal", "_cron_expire")
        self.offer()
        self.assertEqual((first.state, second.state), ("waiting", "offered"))

    def test_a_seat_of_a_group_that_is_gone(self):
        """Moved, cancelled, or given by another coach: the offer is taken back."""
        group = self.fill_group()
        entry = self.wait(self.third.partner_id, session_id=group.id)
        self.leave_group(group)
        first = entry.proposal_ids
        with self.assertRaisesRegex(UserError, "Answer for that time"):
            first.action_accept("2027-03-09 10:00:00")
        group.action_reschedule("2027-03-16 09:00:00")
        self.assertEqual(first.state, "withdrawn")
        self.offer()
        second = entry.proposal_ids - first
        self.assertEqual(second.state, "open")
        group.action_substitute(self.other_coach.id)
        self.assertEqual(second.state, "withdrawn")
        self.offer()
        third = entry.proposal_ids - first - second
        self.assertEqual((third.state, third.coach_id), ("open", self.other_coach))
        group.attendance_ids.filtered(lambda a: a.state == "scheduled").action_close(
            "client_early_cancel"
        )
        self.assertEqual((third.state, entry.state), ("withdrawn", "waiting"))

    def test_a_seat_stays_offered(self):
        """Where somebody else leaves too, the offer stands."""
        group = self.fill_group()
        entry = self.wait(self.third.partner_id, session_id=group.id)
        self.leave_group(group)
        self.book(
            start=group.start,
            booking_type_id=self.group_type.id,
            partner_ids=self.other_client.ids,
        )
        self.leave_group(group)
        self.assertEqual(entry.proposal_ids.mapped("state"), ["open"])

    def test_no_new_session_for_a_seat(self):
        """Also for an offer that nobody took back."""
        group = self.fill_group()
        entry = self.wait(self.third.partner_id, session_id=group.id)
        self.leave_group(group)
        Proposal = self.registry["coaching.proposal"]
        with patch.object(Proposal, "_withdraw_for", lambda *args, **kwargs: None):
            group.attendance_ids.filtered(
                lambda a: a.state == "scheduled"
            ).action_close("client_early_cancel")
        with self.assertRaisesRegex(UserError, "no longer takes place"):
            entry.proposal_ids.action_accept()

    def test_outsiders_hear_nothing_of_a_session(self):
        """The right comes first, and only then what the session is like."""
        group = self.fill_group()
        Waiting = self.env["coaching.waiting"].with_user(self.third)
        vals = {"session_id": group.id, "partner_id": self.client.id}
        self.leave_group(group)
        with self.assertRaises(AccessError):
            Waiting.join(vals)
        with self.assertRaisesRegex(UserError, "There is a seat left"):
            Waiting.join({"session_id": group.id})
