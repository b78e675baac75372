from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CoachingCommon

DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestAbsence(CoachingCommon):
    """A coach is ill, and somebody stands in for him (ranks 17 and 24)."""

    def setUp(self):
        super().setUp()
        self._sell(self.other_client)
        self.first = self.book(days=1)
        self.second = self.book(days=2)
        self.third = self.book(days=2, hour=14, partner_ids=self.other_client.ids)
        self.later = self.book(days=4)
        self.days = (date(2027, 3, 2), date(2027, 3, 3))
        self.me = self.coach.with_user(self.coach_user)

    def mails(self, kind):
        return (
            self.env["coaching.notification"]
            .search([("kind", "=", kind), ("company_id", "=", self.company.id)])
            .filtered(lambda mail: mail.attendance_id.session_id.id >= self.first.id)
        )

    def render(self, mail):
        template = self.env.ref(mail._get_templates()[mail.kind])
        return template._render_field("body_html", mail.ids, compute_lang=True)[mail.id]

    # === ILL === #

    def test_cancel(self):
        """All sessions of these days, excused, and one mail for each client."""
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
        for words in ("Tuesday 2 March 2027", "Wednesday 3 March 2027", "Sorry!"):
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
        self.assertIn("Thursday 4 March 2027, 09:00", text)
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
        """The coach picks better times: he is not there all the same."""
        before = self.offer_first()
        proposal = self.first.action_propose([self.later.stop + 3 * DAY])
        self.assertEqual((before.state, proposal.kind), ("withdrawn", "ill"))
        text = self.render(
            self.env["coaching.notification"].search(
                [("kind", "=", "proposal"), ("proposal_id", "=", proposal.id)]
            )
        )
        self.assertIn("is cancelled and you lose nothing", text)
        self.assertNotIn("stays where it is", text)
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
                raise UserError(sessions.env._("Not this one."))
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
        self.assertEqual(result["failed"][second.id], "Not this one.")
        self.assertIn("Look at this session", result["failed"][third.id])
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
        """Who chooses among times already keeps them, and has no second mail."""
        self.me.action_absent(*self.days, mode="offer")
        affected = self.first | self.second | self.third
        proposals = affected.proposal_ids
        result = self.me.action_absent(*self.days, mode="offer")
        self.assertEqual(result, {"cancelled": [], "offered": [], "failed": {}})
        self.assertEqual(affected.proposal_ids, proposals)
        self.assertEqual(len(self.mails("absent")), 2)
        # away for longer: where he was offered days of that, he is offered others
        result = self.me.action_absent(self.days[0], "2027-03-05", mode="offer")
        self.assertLessEqual(set(affected.ids), set(result["offered"]))
        self.assertEqual(set(proposals.mapped("state")), {"withdrawn"})
        # and who cancels after all, cancels these as well
        result = self.me.action_absent(*self.days)
        self.assertEqual(result["cancelled"], affected.ids)

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
        with self.assertRaisesRegex(UserError, "No time off is entered"):
            self.me.action_back("2027-03-02")
        with self.assertRaisesRegex(UserError, "from which day"):
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
        self.assertIn("2 Mar 2027", wizard.time_off)
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

    # === SUBSTITUTE === #

    def test_a_day_of_another_zone(self):
        """Who stands in gives nothing on a day on which the package is over (R121)."""
        self.other_coach.resource_id.calendar_id = False
        self.other_coach.tz = "Pacific/Auckland"
        package = self.third.attendance_ids.package_id
        package.expiry_date = self.third.start.date()
        third = self.third.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "expire"):
            third.action_substitute(self.other_coach.id)
        self.assertEqual(self.third.coach_id, self.coach)
        package.expiry_date += DAY
        third.action_substitute(self.other_coach.id)
        self.assertEqual(self.third.coach_id, self.other_coach)

    def test_substitute(self):
        """Client, package and time stay; the coach, his time and calendar change."""
        self.other_coach.partner_id.email = "petra@example.com"
        session = self.first.with_user(self.manager)
        session.action_substitute(self.other_coach.id, "Flu", "Petra is great")
        session = self.first
        self.assertEqual(session.coach_id, self.other_coach)
        self.assertEqual(session.original_coach_id, self.coach)
        attendance = session.attendance_ids
        self.assertEqual(attendance.coach_id, self.other_coach)
        self.assertEqual(attendance.package_id, self.package)
        self.assertEqual(attendance.engagement_id.coach_id, self.other_coach)
        self.assertEqual(session.event_id.user_id, self.portal_coach_user)
        self.assertNotIn(self.coach.partner_id, session.event_id.partner_ids)
        # who gives it has agreed
        attendee = session.event_id.attendee_ids.filtered(
            lambda one: one.partner_id == self.other_coach.partner_id
        )
        self.assertEqual(attendee.state, "accepted")
        line = session.log_ids[0]
        self.assertEqual(line.action, "substituted")
        self.assertIn("Flu", line.description)
        mails = self.mails("substituted")
        self.assertEqual(
            mails.partner_id,
            self.client | self.coach.partner_id | self.other_coach.partner_id,
        )
        text = self.render(mails.filtered(lambda m: m.partner_id == self.client))
        self.assertIn("Petra is great", text)
        self.assertNotIn("Flu", text)
        other = self.other_client.ids
        with self.assertRaisesRegex(UserError, "already has a session"):
            self.book(days=1, coach_id=self.other_coach.id, partner_ids=other)
        self.book(days=1, partner_ids=other)

    def test_back_again(self):
        self.first.action_substitute(self.other_coach.id)
        self.book(days=1, partner_ids=self.other_client.ids)
        with self.assertRaisesRegex(UserError, "already has a session"):
            self.first.action_substitute(self.coach.id)
        self.second.action_substitute(self.other_coach.id)
        self.second.action_substitute(self.coach.id)
        self.assertFalse(self.second.original_coach_id)

    def test_who_can_not_stand_in(self):
        self.book(
            days=1, coach_id=self.other_coach.id, partner_ids=self.other_client.ids
        )
        with self.assertRaisesRegex(UserError, "already has a session"):
            self.first.action_substitute(self.other_coach.id)
        with self.assertRaisesRegex(UserError, "gives .* already"):
            self.first.action_substitute(self.coach.id)
        with self.assertRaisesRegex(UserError, "Say who"):
            self.first.action_substitute(0)
        self.individual.company_id = self.company
        self.individual.coach_ids = self.coach
        with self.assertRaisesRegex(UserError, "does not give"):
            self.second.action_substitute(self.other_coach.id)
        self.individual.coach_ids = False
        self.other_coach.action_absent("2027-03-03", "2027-03-03")
        with self.assertRaisesRegex(UserError, "does not work"):
            self.second.action_substitute(self.other_coach.id)
        self.close(self.second, "completed")
        with self.assertRaisesRegex(UserError, "closed already"):
            self.second.action_substitute(self.other_coach.id)

    def test_several_all_or_none(self):
        self.book(
            days=2, coach_id=self.other_coach.id, partner_ids=self.other_client.ids
        )
        with self.assertRaises(UserError):
            (self.first | self.second).action_substitute(self.other_coach.id)
        self.assertEqual(self.first.coach_id, self.coach)

    def test_for_a_period(self):
        """One mail a client, and what fails is named."""
        self.book(
            days=2, coach_id=self.other_coach.id, partner_ids=self.other_client.ids
        )
        result = self.coach.with_user(self.manager).action_substitute(
            self.other_coach.id, *self.days
        )
        self.assertEqual(result["done"], (self.first | self.third).ids)
        self.assertIn("already has a session", result["failed"][self.second.id])
        self.assertEqual(self.first.coach_id, self.other_coach)
        self.assertEqual(self.second.coach_id, self.coach)
        mails = self.mails("substituted")
        self.assertEqual(
            sorted(mails.mapped("partner_id.id")),
            sorted(
                (self.client | self.other_client | self.coach.partner_id).ids
                + self.other_coach.partner_id.filtered("email").ids
            ),
        )
        own = mails.filtered(lambda mail: mail.partner_id == self.coach.partner_id)
        self.assertEqual(len(own.listed_attendance_ids), 2)

    def test_proposals_go(self):
        proposal = self.first.action_propose([self.later.stop])
        self.first.action_substitute(self.other_coach.id)
        self.assertEqual(proposal.state, "withdrawn")
