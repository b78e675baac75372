from datetime import timedelta

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError

from ..session.lifecycle import BLOCKING_STATES


class CoachingSession(models.Model):
    """Booking with whichever coach is free."""

    _inherit = "coaching.session"

    @api.model
    def _book_any_coach(self, request):
        """Book with a free coach: the one with the fewest sessions.

        If somebody else has just booked one coach, the next one is tried.
        """
        booking_type = request.booking_type
        # clients who book for themselves, in their company
        company = booking_type.company_id or self.env.company
        coaches = booking_type._get_bookable_coaches(company)
        requests = [request.but(coach=coach) for coach in coaches]
        joined = [one for one in requests if self._has_seats(one)]
        others = [one for one in requests if one not in joined]
        free = [one for one, message in self._look_at(others) if not message]
        error = UserError(self._get_nobody_free_message(request))
        for one in (*self._sort_by_load(joined), *self._sort_by_load(free)):
            try:
                with self.env.cr.savepoint():
                    return self._book_batch([one])
            except ConcurrencyError:
                raise
            except UserError as refusal:
                error = refusal
        raise error

    @api.model
    def _has_seats(self, request):
        """Return whether there is a group session that these clients can join."""
        session = self._find_group_session(request)
        left = session.seats - session.seats_taken
        return bool(session) and left >= len(request.partners)

    @api.model
    def _sort_by_load(self, requests):
        """Return requests, those whose coach has the least sessions that week first."""
        if len(requests) < 2:
            return requests
        start = requests[0].start
        counts = dict(
            self._read_group(
                [
                    ("coach_id", "in", [request.coach.id for request in requests]),
                    ("state", "in", BLOCKING_STATES),
                    ("start", ">=", start - timedelta(days=start.weekday() + 1)),
                    ("start", "<", start + timedelta(days=8 - start.weekday())),
                ],
                ["coach_id"],
                ["__count"],
            )
        )
        return sorted(
            requests,
            key=lambda request: (counts.get(request.coach, 0), request.coach.id),
        )
