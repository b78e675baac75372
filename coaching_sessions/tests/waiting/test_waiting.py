from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common_waiting import WaitingCommon

HOUR = timedelta(hours=1)


@tagged("post_install", "-at_install")
class TestWaiting(WaitingCommon):
    """What becomes free is offered to who waits, in order (rank 20)."""

    def test_in_order(self):
        """The first one who fits has it; then, after the deadline, the next one."""
        first, second = self.wait(), self.wait(self.third.partner_id)
        self.offer()
        self.assertFalse((first | second).proposal_ids)
        self.free()
        proposal = first.proposal_ids
        self.assertEqual((first.state, second.state), ("offered", "waiting"))
        self.assertEqual(proposal.hold_ids.start, self.early.start)
        self.assertEqual(proposal.deadline, self.now + timedelta(hours=24))
        mail = self.env["coaching.notification"].search(
            [("proposal_id", "=", proposal.id)]
        )
        self.assertEqual(mail.kind, "proposal_free")
        self.assertEqual(mail.partner_id, self.other_client)
        self.offer()
        self.assertFalse(second.proposal_ids, "one at a time")
        with self.assertRaisesRegex(
            UserError, "is currently offered to another client"
        ):
            self.book(start=self.early.start)
        self.travel(proposal.deadline)
        self.run_cron("coaching.proposal", "_cron_expire")
        self.offer()
        self.assertEqual((first.state, second.state), ("waiting", "offered"))
        self.assertEqual(len(first.proposal_ids), 1, "not the same time again")
        second.proposal_ids.with_user(self.third).action_accept()
        self.assertEqual(second.state, "booked")
        session = second.proposal_ids.booked_session_id
        self.assertEqual(session.start, self.early.start)
        self.assertEqual(session.attendance_ids.partner_id, self.third.partner_id)
        self.assertTrue(session.attendance_ids.package_id)

    def test_declined(self):
        """Who does not want it waits for another time, the next one is asked."""
        first, second = self.wait(self.third.partner_id), self.wait()
        self.free()
        first.proposal_ids.with_user(self.third).action_refuse()
        self.assertEqual(first.state, "waiting")
        self.offer()
        self.assertEqual((first.state, second.state), ("waiting", "offered"))
        self.free(self.late)
        self.assertEqual(first.state, "offered")
        last = first.proposal_ids.sorted("id")[-1]
        self.assertEqual(last.hold_ids.start, self.late.start)

    def test_a_moved_session_frees_its_time(self):
        entry = self.wait()
        self.early.action_reschedule("2027-03-16 08:00:00")
        trigger = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.env["coaching.waiting"]._get_cron().id)], limit=1
        )
        self.assertTrue(trigger, "the cron is woken up")
        self.offer()
        self.assertEqual(entry.proposal_ids.hold_ids.start, datetime(2027, 3, 9, 8))

    def test_booking_it_otherwise(self):
        """Who books the time on the page for booking has taken the offer."""
        entry = self.wait()
        self.free()
        self.book(start=self.early.start, partner_ids=self.other_client.ids)
        self.assertEqual(entry.state, "booked")
        self.assertEqual(entry.proposal_ids.state, "accepted")

    def test_booking_something_else_over_it(self):
        """What only overlaps the offer is no answer: the client goes on waiting."""
        self.consultation.package_required = False
        self.consultation.client_once = False
        self.late.action_cancel()
        for vals in (
            {"booking_type_id": self.consultation.id},
            {"start": self.early.start + timedelta(minutes=45)},
        ):
            with self.subTest(vals):
                self.calendar.attendance_ids.hour_to = 11
                entry = self.wait(hour_to=9)
                self.offer() if self.early.state != "scheduled" else self.free()
                proposal = entry.proposal_ids
                session = self.book(
                    **{
                        "start": self.early.start,
                        "partner_ids": self.other_client.ids,
                        **vals,
                    }
                )
                self.assertEqual(entry.state, "waiting")
                self.assertEqual(proposal.state, "withdrawn")
                self.assertEqual(proposal.hold_ids.state, "released")
                session.action_cancel()
                entry.action_leave()

    def test_wish_in_words(self):
        entry = self.wait(weekdays=[0, 2], hour_from=16, hour_to=19.5)
        self.assertEqual(entry.wish, "Mon, Wed 04:00 PM–07:30 PM")
        self.assertEqual(self.wait().wish, "Any")

    def test_wishes(self):
        """Days and hours are the client's own."""
        self.third.partner_id.tz = "Europe/Brussels"
        self.early.action_cancel()
        for wishes, suits in (
            ({"weekdays": [0, 2]}, False),
            ({"weekdays": [1]}, True),
            ({"hour_from": 9.5}, False),
            ({"hour_from": 9.0}, True),  # 8:00 UTC is 9:00 in Brussels
            ({"hour_to": 9.5}, False),
            ({"hour_from": 9.0, "hour_to": 10.0}, True),
            ({"date_from": "2027-03-10", "date_to": "2027-03-15"}, False),
        ):
            with self.subTest(wishes):
                entry = self.wait(self.third.partner_id, **wishes)
                self.offer()
                held = entry.proposal_ids.hold_ids.filtered(
                    lambda hold: hold.start == self.early.start
                )
                self.assertEqual(bool(held), suits)
                entry.action_leave()

    def test_any_coach(self):
        """Whoever is free, also who has nothing to do with the one before."""
        self.individual.company_id = self.company
        self.individual.coach_ids = self.coach | self.other_coach
        entry = self.wait(coach_id=False)
        self.offer()
        self.assertEqual(entry.proposal_ids.coach_id, self.other_coach)

    def test_deadline_within_the_notice(self):
        """Never beyond the notice for booking, and not at all when it is over."""
        self.individual.min_notice_hours = 2
        self.company.coaching_waiting_hours = 5
        entry = self.wait()
        self.travel(self.early.start - 4 * HOUR)
        self.free()
        self.assertEqual(entry.proposal_ids.deadline, self.early.start - 2 * HOUR)
        entry.action_leave()
        self.assertEqual(entry.proposal_ids.state, "withdrawn")
        entry = self.wait(self.third.partner_id)
        self.travel(self.early.start - 2 * HOUR)
        self.offer()
        self.assertFalse(entry.proposal_ids)

    def test_all_are_looked_at(self):
        """Those behind a full batch that nothing suits too."""
        entries = self.wait(weekdays=[0])
        entries |= self.wait(self.third.partner_id)
        self.early.action_cancel()
        self.run_cron("coaching.waiting", "_cron_offer", limit=1)
        self.assertEqual(entries.mapped("state"), ["waiting", "offered"])

    def test_time_is_over(self):
        entry = self.wait()
        self.travel(datetime(2027, 3, 11, 13))
        self.offer()
        self.assertEqual(entry.state, "expired")
        with self.assertRaisesRegex(UserError, "This is no longer on the waiting list"):
            entry.action_leave()

    def test_one_that_fails(self):
        first, second = self.wait(), self.wait(self.third.partner_id)
        Waiting = self.registry["coaching.waiting"]
        offer = Waiting._offer

        def fail(entry):
            if entry == first:
                raise ValueError("broken")
            return offer(entry)

        with (
            patch.object(Waiting, "_offer", fail),
            mute_logger(
                "odoo.addons.coaching_sessions.models.waiting.coaching_waiting_offer"
            ),
        ):
            self.free()
        self.assertEqual((first.state, second.state), ("waiting", "offered"))

    def test_looking_costs_as_much_for_each(self):
        """Nothing free: as many queries for the tenth as for the second."""
        counts = []
        for number in (1, 5, 5):
            for _n in range(number):
                user = new_test_user(
                    self.env, f"coaching_w{self._count()}", "base.group_portal"
                )
                self.wait(user.partner_id)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.offer()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2] - counts[1], 1.2 * (counts[1] - counts[0]))

    def _count(self):
        return self.env["coaching.waiting"].search_count([])

    def test_cancelling_looks_for_nothing(self):
        """Not in the way of who cancels: one question, whoever waits."""
        self.wait()
        with patch.object(self.registry["coaching.waiting"], "_offer") as offer:
            self.early.action_cancel()
        offer.assert_not_called()
