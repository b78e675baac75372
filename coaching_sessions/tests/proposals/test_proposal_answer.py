from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common_proposal import DAY, HOUR, ProposalCommon


@tagged("post_install", "-at_install")
class TestProposalAnswer(ProposalCommon):
    """Who answers, who is first, and what a failure leaves (R102)."""

    def test_what_becomes_untrue_is_withdrawn(self):
        """Moved by hand, cancelled, or its times booked otherwise."""
        proposal = self.offer()
        self.own.action_reschedule(self.old + HOUR)
        self.assertEqual(proposal.state, "withdrawn")
        proposal = self.offer()
        self.mine.action_cancel()
        self.assertEqual(proposal.state, "withdrawn")
        self.assertNotIn("held", proposal.sudo().hold_ids.mapped("state"))
        self.assertFalse(self.mails("proposal")[0]._is_still_true())

    def test_a_failure_changes_nothing(self):
        """New first, then the old one: what is refused leaves all as it was."""
        proposal = self.offer()
        Session = self.registry["coaching.session"]
        with (
            patch.object(
                Session, "_update_projections", side_effect=UserError("No calendar")
            ),
            self.assertRaises(UserError),
        ):
            proposal.action_accept(self.times[0])
        self.assertEqual(proposal.state, "open")
        self.assertEqual(set(proposal.sudo().hold_ids.mapped("state")), {"held"})
        self.assertStays()
        self.travel(self.now + DAY)
        self.calendar.attendance_ids.filtered(
            lambda attendance: attendance.dayofweek == "0"
        ).unlink()
        with self.assertRaisesRegex(UserError, "does not work"):
            proposal.action_accept(self.times[0])
        self.assertEqual(proposal.state, "open")

    def test_two_answers(self):
        proposal = self.offer()
        proposal.action_accept(self.times[0])
        for answer in (
            lambda: proposal.action_accept(self.times[1]),
            lambda: proposal.action_refuse(),
            lambda: proposal.with_user(self.coach_user).action_withdraw(),
        ):
            with self.assertRaisesRegex(UserError, "was already accepted"):
                answer()
        self.assertEqual(self.session.start, self.times[0])

    # R52
    def test_a_makeup_moves_along(self):
        """What it is attended with stays."""
        self._issue_makeups("no_show")
        self.close(self.session, "no_show")
        makeup = self.session.attendance_ids.makeup_id
        session = self.book(start=self.times[0], booking_type_id=self.makeup_type.id)
        self.assertEqual(session.attendance_ids.used_makeup_id, makeup)
        proposal = session.with_user(self.coach_user).action_propose(self.times[1:])
        proposal.with_user(self.client_user).action_accept(self.times[2])
        self.assertEqual(session.start, self.times[2])
        self.assertEqual(session.attendance_ids.used_makeup_id, makeup)
        self.assertEqual(makeup.state, "used")

    def test_rights(self):
        stranger = new_test_user(self.env, "x_client", "base.group_portal")
        asked = self.ask()
        for user in (stranger, self.portal_coach_user, self.client_user):
            for method in ("action_accept", "action_refuse"):
                with self.subTest(user.login, m=method), self.assertRaises(AccessError):
                    getattr(asked.with_user(user), method)()
        for user in (stranger, self.portal_coach_user, self.coach_user):
            with self.subTest(user.login), self.assertRaises(AccessError):
                asked.with_user(user).action_withdraw()
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.session.with_user(user).action_ask_reschedule(self.times[1])
        offered = self.offer()
        for user in (stranger, self.portal_coach_user, self.coach_user):
            with self.subTest(user.login), self.assertRaises(AccessError):
                offered.with_user(user).action_accept(self.times[0])
            with self.subTest(user.login), self.assertRaises(AccessError):
                offered.with_user(user).hold_ids[0].action_choose()
        for user in (stranger, self.portal_coach_user, self.client_user):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.session.with_user(user).action_propose(self.times)
        with self.assertRaises(AccessError):
            offered.with_user(self.client_user).action_withdraw()
        with self.assertRaisesRegex(
            UserError, "Accept, decline or withdraw the proposal"
        ):
            offered.with_user(self.manager).write({"state": "accepted"})
        with self.assertRaisesRegex(UserError, "can't be deleted"):
            offered.sudo().unlink()
        offered.with_user(self.manager).action_accept(self.times[0])
        self.assertEqual(self.session.start, self.times[0])

    def test_who_sees_it(self):
        proposal = self.offer()
        for user, answers, withdraws in (
            (self.client_user, True, False),
            (self.coach_user, False, True),
            (self.manager, True, True),
        ):
            theirs = proposal.with_user(user)
            theirs.invalidate_recordset()
            self.assertEqual(
                (theirs.may_answer, theirs.may_withdraw), (answers, withdraws)
            )
        self.assertFalse(proposal.with_user(self.portal_coach_user).has_access("read"))

    def test_times_on_the_reader_s_clock(self):
        proposal = self.own.action_propose(self.times[:2])
        shown = proposal.with_user(self.manager).with_context(tz="Europe/Brussels")
        for time in ("Mon 03/08/2027, 10:00 AM", "12:00 PM"):
            self.assertIn(time, shown.times)

    def test_cron_goes_on(self):
        """One that can't expire stops no other."""
        first = self.ask()
        second = self.book(days=3, hour=15)
        second = second.with_user(self.coach_user).action_propose([self.times[2]])
        self.travel(second.deadline)
        Proposal = self.registry["coaching.proposal"]
        expire = Proposal._expire

        def fail(proposal):
            if proposal == first.sudo():
                raise ValueError("broken")
            return expire(proposal)

        with (
            patch.object(Proposal, "_expire", fail),
            mute_logger(
                "odoo.addons.coaching_sessions.models.proposals.coaching_proposal_state"
            ),
        ):
            self.run_cron("coaching.proposal", "_cron_expire")
        self.assertEqual((first.state, second.state), ("open", "expired"))
