from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_proposal import DAY, HOUR, ProposalCommon


@tagged("post_install", "-at_install")
class TestProposalOffer(ProposalCommon):
    """Offering other times: picked, declined, replaced (R99-R101)."""

    def test_offer_and_pick(self):
        """R99-R102: several times, the client picks one, both are told."""
        proposal = self.offer(message="I have to go to court")
        self.assertStays()
        mail = self.mails("proposal")
        self.assertEqual(mail.partner_id, self.client)
        text = self.render(mail)
        self.assertIn("I have to go to court", text)
        for hour in ("09:00 AM", "11:00 AM", "02:00 PM"):
            self.assertIn(f"Mon 03/08/2027, {hour}", text)
        with self.assertRaisesRegex(UserError, "Choose one"):
            proposal.action_accept()
        with self.assertRaisesRegex(UserError, "is not one of the proposed times"):
            proposal.action_accept(self.old)
        proposal.action_accept(self.times[1])
        self.assertEqual(self.session.start, self.times[1])
        self.assertEqual(
            proposal.sudo().hold_ids.sorted("start").mapped("state"),
            ["released", "taken", "released"],
        )
        self.assertEqual(self.session.move_count, 0, "it was the coach's wish")
        moved = self.env["coaching.notification"].search(
            [
                ("kind", "=", "moved"),
                ("attendance_id", "=", self.session.attendance_ids.id),
            ]
        )
        self.assertEqual(moved.partner_id, self.client | self.coach.partner_id)
        for start in (self.times[0], self.times[2], self.old):
            self.book(start=start)

    def test_times_in_the_reader_s_zone_and_language(self):
        self.client.tz = "Europe/Brussels"
        self.offer()
        self.assertIn("10:00 AM (Brussels time)", self.render(self.mails("proposal")))

    def test_offer_and_decline(self):
        proposal = self.offer()
        proposal.action_refuse("I can't")
        self.assertStays(proposal)
        self.assertEqual(
            self.mails("proposal_answer").partner_id, self.coach.partner_id
        )
        with self.assertRaisesRegex(UserError, "was already declined"):
            proposal.action_accept(self.times[0])

    def test_offering_answers_what_was_asked(self):
        asked = self.ask()
        offered = self.offer()
        self.assertEqual((asked.state, offered.state), ("withdrawn", "open"))
        offered.action_accept(self.times[0])
        self.assertEqual(self.session.start, self.times[0])

    def test_offered_what_was_asked_late_cancels_late(self):
        """Asked late is late, also where the coach answers with other times."""
        for name, answer in (
            ("an offer", lambda: self.offer()),
            ("one offer after another", lambda: self.offer() and self.offer()),
        ):
            with self.subTest(name), self.cr.savepoint() as savepoint:
                self.ask()
                answer().action_accept(self.times[1])
                self.assertEqual(self.session.move_count, 1)
                self.assertEqual(self.session.notice_start, self.old)
                self.mine.action_cancel()
                self.assertEqual(self.session.outcome_id.code, "client_late_cancel")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_what_the_coach_offers_has_no_limits(self):
        """How often and how far applies to what the client asks for."""
        self.individual.max_move_days = 4
        self.ask()
        later = self.times[0] + 7 * DAY
        offered = self.own.action_propose([later])
        offered.with_user(self.client_user).action_accept()
        self.assertEqual(self.session.start, later)

    def test_what_can_not_be_offered(self):
        taken = self.book(days=7, hour=16)
        for starts, words in (
            ([], "at least one"),
            ([self.times[0], self.times[0] + HOUR / 2], "overlap"),
            ([self.times[0], taken.start], "already has a session"),
            (["2027-03-06 10:00:00"], "does not work"),
            ([self.times[0] + n * DAY for n in range(11)], "at most 10 times"),
            (["soon"], "is not a time"),
            ("soon", "is not a time"),
        ):
            with self.subTest(starts), self.assertRaisesRegex(UserError, words):
                self.own.action_propose(starts)
        with self.assertRaisesRegex(
            UserError, "The deadline for the answer has already passed"
        ):
            self.own.action_propose(self.times, deadline=self.now)
        group = self.book(days=4, booking_type_id=self.group_type.id)
        with self.assertRaisesRegex(UserError, "several clients"):
            group.action_propose(self.times)
        self.assertFalse(self.session.proposal_ids)
        self.travel(self.old)
        with self.assertRaisesRegex(UserError, "has begun"):
            self.own.action_propose(self.times)

    def test_deadline(self):
        for deadline, expected in (
            (None, self.now + timedelta(hours=48)),
            (self.now + HOUR, self.now + HOUR),
            (self.now + 10 * DAY, self.old),
        ):
            proposal = self.own.action_propose(self.times, deadline=deadline)
            self.assertEqual(proposal.deadline, expected)
            self.assertEqual(
                set(proposal.hold_ids.mapped("expires_at")), {expected}, "held as long"
            )

    def test_booking_what_is_offered(self):
        """Booking the only time on offer ends the offer."""
        proposal = self.own.action_propose(self.times[:1])
        self.book(start=self.times[0])
        self.assertEqual(proposal.state, "withdrawn")
        self.assertEqual(proposal.hold_ids.state, "released", "that was not picked")
        self.assertStays()

    def test_booking_one_of_several_times(self):
        """That one is not kept any more, the others still are."""
        proposal = self.offer()
        other = self.book(start=self.times[0])
        holds = proposal.sudo().hold_ids.sorted("start")
        self.assertEqual(holds.mapped("state"), ["released", "held", "held"])
        self.assertEqual(proposal.state, "open")
        for _try in range(2):
            with self.assertRaisesRegex(
                UserError, "is no longer held because it was booked"
            ):
                proposal.action_accept(self.times[0])
            # also when the time is free again
            other.state == "scheduled" and other.action_cancel()
        proposal.action_accept(self.times[1])
        self.assertEqual(self.session.start, self.times[1])
        self.assertEqual(
            holds.mapped("state"), ["released", "taken", "released"], "one was taken"
        )
        with self.assertRaisesRegex(UserError, "was already accepted"):
            proposal.action_accept(self.times[0])

    def test_dialog(self):
        wizard = (
            self.env["coaching.session.propose"]
            .with_user(self.coach_user)
            .create(
                {
                    "session_id": self.session.id,
                    "line_ids": [(0, 0, {"start": start}) for start in self.times],
                    "message": "Please choose",
                }
            )
        )
        wizard.action_propose()
        proposal = self.session.proposal_ids
        self.assertEqual(proposal.message, "Please choose")
        proposal.hold_ids.sorted("start")[1].with_user(self.manager).action_choose()
        self.assertEqual(self.session.start, self.times[1])

    def test_dialog_suggests_times(self):
        """Free ones of several days, at the hour that is usual."""
        dialog = self.env["coaching.session.propose"].with_context(
            default_session_id=self.session.id
        )
        names = ["session_id", "line_ids"]
        values = dialog.with_user(self.coach_user).default_get(names)
        starts = [command[2]["start"] for command in values["line_ids"]]
        self.assertEqual(len({start.date() for start in starts}), 3)
        self.own.action_propose(starts)
        with self.assertRaises(AccessError):
            dialog.with_user(self.portal_coach_user).default_get(names)
