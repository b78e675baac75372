from datetime import timedelta

from odoo.tests import tagged

from .common_slots import DAY, SlotsCommon


@tagged("post_install", "-at_install")
class TestSlots(SlotsCommon):
    """When a session can be booked: what is offered is what is accepted (R147)."""

    # === RULES FOR CLIENTS === #

    # section 2, rank 21
    def test_notice_and_horizon_are_for_clients(self):
        self.type.write({"min_notice_hours": 26, "horizon_days": 3})
        self.travel(self.at(8) - timedelta(days=1))
        self.assertEqual(
            self.slots(user=self.client_user), self.hours((10, 11), (13, 16))
        )
        self.assertSameAsBook(user=self.client_user, partner=self.client)
        self.assertIn("too late", self._as_client(self.at(9.5)))
        friday = DAY + timedelta(days=3)
        self.assertFalse(self.slots(day=friday, user=self.client_user))
        self.assertIn("too early", self._as_client(self.at(9, friday)))
        # up to the minute
        self.assertEqual(
            self.slots(day=DAY + timedelta(days=2), user=self.client_user), [8]
        )
        for user in (self.manager, self.coach_user):
            self.assertEqual(self.slots(user=user), self.hours((8, 11), (13, 16)))
            self.assertTrue(self.slots(day=friday, user=user))
        self.assertIsNone(self.try_to_book(self.at(9), user=self.manager))

    def test_grid(self):
        """Clients choose what is offered; coaches know better."""
        self.type.slot_step_minutes = 45
        self.assertEqual(
            self.slots(user=self.client_user),
            [8, 8.75, 9.5, 10.25, 11, 13, 13.75, 14.5, 15.25, 16],
        )
        self.assertSameAsBook(user=self.client_user, partner=self.client, step=15)
        self.assertIn("Choose one of the times offered", self._as_client(self.at(8.5)))
        self.assertIsNone(self.try_to_book(self.at(8.5), user=self.manager))

    def test_nothing_in_the_past(self):
        self.travel(self.at(9.5))
        self.assertEqual(self.slots(), self.hours((10, 11), (13, 16)))
        self.assertSameAsBook()

    # === SEVERAL COACHES, SEVERAL CLIENTS === #

    def test_any_coach(self):
        both = self.coach | self.other_coach
        self._book_for(self.client, self.at(9))
        found = self.env["coaching.booking.type"].get_slots(
            self.type.id, DAY, DAY, tz="UTC"
        )
        free = {self._hour(slot["start"]): slot["coach_ids"] for slot in found}
        self.assertEqual(sorted(free[8]), both.ids)
        self.assertEqual(free[9], self.other_coach.ids)
        self.assertEqual(list(free), self.hours((8, 11), (13, 16)))

    def test_any_coach_is_the_least_busy_who_is_free(self):
        self._book_for(self.client, self.at(9))
        session = self._book_for(self.visitor, self.at(13), coach_id=None)
        self.assertEqual(session.coach_id, self.other_coach, "has less to do")
        more = self._book_for(self.other_client, self.at(13), coach_id=None)
        self.assertEqual(more.coach_id, self.coach, "is the only one who is free")
        reason = self.try_to_book(self.at(13), coach_id=None)
        self.assertIn("Nobody is free", self.try_to_book(self.at(20), coach_id=None))
        self.assertTrue(reason)

    def test_group_sessions_are_offered_while_seats_are_left(self):
        self.type.max_participants = 2
        self._book_for(self.client, self.at(9))
        by_hour = self._seats()
        self.assertEqual(by_hour[9], 1)
        self.assertEqual(by_hour[10], 2)
        self.assertNotIn(9.5, by_hour, "the coach is taken")
        self.assertNotIn(9, self._seats(partner_id=self.client.id), "they are in it")
        self._book_for(self.other_client, self.at(9))
        self.assertNotIn(9, self._seats(), "full")
        self.assertSameAsBook()

    def _seats(self, **kwargs):
        found = self.env["coaching.booking.type"].get_slots(
            self.type.id, DAY, DAY, coach_ids=self.coach.ids, tz="UTC", **kwargs
        )
        return {self._hour(slot["start"]): slot["seats"] for slot in found}

    def test_clients_only_join(self):
        """Clients find the groups that are there; staff begins new ones."""
        self.type.write({"max_participants": 2, "client_join_only": True})
        # off the grid: what is there is joined when it is
        for hour in (9, 13.25):
            self._book_for(self.other_client, self.at(hour))
        self.assertEqual(self.slots(user=self.client_user), [9, 13.25])
        self.assertSameAsBook(user=self.client_user, partner=self.client, step=15)
        reason = self._as_client(self.at(15))
        self.assertIn("Choose one of the times offered", reason)
        self.assertIn("Nobody", self._as_client_with_anybody(self.at(15)))
        self.assertIsNone(self._as_client_with_anybody(self.at(9)))
        self._book_for(self.visitor, self.at(9))
        self.assertEqual(self.slots(user=self.client_user), [13.25], "one is full")
        self.assertIn("no seat left", self._as_client(self.at(9)))
        for user in (self.manager, self.coach_user):
            self.assertIn(15, self.slots(user=user))
            self.assertIsNone(self.try_to_book(self.at(15), user=user))
        self.assertSameAsBook(user=self.manager, partner=self.client)
        self.type.max_participants = 1
        self.assertIn(15, self.slots(user=self.client_user), "for one alone it's open")

    def test_whoever_waits_only_joins(self):
        self.type.write({"max_participants": 2, "client_join_only": True})
        self._book_for(self.other_client, self.at(9))
        entry = self.env["coaching.waiting"].new(
            {
                "booking_type_id": self.type.id,
                "company_id": self.env.company.id,
                "coach_id": self.coach.id,
                "partner_id": self.client.id,
                "date_from": DAY,
                "date_to": DAY,
                "tz": "UTC",
            }
        )
        found = self.type._find_slots(entry._prepare_slot_request())
        self.assertEqual([self._hour(slot["start"]) for slot in found], [9])

    def _as_client_with_anybody(self, start):
        return self.try_to_book(
            start, user=self.client_user, partner=self.client, coach_id=None
        )

    def test_what_is_joined_is_told_apart(self):
        self.type.max_participants = 2
        self._book_for(self.other_client, self.at(9))
        found = self.env["coaching.booking.type"].get_slots(
            self.type.id, DAY, DAY, coach_ids=self.coach.ids, tz="UTC"
        )
        joins = {self._hour(slot["start"]): slot["joins"] for slot in found}
        self.assertTrue(joins[9])
        self.assertFalse(joins[10])

    def test_a_full_group_hides_nobody_who_is_free(self):
        self.type.max_participants = 2
        for client in (self.client, self.other_client):
            self._book_for(client, self.at(9))
        self.assertIn(9, self.slots(coaches=self.coach | self.other_coach))
        session = self._book_for(self.visitor, self.at(9), coach_id=None)
        self.assertEqual(session.coach_id, self.other_coach)

    def test_a_coach_who_is_a_client_too(self):
        """Supervision: the coach can't hold a session meanwhile."""
        self._book_for(self.coach.partner_id, self.at(9), coach_id=self.other_coach.id)
        self.assertEqual(self.slots(), self.hours((8, 8), (10, 11), (13, 16)))
        self.assertSameAsBook()

    def test_coaches_who_are_gone(self):
        self.other_coach.resource_id.active = False
        self.assertFalse(self.slots(coaches=self.other_coach))

    def test_moving_within_its_limits(self):
        """What a client may not move to is not offered."""
        session = self._book_for(self.client, self.at(9))
        self.type.max_move_days = 1
        kwargs = {"user": self.client_user, "session_id": session.id}
        self.assertTrue(self.slots(day=DAY + timedelta(days=1), **kwargs))
        self.assertFalse(self.slots(day=DAY + timedelta(days=2), **kwargs))
        self.assertTrue(
            self.slots(day=DAY + timedelta(days=2), session_id=session.id), "staff"
        )
        self.type.max_moves = 1
        session.move_count = 1
        self.assertFalse(self.slots(day=DAY + timedelta(days=1), **kwargs))

    def test_limits_while_a_session_is_closed(self):
        """A number stays given when what had it is over."""
        self.coach.max_sessions_day = 2
        session = self._book_for(self.client, self.at(8))
        self.travel(self.at(9.5))
        session.attendance_ids.action_close("completed")
        other = self._book_for(self.other_client, self.at(10))
        self.assertNotEqual(session.day_key, other.day_key)

    def test_seconds_are_whole(self):
        session = self._book_for(self.visitor, self.at(9).replace(microsecond=400000))
        self.assertEqual(session.start, self.at(9))
