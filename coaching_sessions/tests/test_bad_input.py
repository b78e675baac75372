from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CoachingCommon


@tagged("post_install", "-at_install")
class TestBadInput(CoachingCommon):
    """Each refusal is a sentence, and nothing is written."""

    def setUp(self):
        super().setUp()
        self._issue_makeups("no_show")
        self.session = self.book()
        self.attendance = self.session.attendance_ids
        self.counts = self._count()

    def _count(self):
        self.env.flush_all()
        return {
            name: self.env[name].sudo().search_count([])
            for name in (
                "coaching.session",
                "coaching.attendance",
                "coaching.package.move",
                "coaching.makeup",
                "coaching.notification",
                "calendar.event",
            )
        }

    def assertRefused(self, sentence, method, *args, **kwargs):
        with self.assertRaisesRegex(UserError, sentence) as caught:
            with self.env.cr.savepoint():
                method(*args, **kwargs)
        self.assertTrue(str(caught.exception).endswith("."), "a whole sentence")
        self.assertEqual(self._count(), self.counts)
        self.assertBalance(self.package, remaining=4, held=1)

    def test_booking(self):
        foreign = self._sell(self.other_client)
        expired = self._sell(self.client)
        expired.expiry_date = self.now.date()
        self.counts = self._count()
        later = self.now + timedelta(days=2, hours=2)
        for sentence, vals in (
            ("is in the past", {"start": self.now - timedelta(days=7)}),
            ("is in the past", {"start": self.now}),
            ("must end after it starts", {"start": later, "stop": later}),
            (
                "must end after it starts",
                {"start": later, "stop": later - timedelta(hours=1)},
            ),
            ("is not a time", {"start": "next Monday"}),
            ("is not a time", {"start": True}),
            ("is not a time", {"start": "9999-12-31 23:59:59"}),
            ("Enter the start in UTC", {"start": False}),
            ("” is not text", {"start": later, "note": {"a": 1}}),
            ("does not work", {"start": later.replace(hour=3)}),
            ("does not work", {"start": later.replace(hour=11, minute=30)}),
            ("does not belong to", {"start": later, "package_id": foreign.id}),
            (
                ", which is before the session",
                {"start": later, "package_id": expired.id},
            ),
            ("does not exist", {"start": later, "package_id": 2**30}),
            (
                "Enter the booking type, the coach and the client",
                {"start": later, "partner_ids": []},
            ),
            ("” is not a record ID", {"start": later, "coach_id": "Clara"}),
            ("” is not a record ID", {"start": later, "partner_ids": [2**40]}),
            (
                "Enter the booking type, the coach and the client",
                {"start": later, "coach_id": 2**30},
            ),
            (
                "has room for 1",
                {"start": later, "partner_ids": (self.client | self.other_client).ids},
            ),
            ("Unknown value “price”", {"start": later, "price": 3}),
            (
                "can last one day at most",
                {"start": later, "stop": "2190-01-01 00:00:00"},
            ),
            (
                "can last one day at most",
                {"start": later, "stop": later + timedelta(hours=24, minutes=1)},
            ),
            (
                "is not closed out yet",
                {
                    "start": later,
                    "booking_type_id": self.makeup_type.id,
                    "makeup_of_id": self.attendance.id,
                },
            ),
        ):
            with self.subTest(sentence, **vals):
                self.assertRefused(sentence, self._book_raw, **vals)

    def _book_raw(self, **vals):
        self.env["coaching.session"].book(
            {
                "booking_type_id": self.individual.id,
                "coach_id": self.coach.id,
                "partner_ids": self.client.ids,
                **vals,
            }
        )

    def test_makeup_of_completed(self):
        self.close(self.session, "completed")
        self.travel(self.now)
        with self.assertRaisesRegex(UserError, "which gives no make-up"):
            self.book(
                days=3,
                booking_type_id=self.makeup_type.id,
                makeup_of_id=self.attendance.id,
            )

    def test_makeup_of_someone_else(self):
        self.close(self.session, "no_show")
        self.travel(self.now)
        with self.assertRaisesRegex(UserError, "was not a session of"):
            self.book(
                days=3,
                booking_type_id=self.makeup_type.id,
                makeup_of_id=self.attendance.id,
                partner_ids=self.other_client.ids,
            )

    # R39
    def test_closing(self):
        close = self.attendance.action_close
        self.assertRefused("has not begun", close, "completed")
        self.assertRefused("has not begun", close, "no_show")
        self.assertRefused("has not begun", close, "coach_missed")
        self.travel(self.session.stop)
        self.assertRefused("There is no outcome “nope”", close, "nope")
        self.assertRefused("” is not text", close, ["completed"])
        self.assertRefused("” is not text", close, "other", note={"a": 1})
        self.assertRefused("is not a time", close, "completed", actual_start="9999")
        extend = self.package.action_extend
        self.assertRefused("is not a date", extend, "tomorrow")
        self.assertRefused("is not a date", extend, 5)
        self.assertRefused(
            "must end after it starts",
            close,
            "completed",
            actual_start=self.session.stop,
            actual_stop=self.session.start,
        )
        self.env.ref("coaching_sessions.outcome_no_show").note_required = True
        self.assertRefused("needs a note", close, "no_show", note=" ")
        self.assertEqual(self.attendance.state, "scheduled")

    def test_cancelling(self):
        cancel = self.session.action_cancel
        self.assertRefused("no amount to refund", cancel, refund=20.0)
        self.travel(self.session.start)
        self.assertRefused("has begun", cancel)

    def test_cancelling_what_is_closed(self):
        self.session.action_cancel()
        with self.assertRaisesRegex(UserError, "is already closed"):
            self.session.action_cancel()

    def test_keys_that_are_no_names(self):
        for vals in ({5: 1, None: 2, "a": 1}, {None: 1}):
            with self.subTest(vals):
                with self.assertRaisesRegex(UserError, "Unknown value “"):
                    self.env["coaching.session"].book(vals)

    def test_long_session(self):
        """Neither is one made that long; one that is can still be moved."""
        session = self.session.with_user(self.manager)
        start = self.session.start
        for stop in ("2190-01-01 00:00:00", start + timedelta(hours=25)):
            self.assertRefused(
                "can last one day at most", session.write, {"stop": stop}
            )
        self.coach.resource_id.calendar_id = False
        self.individual.duration_minutes = 3 * 24 * 60
        session.write({"stop": start + timedelta(hours=25)})
        self.individual.duration_minutes = 60
        session.action_reschedule(start + timedelta(days=7))
        self.assertEqual(session.stop - session.start, timedelta(hours=25))

    def test_client_named_twice(self):
        """A client comes once, and is named once where that is refused."""
        twice = [self.client.id, self.client.id]
        values = {"booking_type_id": self.group_type.id, "start": self.session.start}
        with self.assertRaises(UserError) as caught:
            self._book_raw(**values, coach_id=self.other_coach.id, partner_ids=twice)
        self.assertEqual(str(caught.exception).count(self.client.name), 1)
        session = self.book(
            days=3, booking_type_id=self.group_type.id, partner_ids=twice
        )
        self.assertEqual(session.seats_taken, 1)
        self.assertEqual(session.attendance_ids.partner_id, self.client)

    def test_zone_that_is_no_name(self):
        get_slots = self.env["coaching.booking.type"].get_slots
        days = (self.individual.id, "2027-03-02", "2027-03-03")
        for tz in (["UTC"], {"tz": "UTC"}, 5, "Nowhere/Land"):
            with self.subTest(tz):
                with self.assertRaisesRegex(UserError, "” is not a time zone"):
                    get_slots(*days, tz=tz)
        context = self.env["coaching.booking.type"].with_context(tz=["UTC"])
        with self.assertRaisesRegex(UserError, "” is not a time zone"):
            context.get_slots(*days)

    def test_nobody_s_records(self):
        """No record, or one of id 0: a sentence, and nothing is written."""
        sessions = self.env["coaching.session"]
        attendances = self.env["coaching.attendance"]
        start = self.now + timedelta(days=8)
        calls = (
            (sessions, "action_reschedule", start),
            (sessions, "action_propose", [start]),
            (sessions, "action_ask_reschedule", start),
            (sessions, "action_substitute", self.other_coach.id),
            (attendances, "action_reconfirm"),
            (attendances, "action_close", "completed"),
            (self.env["coaching.series.gap"], "action_retry"),
        )
        for user in (self.manager, self.coach_user, self.client_user):
            for records, method, *args in calls:
                for ids in ([], [0]):
                    with self.subTest(user.login, method=method, ids=ids):
                        if user == self.client_user and "gap" in records._name:
                            continue
                        self.assertRefused(
                            "",
                            getattr(records.browse(ids).with_user(user), method),
                            *args,
                        )
            self.assertRefused(
                "This record does not exist",
                sessions.browse([0]).with_user(user).action_cancel,
            )

    def test_nobody_is_staff_of_nothing(self):
        for name in ("coaching.session", "coaching.action.item"):
            for ids in ([], [0]):
                records = self.env[name].browse(ids).with_user(self.client_user)
                self.assertFalse(records._is_staff())
