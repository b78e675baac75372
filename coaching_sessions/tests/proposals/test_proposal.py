from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_proposal import DAY, HOUR, ProposalCommon


@tagged("post_install", "-at_install")
class TestProposal(ProposalCommon):
    """Asking late for another time (R51, R52)."""

    # R51 R52
    def test_ask_and_accept(self):
        """The coach decides, and the package goes along."""
        proposal = self.ask()
        self.assertStays()
        self.assertEqual(proposal.deadline, self.old, "never later than the session")
        self.assertEqual(proposal.sudo().hold_ids.mapped("state"), ["held"])
        self.assertEqual(proposal.sudo().activity_ids.user_id, self.coach_user)
        mail = self.mails("proposal_asked")
        self.assertEqual(mail.partner_id, self.coach.partner_id)
        text = self.render(mail)
        for word in ("Dentist", "Thu 03/04/2027", "Mon 03/08/2027"):
            self.assertIn(word, text)
        attendance = self.session.attendance_ids
        self.env["coaching.notification"].search([]).state = "sent"
        proposal.with_user(self.coach_user).action_accept()
        self.assertEqual(self.session.start, self.times[0])
        self.assertEqual(attendance.start, self.times[0])
        self.assertEqual(proposal.state, "accepted")
        self.assertEqual(proposal.sudo().answered_by_id, self.coach_user)
        self.assertEqual(proposal.sudo().hold_ids.mapped("state"), ["taken"])
        self.assertFalse(proposal.sudo().activity_ids)
        self.assertEqual(attendance.package_id, self.package)
        self.assertBalance(self.package, remaining=4, held=1)
        told = self.env["coaching.notification"].search([("state", "=", "pending")])
        self.assertEqual(set(told.mapped("kind")), {"moved"})
        # the coach, too: their own calendar has to follow
        self.assertEqual(told.partner_id, self.client | self.coach.partner_id)
        self.assertEqual(
            self.session.log_ids.mapped("action"),
            ["moved", "answered", "asked", "booked"],
        )

    def test_asked_late_cancels_late(self):
        """Consent to moving is none to cancelling for free (complaint 5)."""
        self.ask().with_user(self.coach_user).action_accept()
        self.assertEqual(self.session.move_count, 1)
        self.mine.action_cancel()
        self.assertEqual(self.session.outcome_id.code, "client_late_cancel")

    def test_what_is_asked_for_is_held(self):
        self.ask()
        self._sell(self.other_client)
        with self.assertRaisesRegex(
            UserError, "is currently offered to another client"
        ):
            self.book(start=self.times[0], partner_ids=self.other_client.ids)

    def test_ask_and_decline(self):
        proposal = self.ask()
        proposal.with_user(self.coach_user).action_refuse("I am in Rome")
        self.assertStays(proposal)
        mail = self.mails("proposal_answer")
        self.assertEqual(mail.partner_id, self.client)
        text = self.render(mail)
        self.assertIn("I am in Rome", text)
        self.assertIn("The session stays on", text)
        self.book(start=self.times[0])

    def test_ask_and_take_back(self):
        proposal = self.ask()
        proposal.action_withdraw()
        self.assertStays(proposal)
        self.assertEqual(
            self.mails("proposal_answer").partner_id, self.coach.partner_id
        )
        with self.assertRaisesRegex(UserError, "was withdrawn"):
            proposal.with_user(self.coach_user).action_accept()

    def test_nobody_answers(self):
        """The time limit: both are told, and the original time stays (rank 11)."""
        self.individual.ask_hours = 2
        proposal = self.ask(hours=10)
        self.assertEqual(proposal.deadline, self.old - 8 * HOUR)
        self.travel(proposal.deadline - timedelta(seconds=1))
        self.run_cron("coaching.proposal", "_cron_expire")
        self.assertEqual(proposal.state, "open")
        self.travel(proposal.deadline)
        with self.assertRaisesRegex(UserError, "has expired"):
            proposal.with_user(self.coach_user).action_accept()
        self.run_cron("coaching.proposal", "_cron_expire")
        self.assertEqual(proposal.state, "expired")
        self.assertStays(proposal)
        self.assertEqual(
            self.mails("proposal_answer").partner_id,
            self.client | self.coach.partner_id,
        )
        with self.assertRaisesRegex(UserError, "has expired"):
            proposal.with_user(self.coach_user).action_accept()

    def test_what_can_not_be_asked(self):
        self.travel(self.old - 3 * HOUR)
        taken = self.book(days=7, hour=14)
        for start, words in (
            (taken.start, "already has a session"),
            ("2027-03-06 10:00:00", "does not work"),
            ("2027-03-01 09:00:00", "in the past"),
            (self.old + HOUR / 2, "overlaps the session itself"),
            (None, "Enter the start in UTC"),
        ):
            with self.subTest(start), self.assertRaisesRegex(UserError, words):
                self.mine.action_ask_reschedule(start)
        self.individual.late_reschedule = "refuse"
        with self.assertRaisesRegex(UserError, "It is too late to move this session:"):
            self.mine.action_ask_reschedule(self.times[0])
        self.individual.late_reschedule = "free"
        with self.assertRaisesRegex(UserError, "yourself"):
            self.mine.action_ask_reschedule(self.times[0])
        self.individual.late_reschedule = "ask"
        self.travel(self.old - 2 * DAY)
        with self.assertRaisesRegex(UserError, "yourself"):
            self.mine.action_ask_reschedule(self.times[0])
        self.travel(self.old)
        with self.assertRaisesRegex(UserError, "has begun"):
            self.mine.action_ask_reschedule(self.times[0])
        self.assertFalse(self.session.proposal_ids)

    def test_limits_hold_for_asking(self):
        self.individual.max_move_days = 3
        with self.assertRaisesRegex(UserError, "up to 3 days"):
            self.ask()
        self.individual.max_move_days = 0
        self.individual.max_moves = 1
        self.session.move_count = 1
        with self.assertRaisesRegex(UserError, "has already been moved"):
            self.ask()

    def test_asking_again_replaces(self):
        first = self.ask()
        second = self.mine.action_ask_reschedule(self.times[1])
        self.assertEqual((first.state, second.state), ("withdrawn", "open"))
        self.assertEqual(first.sudo().hold_ids.state, "released")

    def test_dragged_after_asking_late_cancels_late(self):
        self.ask()
        self.own.write({"start": self.times[1], "stop": self.times[1] + HOUR})
        self.assertEqual(self.session.move_count, 1)
        self.mine.action_cancel()
        self.assertEqual(self.session.outcome_id.code, "client_late_cancel")

    def test_asking_while_times_are_offered(self):
        """One at a time: what is offered is answered first."""
        offered = self.offer()
        with self.assertRaisesRegex(UserError, "Answer that proposal first"):
            self.ask(self.times[0] + DAY)
        self.assertEqual(offered.state, "open")

    def test_asking_a_coach_without_login(self):
        """The portal coach has the email, nothing is put on a list."""
        self.coach.user_id = False
        proposal = self.ask()
        self.assertEqual(proposal.state, "open")
        self.assertFalse(proposal.sudo().activity_ids)
