from odoo import api, models
from odoo.tests import tagged

from ...tools.spans import to_seconds
from ...tools.taken_time import make_taken_time, select_taken
from ..tiny_addon import extend
from .common_slots import SlotsCommon


@tagged("post_install", "-at_install")
class TestTakenSources(SlotsCommon):
    """A tiny addon takes a coach's time: not offered, not booked, and told so."""

    def setUp(self):
        super().setUp()
        self.env.cr.execute(
            """
            CREATE TABLE coaching_retreat (
                coach_id int, start timestamp, stop timestamp)
            """
        )
        self.env.cr.execute(
            "INSERT INTO coaching_retreat VALUES (%s, %s, %s)",
            (self.coach.id, self.at(9), self.at(11)),
        )

    # pylint: disable=missing-return
    def _add_source(self, name, query):
        """Do what the hook of an addon does, and its installation."""

        class CoachingAvailability(models.AbstractModel):
            _module = None
            _name = "coaching.availability"
            _inherit = ["coaching.availability"]

            @api.model
            def _get_taken_sources(self):
                return {**super()._get_taken_sources(), name: query}

        class CoachingSession(models.Model):
            _module = None
            _name = "coaching.session"
            _inherit = ["coaching.session"]

            @api.model
            def _get_obstacle_message(self, reason, request):
                if reason != name:
                    return super()._get_obstacle_message(reason, request)
                return f"{request.coach.name} is on a retreat. Choose another day."

        extend(self, CoachingAvailability)
        extend(self, CoachingSession)
        self.env["coaching.availability"].init()

    def test_a_source(self):
        self.assertIn(9, self.slots())
        self._add_source(
            "retreat",
            select_taken(
                "retreat",
                "FROM coaching_retreat WHERE coach_id = ANY(wanted_ids)"
                " AND start < until AND stop > since",
                "start",
                "stop",
            ),
        )
        self.assertEqual(self.slots(), self.hours((8, 8), (11, 11), (13, 16)))
        self.assertSameAsBook()
        reason = self.try_to_book(self.at(10))
        self.assertIn("is on a retreat. Choose another day.", reason)
        explained = self.env["coaching.booking.type"].explain_slot(
            self.type.id, self.coach.id, self.at(10)
        )
        self.assertEqual(explained, reason)
        other = self.try_to_book(self.at(10), coach_id=self.other_coach.id)
        self.assertIsNone(other)

    def test_the_first_reason_is_told(self):
        """Of what takes the same time, what was there before the addon."""
        self._book_for(self.client, self.at(10))
        self._add_source(
            "retreat",
            select_taken("retreat", "FROM coaching_retreat", "start", "stop"),
        )
        self.assertIn("already has a session", self.try_to_book(self.at(10)))

    def test_an_addon_that_is_gone(self):
        """Its table is dropped; nobody asks for it any more."""
        sources = {
            **self.env["coaching.availability"]._get_all_sources(),
            "gone": select_taken("gone", "FROM no_such_table", "start", "stop"),
        }
        make_taken_time(self.env.cr, sources)
        self.assertIn(9, self.slots())

    # pylint: disable=missing-return
    def test_a_loader(self):
        """For what no statement can say."""
        coach = self.coach
        span = (to_seconds(self.at(8)), to_seconds(self.at(9.5)))

        class CoachingAvailability(models.AbstractModel):
            _module = None
            _name = "coaching.availability"
            _inherit = ["coaching.availability"]

            @api.model
            def _get_loaders(self):
                return [*super()._get_loaders(), self._load_retreats]

            @api.model
            def _load_retreats(self, query, times):
                if coach.id in times:
                    times[coach.id].add("retreat", [span])

        extend(self, CoachingAvailability)
        self.assertEqual(self.slots(), self.hours((9.5, 11), (13, 16)))
        self.assertTrue(self.try_to_book(self.at(9)))
        self.assertIsNone(self.try_to_book(self.at(10)))
        self.assertIsNone(self.try_to_book(self.at(9), coach_id=self.other_coach.id))
