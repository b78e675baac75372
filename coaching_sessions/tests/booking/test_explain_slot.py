# Over 300 lines: one crowded fortnight is compared in every respect.

import random
from datetime import date, datetime, timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from ..time.common_slots import SlotsCommon

FIRST, LAST = date(2027, 3, 1), date(2027, 3, 14)
# what a start can be refused for, and how it is told
REASONS = {
    "past": "is in the past",
    "late": "Choose a later time, or ask your coach",
    "early": "It is too early to book this time:",
    "hours": "does not work at",
    "off": "has time off too close to",
    "session": "Clerk already has a session",
    "client": "Client already has a session",
    "hold": "is currently offered to another client",
    "event": "has another appointment at",
    "reserved": "for another client every week",
    "day": "has reached the maximum number of sessions on the day of",
    "week": "has reached the maximum number of sessions in the week of",
    "resource": "No room is free",
    "grid": "Choose one of the times offered",
}


@tagged("post_install", "-at_install")
class TestExplainSlot(SlotsCommon):
    """Why a time is not offered: in the words that booking it is refused with."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coach.partner_id.name = "Clara Clerk"
        cls.client.name = "Anna Client"

    def explain(self, start, user=None, coach=None, **kwargs):
        types = self.env["coaching.booking.type"].with_user(user or self.manager)
        coach_id = (self.coach if coach is None else coach).id
        return types.explain_slot(self.type.id, coach_id, start, **kwargs)

    def offered(self, user, partner=None, coach=None):
        """Return the starts of two weeks."""
        found = (
            self.env["coaching.booking.type"]
            .with_user(user)
            .get_slots(
                self.type.id,
                FIRST,
                LAST,
                coach_ids=(self.coach if coach is None else coach).ids or None,
                tz="UTC",
                partner_id=partner and partner.id,
            )
        )
        return {fields.Datetime.to_datetime(slot["start"]) for slot in found}

    def _crowd(self):
        """Take the coach's time with everything that can take it."""
        self.type.write(
            {
                "buffer_before_minutes": 10,
                "buffer_after_minutes": 20,
                "preparation_minutes": 15,
                "min_notice_hours": 26,
                "horizon_days": 11,
            }
        )
        self.coach.write({"max_sessions_day": 2, "max_sessions_week": 5})
        clients = self.env["res.partner"].create(
            [{"name": f"Client {number}"} for number in range(8)]
        )
        # a full day in the first week, and then a full week
        taken = [(2, 10), (3, 9), (3, 14), (9, 9), (9, 14), (10, 9), (10, 14), (11, 9)]
        for client, (day, hour) in zip(clients, taken, strict=True):
            self._book_for(client, self.at(hour, date(2027, 3, day)))
        # the client is somewhere else, once with this coach's colleague
        self._book_for(
            self.client,
            self.at(15, date(2027, 3, 4)),
            coach_id=self.other_coach.id,
            booking_type_id=self.individual.id,
        )
        self._sell(self.other_client)
        engagement = self._engage(self.other_client).with_user(self.manager)
        engagement.action_reserve_slot(
            self.at(10, date(2027, 3, 5)), booking_type_id=self.type.id
        )
        until = self.at(20, date(2027, 3, 8))
        for partner, day in ((clients[0], 4), (self.client, 5)):
            start = self.at(13.75, date(2027, 3, day))
            self.env["coaching.hold"]._hold(
                self.type, self.coach, [start], until, partner
            )
        self.env["calendar.event"].with_context(no_mail_to_attendees=True).create(
            {
                "name": "Dentist",
                "start": self.at(8, date(2027, 3, 5)),
                "stop": self.at(9.25, date(2027, 3, 5)),
                "show_as": "busy",
                "partner_ids": [Command.set(self.coach.partner_id.ids)],
                "user_id": False,
            }
        )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "resource_id": self.coach.resource_id.id,
                "date_from": self.at(12, date(2027, 3, 12)),
                "date_to": self.at(12, date(2027, 3, 19)),
            }
        )
        self._close_room(self.at(13, date(2027, 3, 2)), self.at(15, date(2027, 3, 2)))

    def _close_room(self, first, last):
        """Let the type need a room that is closed for a while."""
        room = self.env["resource.resource"].create(
            {
                "name": "Blue room",
                "resource_type": "material",
                "tz": "UTC",
                "calendar_id": False,
            }
        )
        self.env["coaching.booking.type.need"].create(
            {
                "name": "room",
                "booking_type_id": self.type.id,
                "resource_ids": [Command.set(room.ids)],
            }
        )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Painted",
                "resource_id": room.id,
                "date_from": first,
                "date_to": last,
            }
        )

    def _choose(self, numbers, offered):
        """Return moments of two weeks: anywhere, on the grid, and what is offered."""
        midnight = datetime.combine(FIRST, datetime.min.time())
        moments = {
            midnight + timedelta(minutes=minutes)
            for minutes in (
                *numbers.sample(range(0, 14 * 1440), 30),
                *numbers.sample(range(0, 14 * 1440, 5), 40),
                *numbers.sample(range(15, 14 * 1440, 30), 80),
            )
        }
        # while the client is somewhere else
        moments |= {self.at(hour, date(2027, 3, 4)) for hour in (14.5, 15, 15.75)}
        return sorted(moments | offered)

    def test_empty_where_it_is_offered(self):
        """Whoever asks, for two weeks in which everything takes time."""
        self._crowd()
        numbers = random.Random(147)
        told = set()
        for user, partner in (
            (self.manager, self.visitor),
            (self.manager, self.client),
            (self.coach_user, None),
            (self.client_user, None),
        ):
            offered = self.offered(user, partner)
            self.assertTrue(offered)
            for moment in self._choose(numbers, offered):
                reason = self.explain(
                    moment, user=user, partner_id=partner and partner.id
                )
                with self.subTest(user=user.login, moment=moment, reason=reason):
                    self.assertEqual(reason == "", moment in offered)
                    if reason:
                        told.add(self._get_reason(reason))
        self.assertEqual(told, set(REASONS))

    def _get_reason(self, sentence):
        [reason] = [code for code, part in REASONS.items() if part in sentence]
        return reason

    def test_as_booking_refuses_it(self):
        """The same sentence, for client and manager."""
        self._crowd()
        numbers = random.Random(6)
        for user, partner in (
            (self.client_user, self.client),
            (self.manager, self.visitor),
        ):
            offered = self.offered(user, partner)
            for moment in numbers.sample(self._choose(numbers, set()), 40):
                reason = self.explain(moment, user=user, partner_id=partner.id)
                refused = self.try_to_book(moment, user=user, partner=partner)
                with self.subTest(user=user.login, moment=moment):
                    self.assertEqual(reason == "", moment in offered)
                    if (
                        "Choose one of the times offered" in reason
                        and user == self.manager
                    ):
                        self.assertIsNone(refused, "staff take any minute")
                    else:
                        self.assertEqual(reason, refused or "")

    def test_groups(self):
        self.type.max_participants = 2
        self._book_for(self.other_client, self.at(9))
        self.assertEqual(self.explain(self.at(9)), "", "one seat is left")
        self.assertIn("already has a session", self.explain(self.at(9.5)))
        self._book_for(self.client, self.at(9))
        self.assertIn("has no seat left", self.explain(self.at(9)))
        self.assertIn(
            "Anna Client already", self.explain(self.at(9), partner_id=self.client.id)
        )
        # somewhere else, whatever seats there are
        self._book_for(self.other_client, self.at(14))
        self._book_for(
            self.client,
            self.at(14.5),
            coach_id=self.other_coach.id,
            booking_type_id=self.individual.id,
        )
        reason = self.explain(self.at(14), partner_id=self.client.id)
        self.assertIn("Anna Client already", reason)
        self.type.client_join_only = True
        self.assertIn("to join", self.explain(self.at(11), user=self.client_user))
        self.assertEqual(self.explain(self.at(11)), "", "staff begin new ones")
        for user, partner in ((self.manager, self.visitor), (self.client_user, None)):
            offered = self.offered(user, partner)
            for hour in (8, 9, 9.5, 10, 13, 14, 16):
                reason = self.explain(
                    self.at(hour), user=user, partner_id=partner and partner.id
                )
                self.assertEqual(reason == "", self.at(hour) in offered, reason)

    def test_any_coach(self):
        nobody = self.env["coaching.coach"]
        self._book_for(self.client, self.at(9))
        self.assertEqual(self.explain(self.at(9), coach=nobody), "")
        self._book_for(self.visitor, self.at(9), coach_id=self.other_coach.id)
        self.assertIn("Nobody is free", self.explain(self.at(9), coach=nobody))
        offered = self.offered(self.manager, coach=nobody)
        for hour in (8, 9, 9.25, 10, 12, 20):
            reason = self.explain(self.at(hour), coach=nobody)
            self.assertEqual(reason == "", self.at(hour) in offered, reason)

    def test_as_many_queries_for_many_coaches(self):
        counts = []
        # the first one is for what is cached for good
        for wanted in (1, 1, 10, 40):
            self.type.coach_ids = self._get_coaches(wanted)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            reason = self.explain(self.at(23), coach=self.env["coaching.coach"])
            counts.append(self.env.cr.sql_log_count - before)
            self.assertIn("Nobody is free", reason)
        self.assertEqual(len(set(counts[1:])), 1, counts)

    def test_coaches_who_can_not_be_booked(self):
        third = self.env["coaching.coach"].create(
            {"partner_id": self.env["res.partner"].create({"name": "Third"}).id}
        )
        reason = self.explain(self.at(9), coach=third)
        self.assertIn("Third", reason)
        self.assertIn("Choose another coach", reason)
        third.active = False
        self.assertIn("no longer available", self.explain(self.at(9), coach=third))
        company = self.env["res.company"].create({"name": "Elsewhere"})
        far = self.env["coaching.coach"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Far"}).id,
                "company_id": company.id,
            }
        )
        self.assertNotIn("Far", self.explain(self.at(9), coach=far))
        self.assertTrue(self.explain(self.at(9), coach=far))

    def test_what_makes_no_sense(self):
        """Told as a sentence, as whatever else is in the way."""
        for start in (None, "", "soon", "2027-03-02T09:00:00+01:00", [], 5):
            with self.subTest(start=start):
                self.assertRegex(self.explain(start), r"\w\.$")
        types = self.env["coaching.booking.type"].with_user(self.manager)
        for booking_type_id, coach_id in (
            (0, self.coach.id),
            ("x", self.coach.id),
            (10**7, self.coach.id),
            (self.type.id, "x"),
            (self.type.id, 10**7),
            (self.type.id, [self.coach.id]),
        ):
            with self.subTest(booking_type_id=booking_type_id, coach_id=coach_id):
                reason = types.explain_slot(booking_type_id, coach_id, self.at(9))
                self.assertRegex(reason, r"\w\.$")

    def test_who_may_ask(self):
        visitor = self.env.ref("base.public_user")
        with self.assertRaises(AccessError):
            self.explain(self.at(9), user=visitor)
        self.assertEqual(self.explain(self.at(9), user=self.client_user), "")
        with self.assertRaises(AccessError):
            self.explain(
                self.at(9), user=self.client_user, partner_id=self.other_client.id
            )
        other = new_test_user(self.env, "another_client", "base.group_portal")
        self._book_for(self.client, self.at(9))
        reason = self.explain(self.at(9), user=other)
        self.assertIn("already has a session", reason)
        self.assertNotIn("Anna", reason, "with whom is nobody's business")

    def test_dialog(self):
        """Staff read beside the time why it is not offered."""
        self._book_for(self.client, self.at(9))
        form = Form(self.env["coaching.session.book"].with_user(self.manager))
        form.booking_type_id = self.type
        form.coach_id = self.coach
        self.assertFalse(form.slot_explanation)
        form.start = self.at(9)
        self.assertIn("already has a session", form.slot_explanation)
        form.start = self.at(10)
        self.assertFalse(form.slot_explanation)
        form.start = self.at(10.25)
        self.assertIn("Choose one of the times offered", form.slot_explanation)
        form.coach_id = self.env["coaching.coach"]
        self.assertIn("Nobody is free", form.slot_explanation)
