from datetime import timedelta

import psycopg2.errors

from odoo import api, models
from odoo.tools import SQL

from ...tools.coach_time import TABLE

# how far from everything a row is inserted that is only tried out
PROBED = timedelta(days=365 * 900)


def _insert_bare(model, values):
    """Insert a row without anything that follows from one, and return its id."""
    required = [
        name for name, field in model._fields.items() if field.required and field.store
    ]
    values = {**model.sudo().default_get(required), **values}
    model.env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) VALUES %s RETURNING id",
            SQL.identifier(model._table),
            SQL(", ").join(SQL.identifier(name) for name in values),
            tuple(values.values()),
        )
    )
    return model.env.cr.fetchone()[0]


class CoachingSession(models.Model):
    """Times of a series that somebody takes while it is booked."""

    _inherit = "coaching.session"

    @api.model
    def _find_lost(self, requests):
        """Return which times somebody has taken since we looked, as sentences.

        The transaction sees the database as it was: what others have committed can't
        be looked up, only run into. So a row that is no session yet, with its clients,
        goes from time to time for the constraints to judge, and vanishes again.

        :param list requests: ``BookingRequest``, alike but for the time
        :return: list of sentences, None where nobody was quicker
        """
        messages = []
        with self.env.cr.savepoint() as tried:
            self.env["coaching.hold"]._make_room(requests)
            session_id = self._insert_probe(requests[0])
            for request in requests:
                messages.append(self._try_time(session_id, request))
            tried.rollback()
        return messages

    @api.model
    def _insert_probe(self, request):
        """Insert a session with its clients, where nothing is, and return its id."""
        times = {
            name: moment - PROBED
            for name, moment in self._prepare_session_times(request).items()
        }
        coach = request.coach
        values = {
            "booking_type_id": request.booking_type.id,
            "coach_id": coach.id,
            "company_id": coach.company_id.id,
            "state": "scheduled",
        }
        session_id = _insert_bare(
            self, {**values, **times, "name": "/", "seats": 1, "seats_taken": 0}
        )
        for partner in request.partners:
            _insert_bare(
                self.attendance_ids,
                {
                    **values,
                    "session_id": session_id,
                    "partner_id": partner.id,
                    "start": times["start"],
                    "stop": times["stop"],
                },
            )
        return session_id

    @api.model
    def _try_time(self, session_id, request):
        """Return who was quicker at a time, None if nobody was."""
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    """
                    UPDATE coaching_session
                       SET start = %(start)s, stop = %(stop)s,
                           busy_start = %(busy_start)s, busy_stop = %(busy_stop)s
                     WHERE id = %(session)s;
                    UPDATE coaching_attendance SET start = %(start)s, stop = %(stop)s
                     WHERE session_id = %(session)s
                    """,
                    {"session": session_id, **self._prepare_session_times(request)},
                )
        except psycopg2.errors.ExclusionViolation as error:
            if error.diag.table_name in (self._table, TABLE):
                return self._get_coach_taken_message(request)
            return self._get_client_taken_message(request)
        return None
