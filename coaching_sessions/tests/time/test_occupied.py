from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import ExclusionViolation

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CoachingCommon

REFUSED = (ExclusionViolation, UserError, ValidationError)


@tagged("post_install", "-at_install")
class TestOccupied(CoachingCommon):
    """Every way into an occupied time ends at the database, whoever forgot to look.

    The look before the booking is taken away here: what is left are the constraints.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._sell(cls.other_client)
        cls.there = cls.env["coaching.session"].book(
            {
                "booking_type_id": cls.individual.id,
                "coach_id": cls.coach.id,
                "partner_ids": cls.client.ids,
                "start": cls.now + timedelta(days=1, hours=2),
            }
        )
        session = cls.env.registry["coaching.session"]
        blind = patch.object(
            session, "_check_free", lambda self, requests, exclude=None: requests
        )
        cls.startClassPatcher(blind)

    def elsewhere(self, **vals):
        """Return a session of another client at another time."""
        values = {"hour": 14, "partner_ids": self.other_client.ids, **vals}
        return self.book(**values)

    def assertJudged(self, function, *args, **kwargs):
        """Assert that there is one session then, and no trace of the other one."""
        refused = False
        with mute_logger("odoo.sql_db", "odoo.models"):
            try:
                with self.env.cr.savepoint():
                    function(*args, **kwargs)
                    self.env.flush_all()
            except REFUSED:
                refused = True
        self.env.invalidate_all()
        self.assertTrue(refused)
        overlapping = self.env["coaching.session"].search_count(
            [
                ("coach_id", "=", self.coach.id),
                ("state", "in", ("scheduled", "completed", "no_show")),
                ("start", "<", self.there.stop),
                ("stop", ">", self.there.start),
            ]
        )
        self.assertEqual(overlapping, 1)

    def test_book(self):
        for minutes in (-59, 0, 30, 59):
            self.assertJudged(
                self.elsewhere, start=self.there.start + timedelta(minutes=minutes)
            )
        self.assertTrue(
            self.elsewhere(start=self.there.stop), "just afterwards is free"
        )

    def test_book_the_client_elsewhere(self):
        """A client is in one place at a time as well."""
        with mute_logger("odoo.sql_db"), self.assertRaises(UserError):
            self.book(start=self.there.start, coach_id=self.other_coach.id)

    def test_create(self):
        values = self.there.copy_data()[0]
        values.update(
            busy_start=self.there.start,
            busy_stop=self.there.stop,
            attendance_ids=[Command.create({"partner_id": self.other_client.id})],
        )
        self.assertJudged(self.env["coaching.session"].create, values)

    def test_import(self):
        names = ["coach_id/.id", "booking_type_id/.id", "start", "stop"]
        names += ["busy_start", "busy_stop"]
        times = [fields.Datetime.to_string(self.there.start)]
        times.append(fields.Datetime.to_string(self.there.stop))
        row = [str(self.coach.id), str(self.individual.id), *times, *times]

        def load():
            result = self.env["coaching.session"].load(names, [row])
            if not result["ids"]:
                raise UserError(str(result["messages"]))

        self.assertJudged(load)

    def test_move(self):
        self.assertJudged(self.elsewhere().action_reschedule, self.there.start)

    def test_drag_in_the_calendar(self):
        event = self.elsewhere().event_id
        self.assertJudged(
            event.write, {"start": self.there.start, "stop": self.there.stop}
        )

    def test_make_it_longer(self):
        before = self.elsewhere(start=self.there.start - timedelta(hours=1))
        event = before.event_id
        self.assertJudged(event.write, {"stop": self.there.stop})

    def test_reassign(self):
        other = self.elsewhere(start=self.there.start, coach_id=self.other_coach.id)
        self.assertJudged(other.write, {"coach_id": self.coach.id})

    def test_substitute(self):
        other = self.elsewhere(start=self.there.start, coach_id=self.other_coach.id)
        self.assertJudged(other.action_substitute, self.coach.id)

    def test_take_back_a_cancellation(self):
        """Corrected into having taken place, when the time is given away."""
        self.there.action_cancel()
        self.elsewhere(start=self.there.start)
        self.travel(self.there.stop + timedelta(hours=1))
        self.assertJudged(
            self.there.attendance_ids.action_close, "completed", note="Came"
        )

    def test_hold_and_propose(self):
        self.assertJudged(
            self.env["coaching.hold"]._hold,
            self.individual,
            self.coach,
            [self.there.start],
            self.now + timedelta(days=1),
        )
        self.assertJudged(self.elsewhere().action_propose, [self.there.start])

    def test_raw_sql(self):
        other = self.elsewhere()
        self.env.flush_all()
        values = {
            "id": other.id,
            "coach": self.coach.id,
            "start": self.there.start,
            "stop": self.there.stop,
        }
        for statement in (
            "UPDATE coaching_session SET start = %(start)s, stop = %(stop)s,"
            " busy_start = %(start)s, busy_stop = %(stop)s WHERE id = %(id)s",
            "INSERT INTO coaching_session SELECT (jsonb_populate_record("
            "session, jsonb_build_object('id', nextval('coaching_session_id_seq'),"
            " 'start', %(start)s, 'stop', %(stop)s, 'busy_start', %(start)s,"
            " 'busy_stop', %(stop)s))).* FROM coaching_session session"
            " WHERE id = %(id)s",
            # past the session's own constraint, into the mirror of both
            "UPDATE coaching_coach_time SET span = tsrange(%(start)s, %(stop)s)"
            " WHERE session_id = %(id)s",
        ):
            with self.subTest(statement):
                self.assertJudged(self.env.cr.execute, statement, values)
