# Over 300 lines: a dispute is followed from opening to settling, by everybody in it.

import re
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestDispute(CoachingCommon):
    """The client disputes an outcome, or reports that no coach came (rank 13, 15)."""

    def setUp(self):
        super().setUp()
        self.session = self.book(days=1)
        self.attendance = self.session.attendance_ids
        self.mine = self.attendance.with_user(self.client_user)

    def _missed(self):
        self.close(self.session, "no_show", note="Waited for half an hour")
        return self.attendance

    def _dispute(self, claim="I was there", **kwargs):
        dispute = self.mine.action_dispute(claim, **kwargs)
        return self.env["coaching.dispute"].browse(dispute)

    def _report(self, note="Nobody came"):
        dispute = self.mine.action_report_coach_no_show(note)
        return self.env["coaching.dispute"].browse(dispute)

    def _mails(self, kind):
        return self.env["coaching.notification"].search(
            [("attendance_id", "=", self.attendance.id), ("kind", "=", kind)]
        )

    def _log(self, action):
        return self.session.log_ids.filtered(lambda line: line.action == action)

    # === OPENING === #

    def test_open(self):
        """What the client says is kept, and who settles it is told."""
        self._missed()
        dispute = self._dispute("I was there", wanted_outcome_code="completed")
        self.assertRecordValues(
            dispute,
            [
                {
                    "kind": "outcome",
                    "state": "open",
                    "claim": "I was there",
                    "partner_id": self.client.id,
                    "outcome_id": self.env.ref("coaching_sessions.outcome_no_show").id,
                    "wanted_outcome_id": self.env.ref(
                        "coaching_sessions.outcome_completed"
                    ).id,
                    "opened_by_id": self.client_user.id,
                    "resolved_at": False,
                }
            ],
        )
        self.assertTrue(self.attendance.is_disputed)
        self.assertEqual(self.attendance.state, "no_show", "nothing changes yet")
        line = self._log("disputed")
        self.assertEqual(
            (line.description, line.user_id), ("I was there", self.client_user)
        )
        mails = self._mails("dispute_opened")
        self.assertIn(self.manager.partner_id, mails.partner_id)
        self.assertIn(self.coach.partner_id, mails.partner_id)
        self.assertNotIn(self.client, mails.partner_id)
        self.assertEqual(set(mails.mapped("message")), {"I was there"})

    def test_only_managers_of_the_company_are_told(self):
        other = self.env["res.company"].create({"name": "Other company"})
        stranger = new_test_user(
            self.env,
            "x_manager",
            "coaching_sessions.group_coaching_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self._missed()
        self._dispute()
        self.assertNotIn(stranger.partner_id, self._mails("dispute_opened").partner_id)

    def test_only_the_client(self):
        self._missed()
        for user in (self.coach_user, self.manager, self.env.user):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.attendance.with_user(user).action_dispute("No")
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.attendance.with_user(user).action_report_coach_no_show("No")

    def test_needs_a_claim(self):
        self._missed()
        for claim in ("", "  ", None, "\x00"):
            with (
                self.subTest(claim),
                self.assertRaisesRegex(UserError, "Describe briefly"),
            ):
                self.mine.action_dispute(claim)
        with self.assertRaisesRegex(UserError, "” is not text"):
            self.mine.action_dispute(["x"])

    def test_nothing_recorded_yet(self):
        with self.assertRaisesRegex(UserError, "yet, so there is nothing to dispute"):
            self._dispute()

    def test_wanted_outcome(self):
        self._missed()
        with self.assertRaisesRegex(UserError, "is already recorded"):
            self._dispute(wanted_outcome_code="no_show")
        with self.assertRaisesRegex(UserError, "no outcome"):
            self._dispute(wanted_outcome_code="nonsense")

    def test_deadline_to_the_second(self):
        """Five days after the close-out is in time, a second later is not."""
        self._missed()
        closed_at = self.attendance.closed_at
        self.assertEqual(self.company.coaching_dispute_days, 5)
        self.travel(closed_at + timedelta(days=5, seconds=1))
        with self.assertRaisesRegex(UserError, "ended on Sun 03/07/2027, 10:05 AM"):
            self._dispute()
        self.client_user.tz = "America/New_York"
        with self.assertRaisesRegex(UserError, "ended on Sun 03/07/2027, 05:05 AM"):
            self.mine.with_context(tz=None).action_dispute("Me")
        self.travel(closed_at + timedelta(days=5))
        self._dispute()

    def test_deadline_over_a_clock_change(self):
        """Days are 24 hours in UTC, whatever the clocks do in between."""
        self.client_user.tz = "Europe/Brussels"
        session = self.book(start="2027-03-26 10:00:00")
        self.mine = session.attendance_ids.with_user(self.client_user)
        attendance = self.close(session, "no_show")
        self.travel(attendance.closed_at + timedelta(days=5, seconds=1))
        mine = self.mine.with_context(tz=None)
        with self.assertRaisesRegex(UserError, "ended on Wed 03/31/2027, 01:05"):
            mine.action_dispute("Summer time")  # 12:05 as it was closed out
        self.travel(attendance.closed_at + timedelta(days=5))
        mine.action_dispute("Summer time")

    def test_a_business_that_takes_none(self):
        self.company.coaching_dispute_days = 0
        self._missed()
        with self.assertRaisesRegex(UserError, "in person"):
            self._dispute()

    def test_once_for_each_outcome(self):
        self._missed()
        dispute = self._dispute()
        with self.assertRaisesRegex(UserError, r"already told .*\(Open\)"):
            self._dispute()
        dispute.with_user(self.manager).action_reject("You were seen elsewhere")
        with self.assertRaisesRegex(UserError, r"already told .*\(Rejected\)"):
            self._dispute()
        # a note to the same outcome is no other outcome
        self.attendance.action_close("no_show", note="Called as well")
        with self.assertRaisesRegex(UserError, r"already told .*\(Rejected\)"):
            self._dispute()
        self.travel(self.attendance.closed_at + timedelta(hours=1))
        self.attendance.action_close("client_late_cancel")
        self.assertEqual(self._dispute().state, "open")

    def test_cancelled_late_can_be_disputed(self):
        self.travel(self.session.start - timedelta(hours=2))
        self.session.with_user(self.client_user).action_cancel()
        self.assertEqual(self._dispute("It was an emergency").state, "open")

    # === THE COACH DID NOT COME === #

    def test_report_from_the_start_on(self):
        self.travel(self.session.start - timedelta(seconds=1))
        with self.assertRaisesRegex(UserError, "begins at"):
            self._report()
        self.travel(self.session.start)
        dispute = self._report()
        self.assertEqual((dispute.kind, dispute.state), ("coach_no_show", "open"))
        self.assertFalse(dispute.outcome_id)
        self.assertTrue(self.attendance.is_disputed)
        with self.assertRaisesRegex(UserError, r"already told .*\(Open\)"):
            self._report()

    def test_report_has_no_deadline_before_the_close_out(self):
        self.travel(self.session.start + timedelta(days=60))
        self.assertEqual(self._report().state, "open")

    def test_report_after_the_close_out(self):
        self._missed()
        self.travel(self.attendance.closed_at + timedelta(days=5, seconds=1))
        with self.assertRaisesRegex(UserError, "Write to your coach instead"):
            self._report()
        self.travel(self.attendance.closed_at + timedelta(days=5))
        self.assertEqual(self._report().outcome_id.code, "no_show")

    def test_nothing_to_report(self):
        self.travel(self.session.start - timedelta(hours=2))
        self.session.with_user(self.client_user).action_cancel()
        self.travel(self.session.start)
        with self.assertRaisesRegex(UserError, "cancelled before it began"):
            self._report()
        self.attendance.action_close("coach_missed")
        with self.assertRaisesRegex(UserError, "is already recorded as “"):
            self._report()

    def test_reported_is_not_completed_by_itself(self):
        """A client waits for the coach: that the session counts, nobody assumes."""
        self.individual.write({"after_session": "complete", "auto_complete_hours": 1})
        self.travel(self.session.stop + timedelta(hours=1))
        Session = self.env["coaching.session"]
        self.assertIn(self.session, Session._find_to_complete(100, 0))
        dispute = self._report()
        self.assertNotIn(self.session, Session._find_to_complete(100, 0))
        self.session._try_to_complete()
        self.assertEqual(self.attendance.state, "scheduled")
        dispute.with_user(self.client_user).action_withdraw()
        self.assertIn(self.session, Session._find_to_complete(100, 0))

    def test_context_decides_nothing(self):
        self._missed()
        mine = self.mine.with_context(
            default_state="accepted",
            default_resolution="Sure",
            default_resolved_at=self.now,
            default_resolved_by_id=self.manager.id,
        )
        dispute = self.env["coaching.dispute"].browse(mine.action_dispute("Me"))
        self.assertEqual((dispute.state, dispute.resolution), ("open", False))

    # === SETTLING === #

    def test_accept_report(self):
        """The coach missed it: the session is returned, nobody is a no-show."""
        self.travel(self.session.start)
        dispute = self._report()
        self.travel(self.session.stop)
        dispute.with_user(self.manager).action_accept(resolution="We are sorry")
        self.assertRecordValues(
            dispute,
            [
                {
                    "state": "accepted",
                    "resolution": "We are sorry",
                    "resolved_by_id": self.manager.id,
                    "resolved_at": self.session.stop,
                }
            ],
        )
        self.assertEqual(self.attendance.outcome_id.code, "coach_missed")
        self.assertEqual(self.attendance.closed_by_id, self.manager)
        self.assertFalse(self.attendance.is_disputed)
        self.assertBalance(self.package, remaining=5)
        self.assertEqual(self._log("settled").description, "Accepted. We are sorry")
        mail = self._mails("dispute_settled")
        self.assertEqual((mail.partner_id, mail.message), (self.client, "We are sorry"))

    def test_accept_corrects(self):
        self._missed()
        self.assertBalance(self.package, remaining=4, used=1)
        dispute = self._dispute(wanted_outcome_code="client_early_cancel")
        dispute.with_user(self.manager).action_accept()
        self.assertEqual(self.attendance.outcome_id.code, "client_early_cancel")
        self.assertEqual(dispute.outcome_id.code, "no_show", "what it was stays")
        self.assertEqual(dispute.current_outcome_id.code, "client_early_cancel")
        self.assertBalance(self.package, remaining=5)

    def test_accept_with_another_outcome(self):
        self._missed()
        dispute = self._dispute()
        with self.assertRaisesRegex(UserError, "Choose the outcome to record"):
            dispute.with_user(self.manager).action_accept()
        self.assertEqual(dispute.state, "open")
        dispute.with_user(self.manager).action_accept("completed")
        self.assertEqual(self.attendance.state, "completed")

    def test_accept_is_all_or_nothing(self):
        """A correction that can't be leaves the dispute open."""
        self._issue_makeups("no_show")
        self._missed()
        dispute = self._dispute()
        start = self.session.start + timedelta(days=1)
        self.book(booking_type_id=self.makeup_type.id, start=start)
        with self.assertRaisesRegex(UserError, "make-up"):
            dispute.with_user(self.manager).action_accept("completed")
        self.assertEqual(dispute.state, "open")
        self.assertTrue(self.attendance.is_disputed)
        self.assertFalse(self._log("settled"))

    def test_reject(self):
        self._missed()
        dispute = self._dispute()
        for reason in ("", "  "):
            with self.assertRaisesRegex(UserError, "Give the reason for the rejection"):
                dispute.with_user(self.manager).action_reject(reason)
        dispute.with_user(self.manager).action_reject("The door was open")
        self.assertEqual(
            (dispute.state, self.attendance.state), ("rejected", "no_show")
        )
        self.assertFalse(self.attendance.is_disputed)
        self.assertEqual(self._mails("dispute_settled").message, "The door was open")

    def test_withdraw(self):
        self._missed()
        dispute = self._dispute()
        with self.assertRaises(AccessError):
            dispute.with_user(self.manager).action_withdraw()
        dispute.with_user(self.client_user).action_withdraw()
        self.assertEqual(dispute.state, "withdrawn")
        self.assertFalse(self._mails("dispute_settled"))
        self._send_mails()
        self.assertEqual(
            set(self._mails("dispute_opened").mapped("state")), {"skipped"}
        )

    def test_settled_once(self):
        """Guarded: the second one reads who was first."""
        self._missed()
        dispute = self._dispute()
        dispute.with_user(self.manager).action_reject("No")
        message = re.escape(f"already settled by {self.manager.name} (Rejected)")
        with self.assertRaisesRegex(UserError, message):
            dispute.with_user(self.manager).action_accept("completed")
        with self.assertRaisesRegex(UserError, message):
            dispute.with_user(self.client_user).action_withdraw()
        self.assertEqual(self.attendance.state, "no_show")
        self.assertEqual(len(self._log("settled")), 1)

    def test_coach_reads_and_settles_nothing(self):
        self._missed()
        dispute = self._dispute().with_user(self.coach_user)
        self.assertEqual(dispute.search([]), dispute)
        self.assertEqual(dispute.claim, "I was there")
        with self.assertRaises(AccessError):
            dispute.action_accept("completed")
        with self.assertRaises(AccessError):
            dispute.action_reject("No")
        with self.assertRaises(AccessError):
            dispute.action_withdraw()

    def test_nobody_judges_their_own_cause(self):
        """A manager who coached it leaves it to another one, if there is one."""
        self.coach_user.group_ids |= self.env.ref(
            "coaching_sessions.group_coaching_manager"
        )
        self._missed()
        dispute = self._dispute().with_user(self.coach_user)
        with self.assertRaisesRegex(
            AccessError, "Another manager has to settle this dispute"
        ):
            dispute.action_reject("No")
        managers = dispute._get_managers(self.company) - self.coach_user
        managers.group_ids -= self.env.ref("coaching_sessions.group_coaching_manager")
        dispute.action_reject("I was there alone")
        self.assertEqual(dispute.state, "rejected")

    # === GUARDS === #

    def test_nothing_is_written_by_hand(self):
        self._missed()
        dispute = self._dispute()
        for user in (self.manager, self.client_user, self.env.user):
            # an AccessError is a UserError
            with self.assertRaises(UserError):
                dispute.with_user(user).write({"state": "accepted"})
            with self.assertRaises(UserError):
                dispute.with_user(user).unlink()
        with self.assertRaises(UserError):
            dispute.sudo().claim = "Something else"

    @mute_logger("odoo.sql_db")
    def test_the_database_holds(self):
        self._missed()
        dispute = self._dispute()
        other = self._other_dispute_values(dispute)
        statements = [
            "UPDATE coaching_dispute SET claim = 'x' WHERE id = %s",
            "DELETE FROM coaching_dispute WHERE id = %s",
            "UPDATE coaching_dispute SET state = 'accepted' WHERE id = %s",
            "UPDATE coaching_dispute SET state = 'rejected', resolved_at = now(),"
            " resolved_by_id = 1 WHERE id = %s",
        ]
        for statement in statements:
            with (
                self.subTest(statement),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement, [dispute.id])
        for values in ({"kind": "coach_no_show"}, {"state": "withdrawn"}):
            with (
                self.subTest(values),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.env["coaching.dispute"].create({**other, **values})

    def _other_dispute_values(self, dispute):
        values = self.attendance._prepare_dispute_values("outcome", "Again")
        return {
            **values,
            "resolved_at": False,
            "opened_by_id": dispute.opened_by_id.id,
        }

    def test_lost_race(self):
        """Two tabs: the second one is told, and nothing is opened twice."""
        self._missed()
        self._dispute()
        self.env["coaching.dispute"].flush_model()
        self.patch(
            type(self.attendance),
            "_find_dispute",
            lambda self, kind: self.dispute_ids[:0],
        )
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(Exception, "has just changed"),
        ):
            self._dispute()

    # === MAILS, VIEWS === #

    def _send_mails(self):
        for mail in self.env["coaching.notification"].search(
            [("state", "=", "pending"), ("attendance_id", "=", self.attendance.id)]
        ):
            mail._send()

    def test_mails(self):
        """They say what is claimed and what became of it; nothing in them is code."""
        self._missed()
        dispute = self._dispute("I was <b>there</b>")
        self._send_mails()
        body = self._mails("dispute_opened")[0].mail_id.body_html
        self.assertIn("I was &lt;b&gt;there&lt;/b&gt;", body)
        self.assertIn("disputes an outcome", body)
        self.assertIn("No-show", body)
        dispute.with_user(self.manager).action_accept("coach_missed", "Sorry")
        self._send_mails()
        mail = self._mails("dispute_settled").mail_id
        self.assertEqual(mail.recipient_ids, self.client)
        for text in ("You were right", "Coach missed the session", "Sorry"):
            self.assertIn(text, mail.body_html)

    def test_dialogs(self):
        self._missed()
        dispute = self._dispute(wanted_outcome_code="completed").with_user(self.manager)
        action = dispute.action_open_accept()
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.manager)
            .with_context(**action["context"])
        )
        self.assertEqual(form.outcome_id.code, "completed")
        self.assertIn("session is used", form.consequences)
        form.resolution = "Right"
        form.save().action_accept()
        self.assertEqual((dispute.state, dispute.resolution), ("accepted", "Right"))
        self.travel(self.session.start + timedelta(days=1))
        dispute = self._report().with_user(self.manager)
        form = Form(
            self.env["coaching.dispute.accept"]
            .with_user(self.manager)
            .with_context(default_dispute_id=dispute.id)
        )
        self.assertEqual(form.outcome_id.code, "coach_missed")
        form = Form(
            self.env["coaching.dispute.reject"]
            .with_user(self.manager)
            .with_context(**dispute.action_open_reject()["context"])
        )
        form.resolution = "No"
        form.save().action_reject()
        self.assertEqual(dispute.state, "rejected")
        session = self.session.with_user(self.manager)
        self.assertEqual((session.dispute_count, session.is_disputed), (2, False))

    def test_open_ones_first(self):
        self._missed()
        first = self._dispute()
        first.with_user(self.manager).action_reject("No")
        self.travel(self.now)
        session = self.book(days=3)
        attendance = self.close(session, "no_show")
        attendance.with_user(self.client_user).action_dispute("Me")
        disputes = (
            self.env["coaching.dispute"]
            .with_user(self.manager)
            .search([("partner_id", "=", self.client.id)])
        )
        self.assertEqual(disputes.mapped("state"), ["open", "rejected"])
