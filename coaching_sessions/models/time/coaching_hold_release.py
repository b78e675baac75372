import logging

import psycopg2.errors

from odoo import api, models

_logger = logging.getLogger(__name__)


class CoachingHold(models.Model):
    """Held times make room for what is booked, and for others once they expire."""

    _inherit = "coaching.hold"

    @api.model
    def _get_due_domain(self):
        return [
            ("state", "=", "held"),
            ("expires_at", "<=", self.env["coaching.session"]._now()),
        ]

    @api.model
    def _expire_due(self, coaches):
        """Release expired holds, before somebody books these coaches.

        One query where nothing is due, as nearly always.

        :param coaches: ``coaching.coach``
        """
        due = self.search([("coach_id", "in", coaches.ids), *self._get_due_domain()])
        due._release_at_once("expired")

    @api.model
    def _make_room(self, requests):
        """Let bookings have what is held for their clients, or for nobody any more.

        Nothing to do where the look at free times saw none, as nearly always.

        :param list requests: ``BookingRequest``
        """
        requests = [request for request in requests if request.meets_holds is not False]
        if not requests:
            return
        Session = self.env["coaching.session"]
        now = Session._now()
        partner_ids = {
            partner_id for request in requests for partner_id in request.partners.ids
        }
        holds = self.search(
            [
                ("coach_id", "in", [request.coach.id for request in requests]),
                ("state", "=", "held"),
                ("busy_start", "<", max(request.busy_stop for request in requests)),
                ("busy_stop", ">", min(request.busy_start for request in requests)),
                "|",
                ("expires_at", "<=", now),
                ("partner_id", "in", list(partner_ids)),
            ]
        ).filtered(
            lambda hold: any(
                hold.coach_id == request.coach
                and hold.busy_start < request.busy_stop
                and hold.busy_stop > request.busy_start
                for request in requests
            )
        )
        due = holds.filtered(lambda hold: hold.expires_at <= now)
        due._release_at_once("expired")
        left = holds - due
        taken = left.filtered(
            lambda hold: any(hold._is_taken_by(request) for request in requests)
        )
        taken._release_at_once("taken")
        (left - taken)._release_at_once("released")
        left._on_booked_over()

    def _is_taken_by(self, request):
        """Return whether a booking is what this time was kept for; a hook.

        Any other one of that client only makes room for itself.

        :param BookingRequest request: what is asked for
        """
        self.ensure_one()
        return (
            self.coach_id == request.coach
            and self.booking_type_id == request.booking_type
            and self.start == request.start
        )

    def _on_booked_over(self):
        """Follow a booking that had these times, or ran into them; a hook."""

    def _release_at_once(self, state):
        """Release these times, unless somebody does so at this very moment.

        Under REPEATABLE READ such a change can't be seen, only run into. It is as good:
        the constraint looks at what is there now.
        """
        if not self:
            return
        try:
            with self.env.cr.savepoint():
                self._release(state)
        except psycopg2.errors.SerializationFailure:
            _logger.debug(
                "Held times %s are being released by another transaction", self.ids
            )

    @api.model
    def _cron_expire(self, limit=1000):
        """Release expired holds that nobody asked for since.

        :param int limit: held times of one run; the cron comes back for the rest
        """
        due = self.search(self._get_due_domain(), limit=limit, order="expires_at, id")
        due._release("expired")
        remaining = self.search_count(self._get_due_domain())
        self.env["ir.cron"]._commit_progress(len(due), remaining=remaining)
