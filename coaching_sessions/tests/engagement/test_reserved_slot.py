from datetime import date, datetime, timedelta

from psycopg2.errors import ExclusionViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestReservedSlot(CoachingCommon):
    """A weekly time kept for one client: reserved, removed, restored."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls("test_reserve_at_close_out")
        cls.session = cls.case.book(days=1, hour=10)
        cls.attendance = cls.session.attendance_ids
        cls.engagement = cls.attendance.engagement_id

    def _close(self):
        self.close(self.session, "completed")
        return self.attendance

    def _release(self, setting, wish="yes"):
        """Close out with a reserved slot and no follow-up."""
        self.company.coaching_release_slot = setting
        slot = self.engagement._record_wishes(self._close(), wish, reserve=True)
        removed = self.engagement._release_slots(session=self.session)
        self.assertLessEqual(removed, slot)
        return slot

    # R36 R58
    def test_reserve_at_close_out(self):
        """The weekday and the time in the coach's time zone are kept."""
        self.coach.tz = "Europe/Brussels"
        slot = self.engagement._record_wishes(
            self._close(), "yes", "same", reserve=True
        )
        self.assertRecordValues(
            slot,
            [
                {
                    "partner_id": self.client.id,
                    "coach_id": self.coach.id,
                    "company_id": self.company.id,
                    "booking_type_id": self.individual.id,
                    "weekday": "1",
                    "start_minute": 11 * 60,
                    "start_hour": 11.0,
                    "stop_hour": 12.0,
                    "duration_minutes": 60,
                    "tz": "Europe/Brussels",
                    "date_from": date(2027, 3, 2),
                    "state": "active",
                    "display_name": "Tuesdays 11:00 AM",
                }
            ],
        )
        again = self.engagement._record_wishes(self.attendance, "yes", reserve=True)
        self.assertEqual(again, slot, "answered twice, kept once")
        self.assertFalse(self.engagement._record_wishes(self.attendance, "yes"))

    def test_reserve_by_hand(self):
        engagement = self.engagement.with_user(self.coach_user)
        slot = engagement.action_reserve_slot(
            start="2027-03-04 14:30:00", date_to="2027-06-30"
        )
        self.assertRecordValues(
            slot,
            [
                {
                    "weekday": "3",
                    "start_minute": 14 * 60 + 30,
                    "date_to": date(2027, 6, 30),
                    "create_uid": self.coach_user.id,
                }
            ],
        )
        by_default = engagement.action_reserve_slot()
        self.assertEqual(by_default.display_name, "Tuesdays 10:00 AM")
        for sentence, values in (
            ("The last day can't be before the first day", {"date_to": "2027-02-01"}),
            ("is not a time", {"start": "Tuesdays"}),
            ("” is not a record ID", {"booking_type_id": "x"}),
            (
                "A reserved slot must end on the day it begins",
                {"start": "2027-03-04 23:30:00"},
            ),
        ):
            with self.subTest(values), self.assertRaisesRegex(UserError, sentence):
                engagement.action_reserve_slot(**values)

    def _reserve_for_other(self, hour=10, minute=30):
        self._sell(self.other_client)
        session = self.book(
            days=9, hour=hour, minute=minute, partner_ids=self.other_client.ids
        )
        return session.attendance_ids.engagement_id

    def test_one_client_a_time(self):
        """The coach's weekly times do not overlap: in words, and in the database."""
        slot = self.engagement.action_reserve_slot()
        other = self._reserve_for_other(hour=13).with_user(self.manager)
        moment = datetime(2027, 3, 9, 10, 30)
        with self.assertRaisesRegex(
            UserError, "already reserves Tuesdays 10:00 AM for coaching_client"
        ):
            other.action_reserve_slot(start=moment)
        # half-open, another day, another coach: all of that is free
        other.action_reserve_slot(start=datetime(2027, 3, 9, 11))
        other.action_reserve_slot(start=datetime(2027, 3, 10, 10))
        values = slot.copy_data()[0] | {"start_minute": 9 * 60 + 30}
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(ExclusionViolation),
            self.env.cr.savepoint(),
        ):
            self.env["coaching.reserved.slot"].create(values)
            self.env.flush_all()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(UserError, "another client"),
            slot._readable_conflict(),
        ):
            self.env["coaching.reserved.slot"].create(values)
        later = {"date_from": date(2027, 7, 1)}
        slot.date_to = date(2027, 6, 30)
        self.env.flush_all()
        self.assertTrue(self.env["coaching.reserved.slot"].create(values | later))

    # R62 R63
    def test_released_without_follow_up(self):
        slot = self._release("no_follow_up")
        self.assertRecordValues(
            slot,
            [
                {
                    "state": "removed",
                    "removal": "no_follow_up",
                    "removed_at": self.session.stop + timedelta(minutes=5),
                    "removed_by_session_id": self.session.id,
                }
            ],
        )
        sentence = (
            f"The reserved slot Tuesdays 10:00 AM of {self.client.name} was removed"
            " because no follow-up is booked. You can restore it."
        )
        self.assertEqual(slot.removal_message, sentence)
        session = self.session.with_user(self.coach_user)
        self.assertEqual(session.removed_slot_message, sentence)
        self.assertFalse(self.book(days=22, hour=14).removed_slot_id)

    def test_not_released_with_follow_up(self):
        self.book(days=8, hour=10)
        self.assertEqual(self._release("no_follow_up").state, "active")

    def test_release_is_a_setting(self):
        self.assertEqual(self._release("never", "no").state, "active")

    def test_released_when_nobody_rebooks(self):
        slot = self._release("no_rebook", "no")
        self.assertEqual(slot.removal, "no_rebook")
        self.assertIn("does not want to rebook", slot.removal_message)

    def test_kept_without_follow_up_when_only_refusal_counts(self):
        self.assertEqual(self._release("no_rebook", "unsure").state, "active")

    def test_caller_says_why(self):
        self.company.coaching_release_slot = "no_rebook"
        slot = self.engagement.action_reserve_slot()
        self.assertFalse(self.engagement._release_slots("no_follow_up"))
        self.assertEqual(self.engagement._release_slots("no_rebook"), slot)
        self.assertFalse(self.engagement._release_slots("no_rebook"), "once")

    # R64
    def test_put_back(self):
        slot = self._release("no_follow_up")
        session = self.session.with_user(self.coach_user)
        session.action_restore_slot()
        self.assertEqual(slot.state, "active")
        self.assertEqual(slot.restored_by_id, self.coach_user)
        self.assertEqual(slot.removal, "no_follow_up", "what happened is kept")
        self.assertFalse(session.removed_slot_id, "the message is gone")
        self.assertFalse(slot.removal_message)

    # R64
    def test_not_put_back_when_taken(self):
        slot = self._release("no_follow_up")
        self.travel(self.now)
        other = self._reserve_for_other()
        taken = other.action_reserve_slot(start=datetime(2027, 3, 9, 10, 30))
        with self.assertRaisesRegex(
            UserError, "already reserves Tuesdays 10:30 AM for Otto Other"
        ):
            slot.with_user(self.coach_user).action_restore()
        self.assertEqual(slot.state, "removed")
        taken.action_remove("Freed")
        slot.with_user(self.coach_user).action_restore()
        self.assertEqual(slot.state, "active")

    def test_removed_by_hand(self):
        slot = self.engagement.action_reserve_slot()
        slot.with_user(self.coach_user).action_remove("On holiday")
        self.assertRecordValues(
            slot,
            [
                {
                    "state": "removed",
                    "removal": "manual",
                    "removal_note": "On holiday",
                    "removed_by_id": self.coach_user.id,
                }
            ],
        )
        self.assertIn("On holiday", self.engagement.message_ids[0].body)

    def test_the_end_frees_it(self):
        self._close()
        slot = self.engagement.action_reserve_slot()
        self.engagement.action_end()
        self.assertEqual((slot.state, slot.removal), ("removed", "ended"))
        with self.assertRaisesRegex(UserError, "Reopen it first"):
            slot.action_restore()
        with self.assertRaisesRegex(UserError, "Reopen it first"):
            self.engagement.action_reserve_slot()
        self.engagement.action_reopen()
        slot.action_restore()
        self.assertEqual(slot.state, "active")

    def test_when_it_comes_up(self):
        """Ten o'clock stays ten o'clock, whatever the clocks do."""
        self.coach.tz = "Europe/Brussels"
        slot = self.engagement.action_reserve_slot(start=datetime(2027, 3, 16, 9))
        self.assertEqual(slot.display_name, "Tuesdays 10:00 AM")
        span = datetime(2027, 3, 23), datetime(2027, 4, 1)
        self.assertEqual(
            slot._get_starts(*span)[slot],
            [datetime(2027, 3, 23, 9), datetime(2027, 3, 30, 8)],
        )

    def test_rights(self):
        """The client sees what is reserved, and changes nothing."""
        slot = self.engagement.action_reserve_slot()
        theirs = slot.with_user(self.client_user)
        theirs.invalidate_recordset()
        self.assertEqual(theirs.search([]), theirs)
        self.assertEqual(theirs.display_name, "Tuesdays 10:00 AM")
        for method in (theirs.action_remove, theirs.action_restore):
            with self.assertRaises(AccessError):
                method()
        with self.assertRaises(AccessError):
            theirs.read(["removal_note"])
        for user in (self.coach_user, self.manager):
            self.assertFalse(slot.with_user(user)._filtered_access("write"))
        self.assertFalse(
            slot.with_user(self.portal_coach_user)._filtered_access("read")
        )

    def test_nothing_is_deleted(self):
        slot = self.engagement.action_reserve_slot()
        with self.assertRaisesRegex(UserError, "can't be deleted"):
            slot.unlink()
