from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import CoachingCommon

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestProposal(CoachingCommon):
    """Asking late, offering times, and who is first to answer (R51, R99-R102)."""

    def setUp(self):
        super().setUp()
        self.session = self.book(days=3)  # Thursday 09:00
        self.old = self.session.start
        self.mine = self.session.with_user(self.client_user)
        self.own = self.session.with_user(self.coach_user)
        self.times = [datetime(2027, 3, 8, hour) for hour in (9, 11, 14)]

    def ask(self, start=None, message="Dentist", hours=3):
        """Ask as the client, some hours before the session begins."""
        self.travel(self.old - timedelta(hours=hours))
        return self.mine.action_ask_reschedule(start or self.times[0], message)

    def offer(self, **kwargs):
        """Offer three times as the coach, return it as the client sees it."""
        proposal = self.own.action_propose(self.times, **kwargs)
        return proposal.with_user(self.client_user)

    def mails(self, kind):
        return self.env["coaching.notification"].search(
            [("kind", "=", kind), ("proposal_id.coach_id", "=", self.coach.id)]
        )

    def render(self, mail):
        template = self.env.ref(mail._get_templates()[mail.kind])
        return " ".join(
            template._render_field(name, mail.ids, compute_lang=True)[mail.id]
            for name in ("subject", "body_html")
        )

    def assertStays(self, proposal=None):
        self.session.invalidate_recordset()
        self.assertEqual(self.session.start, self.old)
        self.assertEqual(self.session.event_id.start, self.old)
        if proposal:
            self.assertNotIn("held", proposal.sudo().hold_ids.mapped("state"))

    # === ASKING === #

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
        for word in ("Dentist", "Thursday 4 March 2027", "Monday 8 March 2027"):
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
        self.assertEqual(told.mapped("kind"), ["moved"])
        self.assertEqual(told.partner_id, self.client)
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
        with self.assertRaisesRegex(UserError, "being offered to somebody else"):
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
        with self.assertRaisesRegex(UserError, "is over"):
            proposal.with_user(self.coach_user).action_accept()
        self.run_cron("coaching.proposal", "_cron_expire")
        self.assertEqual(proposal.state, "expired")
        self.assertStays(proposal)
        self.assertEqual(
            self.mails("proposal_answer").partner_id,
            self.client | self.coach.partner_id,
        )
        with self.assertRaisesRegex(UserError, "is over"):
            proposal.with_user(self.coach_user).action_accept()

    def test_what_can_not_be_asked(self):
        self.travel(self.old - 3 * HOUR)
        taken = self.book(days=7, hour=14)
        for start, words in (
            (taken.start, "already has a session"),
            ("2027-03-06 10:00:00", "does not work"),
            ("2027-03-01 09:00:00", "in the past"),
            (self.old + HOUR / 2, "overlaps the session itself"),
            (None, "Say when"),
        ):
            with self.subTest(start), self.assertRaisesRegex(UserError, words):
                self.mine.action_ask_reschedule(start)
        self.individual.late_reschedule = "refuse"
        with self.assertRaisesRegex(UserError, "come or cancel"):
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
        with self.assertRaisesRegex(UserError, "as often as it can be"):
            self.ask()

    def test_asking_again_replaces(self):
        first = self.ask()
        second = self.mine.action_ask_reschedule(self.times[1])
        self.assertEqual((first.state, second.state), ("withdrawn", "open"))
        self.assertEqual(first.sudo().hold_ids.state, "released")

    # === OFFERING === #

    def test_offer_and_pick(self):
        """R99-R102: several times, the client picks one, both are told."""
        proposal = self.offer(message="I have to go to court")
        self.assertStays()
        mail = self.mails("proposal")
        self.assertEqual(mail.partner_id, self.client)
        text = self.render(mail)
        self.assertIn("I have to go to court", text)
        for hour in ("09:00", "11:00", "14:00"):
            self.assertIn(f"Monday 8 March 2027, {hour}", text)
        with self.assertRaisesRegex(UserError, "Choose one"):
            proposal.action_accept()
        with self.assertRaisesRegex(UserError, "none of the times"):
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
        self.assertIn("10:00 (Europe/Brussels)", self.render(self.mails("proposal")))

    def test_offer_and_decline(self):
        proposal = self.offer()
        proposal.action_refuse("I can't")
        self.assertStays(proposal)
        self.assertEqual(
            self.mails("proposal_answer").partner_id, self.coach.partner_id
        )
        with self.assertRaisesRegex(UserError, "was declined already"):
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

    def test_dragged_after_asking_late_cancels_late(self):
        self.ask()
        self.own.write({"start": self.times[1], "stop": self.times[1] + HOUR})
        self.assertEqual(self.session.move_count, 1)
        self.mine.action_cancel()
        self.assertEqual(self.session.outcome_id.code, "client_late_cancel")

    def test_what_the_coach_offers_has_no_limits(self):
        """How often and how far is for what the client asks for himself."""
        self.individual.max_move_days = 4
        self.ask()
        later = self.times[0] + 7 * DAY
        offered = self.own.action_propose([later])
        offered.with_user(self.client_user).action_accept()
        self.assertEqual(self.session.start, later)

    def test_asking_while_times_are_offered(self):
        """One at a time: what is offered is answered first."""
        offered = self.offer()
        with self.assertRaisesRegex(UserError, "Answer that first"):
            self.ask(self.times[0] + DAY)
        self.assertEqual(offered.state, "open")

    def test_asking_a_coach_without_login(self):
        """He has the mail, nothing is put on a list."""
        self.coach.user_id = False
        proposal = self.ask()
        self.assertEqual(proposal.state, "open")
        self.assertFalse(proposal.sudo().activity_ids)

    def test_what_can_not_be_offered(self):
        taken = self.book(days=7, hour=16)
        for starts, words in (
            ([], "at least one"),
            ([self.times[0], self.times[0] + HOUR / 2], "overlap"),
            ([self.times[0], taken.start], "already has a session"),
            (["2027-03-06 10:00:00"], "does not work"),
            ([self.times[0] + n * DAY for n in range(11)], "10 times at most"),
            (["soon"], "is not a time"),
            ("soon", "is not a time"),
        ):
            with self.subTest(starts), self.assertRaisesRegex(UserError, words):
                self.own.action_propose(starts)
        with self.assertRaisesRegex(UserError, "would be over already"):
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

    def test_booking_what_is_offered(self):
        """Who books the only time that is offered to him has left the offer."""
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
            with self.assertRaisesRegex(UserError, "no longer kept"):
                proposal.action_accept(self.times[0])
            # also when the time is free again
            other.state == "scheduled" and other.action_cancel()
        proposal.action_accept(self.times[1])
        self.assertEqual(self.session.start, self.times[1])
        self.assertEqual(
            holds.mapped("state"), ["released", "taken", "released"], "one was taken"
        )
        with self.assertRaisesRegex(UserError, "accepted already"):
            proposal.action_accept(self.times[0])

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
            with self.assertRaisesRegex(UserError, "accepted already"):
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

    # === WHO MAY === #

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
        with self.assertRaisesRegex(UserError, "not edited"):
            offered.with_user(self.manager).write({"state": "accepted"})
        with self.assertRaisesRegex(UserError, "never deleted"):
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
        for time in ("Mon 8 Mar 2027, 10:00", "12:00"):
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
                "odoo.addons.coaching_sessions.models.proposals.coaching_proposal_answer"
            ),
        ):
            self.run_cron("coaching.proposal", "_cron_expire")
        self.assertEqual((first.state, second.state), ("open", "expired"))
