from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_absence import DAY, AbsenceCommon


@tagged("post_install", "-at_install")
class TestAbsence(AbsenceCommon):
    """A coach is ill: cancelled, or other times offered (rank 24)."""

    def test_cancel(self):
        """All sessions of these days, excused, and one email for each client."""
        result = self.me.action_absent(*self.days, reason="Flu", message="Sorry!")
        affected = self.first | self.second | self.third
        self.assertEqual(result["cancelled"], affected.ids)
        self.assertFalse(result["offered"] or result["failed"])
        self.assertEqual(set(affected.mapped("state")), {"cancelled"})
        self.assertEqual(affected.outcome_id.code, "coach_emergency")
        self.assertEqual(self.later.state, "scheduled")
        self.assertBalance(self.package, remaining=4, held=1)
        mails = self.mails("absent")
        self.assertEqual(len(mails), 2)
        self.assertEqual(mails.partner_id, self.client | self.other_client)
        text = self.render(mails.filtered(lambda m: m.partner_id == self.client))
        for words in ("Tue 03/02/2027", "Wed 03/03/2027", "Sorry!"):
            self.assertIn(words, text)
        self.assertEqual(text.count("you lose nothing"), 2)
        self.assertNotIn("Flu", text)
        self.assertFalse(self.mails("cancelled"))
        with self.assertRaisesRegex(UserError, "does not work"):
            self.book(days=1)

    def test_offer(self):
        """Other times for each, held; declined, it is cancelled and excused."""
        result = self.me.action_absent(*self.days, mode="offer", message="Sorry!")
        affected = self.first | self.second | self.third
        self.assertEqual(result["offered"], affected.ids)
        proposals = affected.proposal_ids
        self.assertEqual(set(proposals.mapped("kind")), {"ill"})
        for proposal in proposals:
            holds = proposal.hold_ids
            self.assertEqual(len(holds), 3)
            self.assertGreaterEqual(min(holds.mapped("start")), self.second.stop)
        mails = self.mails("absent")
        self.assertEqual(len(mails), 2)
        self.assertFalse(self.mails("proposal"))
        text = self.render(mails.filtered(lambda m: m.partner_id == self.client))
        self.assertEqual(text.count("choose another time"), 2)
        self.assertIn("Thu 03/04/2027, 09:00 AM", text)
        mine = self.first.proposal_ids.with_user(self.client_user)
        start = mine.sudo().hold_ids[0].start
        mine.action_accept(start)
        self.assertEqual(self.first.start, start)
        self.second.proposal_ids.with_user(self.client_user).action_refuse()
        self.assertEqual(self.second.outcome_id.code, "coach_emergency")
        self.travel(self.third.start - timedelta(hours=1))
        self.third.proposal_ids.deadline = self.env["coaching.session"]._now()
        self.run_cron("coaching.proposal", "_cron_expire")
        self.assertEqual(self.third.outcome_id.code, "coach_emergency")
        self.assertEqual(self.third.proposal_ids.state, "expired")

    def offer_first(self):
        """Be ill, and offer other times for the session of tomorrow."""
        self.me.action_absent(*self.days, mode="offer")
        proposal = self.first.proposal_ids
        self.assertEqual(proposal.deadline, self.first.start, "it begins unanswered")
        return proposal

    def assertAtCoachsAccount(self):
        attendance = self.first.attendance_ids
        self.assertEqual(attendance.outcome_id.code, "coach_emergency")
        self.assertFalse(attendance.uses_session)
        mails = self.mails("cancelled")
        self.assertEqual(mails.attendance_id, attendance)
        self.assertIn(self.client, mails.partner_id)
        self.assertEqual(len(mails), len(mails.partner_id), "each of them once")
        self.assertTrue(all(mail._is_still_true() for mail in mails))

    def test_nobody_answers_until_it_begins(self):
        """An absent coach is not paid: it is cancelled, never completed."""
        proposal = self.offer_first()
        self.individual.after_session = "complete"
        self.travel(self.first.start)
        self.run_cron("coaching.proposal", "_cron_expire")
        self.assertEqual(proposal.state, "expired")
        self.assertAtCoachsAccount()
        self.travel(self.first.stop + 2 * DAY)
        self.run_cron("coaching.session", "_cron_complete")
        self.assertEqual(self.first.state, "cancelled")

    def test_declined_after_it_began(self):
        proposal = self.offer_first()
        self.travel(self.first.start + timedelta(minutes=5))
        proposal.with_user(self.client_user).action_refuse()
        self.assertAtCoachsAccount()

    def test_declined_before(self):
        self.offer_first().with_user(self.client_user).action_refuse()
        self.assertAtCoachsAccount()

    def test_offered_anew(self):
        """The coach picks better times, and is absent all the same."""
        before = self.offer_first()
        proposal = self.first.action_propose([self.later.stop + 3 * DAY])
        self.assertEqual((before.state, proposal.kind), ("withdrawn", "ill"))
        text = self.render(
            self.env["coaching.notification"].search(
                [("kind", "=", "proposal"), ("proposal_id", "=", proposal.id)]
            )
        )
        self.assertIn("is cancelled and you lose nothing", text)
        self.assertNotIn("keeps its time", text)
        proposal.with_user(self.client_user).action_refuse()
        self.assertAtCoachsAccount()

    def test_another_company(self):
        """The times are of the session's company, wherever the manager is."""
        other = self.env["res.company"].create({"name": "Other company"})
        self.manager.company_ids |= other
        manager = self.manager.with_company(other)
        self.assertFalse(self.individual.company_id)
        coach = self.coach.with_user(manager).with_context(
            allowed_company_ids=(other | self.company).ids
        )
        dialog = coach.env["coaching.session.propose"].with_context(
            default_session_id=self.later.id
        )
        self.assertTrue(dialog.default_get(["session_id", "line_ids"])["line_ids"])
        result = coach.action_absent(*self.days, mode="offer")
        self.assertFalse(result["cancelled"])
        self.assertEqual(len(result["offered"]), 3)

    def test_nothing_to_offer(self):
        """Groups, and where no time is free, are cancelled."""
        group = self.book(days=2, hour=10, booking_type_id=self.group_type.id, minute=0)
        slots = self.registry["coaching.booking.type"]
        with patch.object(slots, "get_slots", lambda *args, **kwargs: []):
            result = self.me.action_absent(*self.days, mode="offer")
        self.assertFalse(result["offered"])
        self.assertIn(group.id, result["cancelled"])
        self.assertEqual(len(result["cancelled"]), 4)

    def test_one_that_fails(self):
        """It stops no other, and is named."""
        cancel = self.registry["coaching.session"]._cancel_for_absence
        second, third = self.second, self.third

        def fail(sessions, *args, **kwargs):
            if second in sessions:
                raise UserError(sessions.env._("Not this time."))
            if third in sessions:
                raise ZeroDivisionError
            return cancel(sessions, *args, **kwargs)

        with (
            patch.object(
                self.registry["coaching.session"], "_cancel_for_absence", fail
            ),
            mute_logger(
                "odoo.addons.coaching_sessions.models.absence.coaching_coach_absence"
            ),
        ):
            result = self.me.action_absent(*self.days)
        self.assertEqual(result["cancelled"], self.first.ids)
        self.assertEqual(result["failed"][second.id], "Not this time.")
        self.assertIn("Please check this session", result["failed"][third.id])
        self.assertEqual(self.mails("absent").partner_id, self.client)

    def test_again(self):
        """Once more changes nothing and tells nobody."""
        self.me.action_absent(*self.days)
        time_off = self.env["resource.calendar.leaves"].search_count(
            [("resource_id", "=", self.coach.resource_id.id)]
        )
        result = self.me.action_absent(*self.days)
        self.assertEqual(result, {"cancelled": [], "offered": [], "failed": {}})
        self.assertEqual(len(self.mails("absent")), 2)
        self.assertEqual(
            self.env["resource.calendar.leaves"].search_count(
                [("resource_id", "=", self.coach.resource_id.id)]
            ),
            time_off,
        )

    def test_offered_twice(self):
        """Who chooses among times already keeps them, and has no second email."""
        self.me.action_absent(*self.days, mode="offer")
        affected = self.first | self.second | self.third
        proposals = affected.proposal_ids
        result = self.me.action_absent(*self.days, mode="offer")
        self.assertEqual(result, {"cancelled": [], "offered": [], "failed": {}})
        self.assertEqual(affected.proposal_ids, proposals)
        self.assertEqual(len(self.mails("absent")), 2)
        # away for longer: instead of offered times on those days, others are offered
        result = self.me.action_absent(self.days[0], "2027-03-05", mode="offer")
        self.assertLessEqual(set(affected.ids), set(result["offered"]))
        self.assertEqual(set(proposals.mapped("state")), {"withdrawn"})
        # and who cancels after all, cancels these as well
        result = self.me.action_absent(*self.days)
        self.assertEqual(result["cancelled"], affected.ids)

    def test_days_are_the_coach_s(self):
        self.coach.tz = "Pacific/Auckland"
        start, stop = self.coach._parse_period("2027-03-02", "2027-03-02")
        self.assertEqual(str(start), "2027-03-01 11:00:00")
        self.assertEqual(stop - start, DAY)

    def test_what_makes_no_sense(self):
        for arguments in (
            (None, None),
            ("2027-03-03", "2027-03-02"),
            ("2027-03-03", "2029-03-02"),
            ("soon", None),
            ("2027-03-03", "2027-03-03", "sing"),
        ):
            with self.subTest(arguments), self.assertRaises(UserError):
                self.me.action_absent(*arguments)

    def test_dialog(self):
        """What is affected is seen before anything is written."""
        Wizard = self.env["coaching.coach.absence"].with_user(self.coach_user)
        wizard = Wizard.create({"date_from": self.days[0], "date_to": self.days[1]})
        self.assertEqual(wizard.coach_id, self.coach)
        self.assertEqual(
            wizard.session_ids.sudo(), self.first | self.second | self.third
        )
        self.assertEqual(self.first.state, "scheduled")
        wizard.action_apply()
        self.assertIn("Cancelled: 3", wizard.result)
        self.assertEqual(self.first.state, "cancelled")

    def test_rights(self):
        for user in (self.client_user, self.portal_coach_user):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.coach.with_user(user).action_absent(*self.days)
        for user in (self.client_user, self.portal_coach_user, self.coach_user):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.coach.with_user(user).action_substitute(
                    self.other_coach.id, *self.days
                )
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.first.with_user(user).action_substitute(self.other_coach.id)
        self.assertEqual(self.first.state, "scheduled")
