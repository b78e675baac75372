from datetime import datetime, timedelta
from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import CoachingCommon

HOUR = timedelta(hours=1)


@tagged("post_install", "-at_install")
class TestWaiting(CoachingCommon):
    """What becomes free is offered to who waits, in order (rank 20)."""

    def setUp(self):
        super().setUp()
        self.env["coaching.waiting"].search([]).state = "cancelled"
        # the coach works on Tuesday from 8 to 10 only, and that is taken
        self.calendar.attendance_ids.filtered(
            lambda hours: hours.dayofweek != "1" or hours.hour_from > 12
        ).unlink()
        self.calendar.attendance_ids.hour_to = 10
        self.individual.min_notice_hours = 0
        self.third = new_test_user(
            self.env, "coaching_third", "base.group_portal", tz="UTC"
        )
        for partner in (self.other_client, self.third.partner_id):
            self._sell(partner)
        self.day = "2027-03-09"
        self.early = self.book(start="2027-03-09 08:00:00")
        self.late = self.book(start="2027-03-09 09:00:00")

    def wait(self, partner=None, **vals):
        return self.env["coaching.waiting"].join(
            {
                "partner_id": (partner or self.other_client).id,
                "booking_type_id": self.individual.id,
                "coach_id": self.coach.id,
                "date_from": self.day,
                "date_to": self.day,
                **vals,
            }
        )

    def offer(self):
        self.run_cron("coaching.waiting", "_cron_offer")

    def free(self, session=None):
        (session or self.early).with_user(self.coach_user).action_cancel()
        self.offer()

    def test_in_order(self):
        """The first one who fits has it; then, after his time, the next one."""
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
        with self.assertRaisesRegex(UserError, "being offered"):
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
        """What only overlaps the offer is no answer: he goes on waiting."""
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
        self.assertEqual(entry.wish, "Mon, Wed 16:00–19:30")
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

    def fill_group(self):
        """Return a full group of two on the later time."""
        self.group_type.write({"max_participants": 2, "duration_minutes": 60})
        self.group_type.min_notice_hours = 0
        self.late.action_cancel()
        for partner in (self.client, self.other_client):
            group = self.book(
                start=self.late.start,
                booking_type_id=self.group_type.id,
                partner_ids=partner.ids,
            )
        return group

    def leave_group(self, group):
        """One leaves the group, and the seat is offered."""
        leaving = group.attendance_ids.filtered(
            lambda a: a.partner_id == self.other_client
        )
        leaving.action_close("client_early_cancel")
        self.offer()

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
        with self.assertRaisesRegex(UserError, "The seat is on"):
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
        with self.assertRaisesRegex(UserError, "does not take place"):
            entry.proposal_ids.action_accept()

    def test_rules_for_clients(self):
        """Who waits for himself gets what he could book himself, nothing else."""
        self.consultation.write({"client_once": True, "min_notice_hours": 0})
        wish = {
            "booking_type_id": self.consultation.id,
            "coach_id": self.coach.id,
            "date_from": self.day,
            "date_to": self.day,
        }
        Waiting = self.env["coaching.waiting"].with_user(self.third)
        entry = Waiting.join(wish).sudo()
        self.free()
        proposal = entry.proposal_ids.with_user(self.third)
        self.assertEqual(proposal.state, "open")
        other = self.book(
            user=self.third,
            start="2027-03-02 08:00:00",
            booking_type_id=self.consultation.id,
            coach_id=self.other_coach.id,
            partner_ids=self.third.partner_id.ids,
        )
        with self.assertRaisesRegex(UserError, "can be booked once"):
            proposal.action_accept()
        self.assertEqual(proposal.state, "open")
        with self.assertRaisesRegex(UserError, "can't book that yourself"):
            Waiting.join({**wish, "weekdays": [1]})
        other.with_user(self.manager).action_cancel()
        self.assertTrue(Waiting.join({**wish, "weekdays": [1]}))
        # what was offered is not refused for the time it begins at
        self.consultation.write({"min_notice_hours": 24 * 30, "horizon_days": 1})
        proposal.action_accept()
        attendance = proposal.sudo().booked_session_id.attendance_ids
        self.assertEqual(attendance.once_type_id, self.consultation)
        self.consultation.write({"client_once": False, "client_can_book": False})
        with self.assertRaisesRegex(UserError, "can't book that yourself"):
            Waiting.join({**wish, "weekdays": [2]})
        # staff asks for whatever a client is to have
        self.assertTrue(self.wait(booking_type_id=self.consultation.id))

    def test_staff_is_not_bound(self):
        self.consultation.write({"client_once": True, "min_notice_hours": 0})
        self.book(
            start="2027-03-02 08:00:00",
            booking_type_id=self.consultation.id,
            coach_id=self.other_coach.id,
            partner_ids=self.third.partner_id.ids,
        )
        entry = self.wait(self.third.partner_id, booking_type_id=self.consultation.id)
        self.free()
        entry.proposal_ids.with_user(self.third).action_accept()
        self.assertEqual(entry.state, "booked")

    def test_all_are_looked_at(self):
        """Those behind a full batch that nothing suits too."""
        entries = self.wait(weekdays=[0])
        entries |= self.wait(self.third.partner_id)
        self.early.action_cancel()
        self.run_cron("coaching.waiting", "_cron_offer", limit=1)
        self.assertEqual(entries.mapped("state"), ["waiting", "offered"])

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

    def test_refused_on_accepting(self):
        """What can't be booked leaves the offer open."""
        entry = self.wait(self.third.partner_id)
        self.free()
        terms = self.env["coaching.terms"].create(
            {"name": "House rules", "body": "Be on time."}
        )
        self.company.coaching_terms_id = terms
        proposal = entry.proposal_ids.with_user(self.third)
        with self.assertRaisesRegex(UserError, "Read and accept"):
            proposal.action_accept()
        self.assertEqual((proposal.state, entry.state), ("open", "offered"))
        self.assertEqual(proposal.sudo().hold_ids.state, "held")
        proposal.action_accept(terms_accepted=terms.id)
        self.assertEqual(entry.state, "booked")

    def test_time_is_over(self):
        entry = self.wait()
        self.travel(datetime(2027, 3, 11, 13))
        self.offer()
        self.assertEqual(entry.state, "expired")
        with self.assertRaisesRegex(UserError, "not on the waiting list any more"):
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

    def test_the_database_guards(self):
        """One open offer an entry, one entry a wish, and none is deleted."""
        entry = self.wait()
        with self.assertRaisesRegex(UserError, "already"):
            self.wait()
        self.free()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(psycopg2.Error, "one_offer"),
            self.env.cr.savepoint(flush=False),
        ):
            self.env.cr.execute(
                "INSERT INTO coaching_proposal SELECT (jsonb_populate_record(proposal,"
                " jsonb_build_object('id', nextval('coaching_proposal_id_seq')))).*"
                " FROM coaching_proposal proposal WHERE id = %s",
                (entry.proposal_ids.id,),
            )
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(psycopg2.Error, "never deleted"),
            self.env.cr.savepoint(flush=False),
        ):
            self.env.cr.execute(
                "DELETE FROM coaching_waiting WHERE id = %s", (entry.id,)
            )
        with self.assertRaisesRegex(UserError, "never deleted"):
            entry.unlink()

    def test_what_makes_no_sense(self):
        for vals in (
            {"date_from": None},
            {"date_from": "2027-03-10", "date_to": "2027-03-09"},
            {"date_to": "2029-03-10"},
            {"date_from": "2026-03-10", "date_to": "2026-03-11"},
            {"weekdays": [7]},
            {"weekdays": "Monday"},
            {"hour_from": 10, "hour_to": 9},
            {"hour_from": "nine"},
            {"hour_to": 25},
            {"booking_type_id": 0},
            {"booking_type_id": 2**31 - 1},
            {"session_id": self.early.id},
            {"colour": "red"},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                self.wait(**vals)

    def test_rights(self):
        Waiting = self.env["coaching.waiting"].with_user(self.third)
        vals = {
            "booking_type_id": self.individual.id,
            "date_from": self.day,
            "date_to": self.day,
        }
        mine = Waiting.join(vals)
        self.assertEqual(mine.partner_id, self.third.partner_id)
        with self.assertRaises(AccessError):
            Waiting.join({**vals, "partner_id": self.client.id})
        for user in (self.client_user, self.portal_coach_user, self.coach_user):
            with self.subTest(user.login), self.assertRaises(AccessError):
                mine.with_user(user).action_leave()
            self.assertFalse(mine.with_user(user).has_access("read"))
        with self.assertRaises(AccessError):
            mine.write({"state": "booked"})
        own = self.env["coaching.waiting"].with_user(self.coach_user)
        own.join(
            {**vals, "coach_id": self.coach.id, "partner_id": self.client.id}
        ).action_leave()
        mine.action_leave()
        self.assertEqual(mine.state, "cancelled")

    def test_dialog(self):
        wizard = (
            self.env["coaching.waiting.join"]
            .with_user(self.manager)
            .create(
                {
                    "partner_id": self.client.id,
                    "booking_type_id": self.individual.id,
                    "date_from": self.day,
                    "date_to": self.day,
                    "tuesday": True,
                }
            )
        )
        wizard.action_join()
        entry = self.env["coaching.waiting"].search([])[-1]
        self.assertEqual((entry.partner_id, entry.weekdays), (self.client, "1"))

    def test_cancelling_looks_for_nothing(self):
        """Not in the way of who cancels: one question, whoever waits."""
        self.wait()
        with patch.object(self.registry["coaching.waiting"], "_offer") as offer:
            self.early.action_cancel()
        offer.assert_not_called()
