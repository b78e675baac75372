from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import COACH, SESSIONS
from .common_absence import ABSENCE, DAYS, AbsenceCommon


@tagged("post_install", "-at_install")
class TestPortalAbsence(AbsenceCommon):
    """A coach says on a telephone that they are ill (rank 24)."""

    # rank 24
    def test_cancel(self):
        tree = self.open(COACH)
        self.assertTrue(self.find(tree, f"//a[@href='{ABSENCE}']"))
        tree = self.open(ABSENCE)
        (field,) = self.find(tree, "//input[@name='date_from']")
        self.assertEqual(field.get("value"), "2027-03-01", "today")
        tree = self.ask()
        plan = self.plan(tree)
        self.assertIn("2 sessions with 2 clients", plan)
        for words in (
            self.client.name,
            self.other_client.name,
            "Tuesday, March 2, 2027, 09:00",
            "Cancelled",
        ):
            self.assertIn(words, plan)
        self.assertUntouched()
        tree = self.confirm(reason="Flu", message="Sorry!")
        flash = self.flash(tree)
        self.assertIn("Your time off is recorded. You cancelled 2 sessions.", flash)
        self.assertEqual(set(self.affected.mapped("state")), {"cancelled"})
        self.assertEqual(self.later.state, "scheduled")
        attendances = self.affected.attendance_ids
        self.assertEqual(set(attendances.mapped("outcome_note")), {"Flu"})
        self.assertEqual(self.mails().mapped("message"), ["Sorry!"] * 2)
        self.assertEqual(len(self.time_off()), 1)
        self.assertFalse(
            self.find(self.open(COACH), "//*[hasclass('o_coaching_flash')]"), "once"
        )

    # rank 24
    def test_offer(self):
        tree = self.ask("offer")
        self.assertEqual(self.plan(tree).count("Other times"), 3)
        flash = self.flash(self.confirm("offer", message="Sorry!"))
        self.assertIn("Other times are offered for 2 sessions.", flash)
        self.assertEqual(set(self.affected.proposal_ids.mapped("kind")), {"ill"})
        tree = self.open(f"{SESSIONS}/{self.first.id}", self.client_user)
        self.assertTrue(self.find(tree, "//*[hasclass('o_coaching_proposal')]"))

    def test_sent_twice(self):
        """Nobody is told twice, and the time off is there once."""
        seen = self.seen(self.ask())
        for _tap in range(2):
            self.assertSentHome(
                self.post(ABSENCE, mode="cancel", seen=seen, **DAYS), COACH
            )
        self.assertEqual(len(self.mails()), 2)
        self.assertEqual(len(self.time_off()), 1)
        self.assertIn("You cancelled 2 sessions", self.flash(self.open(COACH)))
        tree = self.ask(seen=seen)
        self.assertIn("has changed", self.text(tree, "//*[@role='alert']"))
        self.assertIn("You have no sessions on these days", self.plan(tree))

    def test_offered_twice(self):
        """Who chooses already keeps the same times, and gets no second mail."""
        seen = self.seen(self.ask("offer"))
        for _tap in range(2):
            self.assertSentHome(
                self.post(ABSENCE, mode="offer", seen=seen, **DAYS), COACH
            )
        self.open(COACH)
        proposals = self.affected.proposal_ids
        tree = self.ask("offer", seen=seen)
        self.assertIn("has changed", self.text(tree, "//*[@role='alert']"))
        self.assertEqual(self.plan(tree).count("Offered already"), 2)
        flash = self.flash(self.confirm("offer"))
        self.assertIn("No sessions had to change.", flash)
        self.assertEqual(self.affected.proposal_ids, proposals)
        self.assertEqual(set(proposals.mapped("state")), {"open"})
        self.assertEqual(len(self.mails()), 2)

    def test_longer_than_first_said(self):
        """Times offered on days on which the coach is ill as well are replaced."""
        self.confirm("offer")
        before = self.affected.proposal_ids
        flash = self.flash(self.confirm("offer", date_to="2027-03-06"))
        self.assertIn("Other times are offered for 3 sessions.", flash)
        self.assertEqual(set(before.mapped("state")), {"withdrawn"})
        still = (self.affected.proposal_ids - before).hold_ids
        self.assertGreater(str(min(still.mapped("start"))), "2027-03-07")

    def test_what_fails_is_said(self):
        """It stops no other, and the page says why."""
        cancel = self.registry["coaching.session"]._cancel_for_absence
        second = self.second

        def fail(sessions, *args, **kwargs):
            if second in sessions:
                raise UserError(sessions.env._("Not this time."))
            return cancel(sessions, *args, **kwargs)

        with patch.object(
            self.registry["coaching.session"], "_cancel_for_absence", fail
        ):
            flash = self.flash(self.confirm())
        self.assertIn("You cancelled one session.", flash)
        self.assertIn("These could not be changed:", flash)
        self.assertIn("Not this time.", flash)
        self.assertIn("Wednesday, March 3, 2027", flash)
        self.assertIn(self.other_client.name, flash)

    def test_no_session(self):
        """The time off is entered all the same, and said."""
        days = {"date_from": "2027-04-05", "date_to": ""}
        tree = self.ask(**days)
        self.assertIn("You have no sessions on these days", self.plan(tree))
        self.assertIn("Record the time off", self.text(tree))
        flash = self.flash(self.confirm(**days))
        self.assertIn("Your time off is recorded. No sessions had to change", flash)
        self.assertEqual(
            self.time_off().mapped(lambda off: (str(off.date_from), str(off.date_to))),
            [("2027-04-05 00:00:00", "2027-04-06 00:00:00")],
        )
        self.assertEqual(self.first.state, "scheduled")

    def test_booked_meanwhile(self):
        """What was not seen is not cancelled."""
        seen = self.seen(self.ask())
        self.book(days=1, hour=14, partner_ids=self.other_client.ids)
        self.login(self.portal_coach_user)
        tree = self.ask(seen=seen)
        self.assertIn("has changed", self.text(tree, "//*[@role='alert']"))
        self.assertIn("3 sessions", self.plan(tree))
        self.assertUntouched()

    def test_available_after_all(self):  # rank 24
        """Time off is listed, and ended by a tap; what was offered takes place."""
        self.confirm("offer")
        page = self.open(ABSENCE)
        (form,) = page.xpath("//ul[hasclass('o_coaching_time_off')]//form")
        self.assertIn("03/02/2027", form.text_content())
        fields = {
            one.get("name"): one.get("value")
            for one in form.xpath(".//input[@type='hidden']")
            if one.get("name") != "csrf_token"
        }
        self.assertEqual(fields["date_from"], "2027-03-02")
        response = self.post(f"{ABSENCE}/back", **fields)
        self.assertSentHome(response, COACH)
        self.assertIn("take place after all: 2", self.open(COACH).text_content())
        self.assertFalse(self.time_off())
        self.assertEqual(set(self.affected.mapped("state")), {"scheduled"})
        self.assertEqual(set(self.affected.proposal_ids.mapped("state")), {"withdrawn"})
        # a second tap says so, and does nothing
        self.post(f"{ABSENCE}/back", **fields)
        self.assertIn(
            "No time off is recorded for that day", self.open(COACH).text_content()
        )

    def test_many_days(self):
        """The page costs the same number of queries for each session at most."""
        self._sell(self.other_client)
        for day in (7, 8, 9, 10):
            self.book(days=day, hour=9, partner_ids=self.other_client.ids)
        self.login(self.portal_coach_user)
        counts = []
        for days in (DAYS, {"date_from": "2027-03-02", "date_to": "2027-03-12"}):
            self.ask(**days)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.ask(**days)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)
