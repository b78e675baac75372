from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import CoachingCommon
from ..tiny_addon import extend

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@tagged("post_install", "-at_install")
class TestPostMove(CoachingCommon):
    """A tiny addon follows up whatever moves, whoever moves it."""

    def setUp(self):
        super().setUp()
        self.session = self.book(days=3)  # Thursday 09:00
        self.old = self.session.start
        self.moves = moves = []
        self.refused = refused = []

        class CoachingSession(models.Model):
            _module = None
            _name = "coaching.session"
            _inherit = ["coaching.session"]

            @api.model
            def _post_move(self, followed):
                result = super()._post_move(followed)
                if refused:
                    # pylint: disable=translation-required
                    raise UserError("Not on my watch")
                moves.append(followed)
                return result

        extend(self, CoachingSession)

    def assertMoved(self, by_client=False, coach=None, start=None):
        """The addon was told once, of this session."""
        ((move,),) = self.moves
        self.moves.clear()
        self.assertEqual(move.session, self.session)
        self.assertEqual((move.old_start, move.old_coach), (self.old, self.coach))
        self.assertEqual((move.start, move.coach), (start, coach or self.coach))
        self.assertEqual(move.start, self.session.start)
        self.assertEqual(move.coach, self.session.coach_id)
        self.assertEqual(bool(move.wanted_at), by_client)
        self.assertEqual(move.changes_time, start != self.old)
        self.assertEqual(move.changes_coach, move.coach != self.coach)

    def test_staff(self):
        self.session.with_user(self.coach_user).action_reschedule(self.old + DAY)
        self.assertMoved(start=self.old + DAY)

    def test_client(self):
        self.session.with_user(self.client_user).action_reschedule(self.old + DAY)
        self.assertMoved(start=self.old + DAY, by_client=True)

    def test_drag(self):
        self.session.with_user(self.manager).write(
            {"start": self.old + HOUR, "stop": self.session.stop + HOUR}
        )
        self.assertMoved(start=self.old + HOUR)

    def test_a_proposal_that_is_picked(self):
        proposal = self.session.with_user(self.coach_user).action_propose(
            [self.old + DAY, self.old + DAY + 2 * HOUR]
        )
        self.assertFalse(self.moves)
        proposal.with_user(self.client_user).action_accept(self.old + DAY)
        self.assertMoved(start=self.old + DAY)

    def test_a_substitute(self):
        self.session.with_user(self.manager).action_substitute(self.other_coach.id)
        self.assertMoved(start=self.old, coach=self.other_coach)

    def test_days_of_a_substitute(self):
        self.coach.with_user(self.manager).action_substitute(
            self.other_coach.id, self.old.date(), self.old.date()
        )
        self.assertMoved(start=self.old, coach=self.other_coach)

    def test_a_series_at_once(self):
        package = self.env["coaching.package"]._grant(
            {"partner_id": self.client.id}, 100
        )
        result = self.env["coaching.series"].book(
            {
                "booking_type_id": self.individual.id,
                "coach_id": self.coach.id,
                "partner_ids": self.client.ids,
                "package_id": package.id,
                "start": self.old + DAY,
                "count": 4,
            }
        )
        sessions = self.env["coaching.session"].browse(result["session_ids"])
        starts = sessions.mapped("start")
        second = sessions[1].with_user(self.coach_user)
        second.action_move_series(starts[1] + 7 * DAY, "following")
        (moves,) = self.moves
        self.assertEqual([move.session for move in moves], list(sessions[1:]))
        self.assertEqual([move.old_start for move in moves], starts[1:])
        self.assertEqual(
            [move.start for move in moves], [start + 7 * DAY for start in starts[1:]]
        )

    def test_it_may_refuse(self):
        self.refused.append(True)
        with self.assertRaises(UserError):
            self.session.with_user(self.coach_user).action_reschedule(self.old + DAY)
        self.assertEqual(self.session.start, self.old)
