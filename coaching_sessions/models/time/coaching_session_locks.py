from contextlib import contextmanager

import psycopg2.errors

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError

from ...tools.coach_time import TABLE


class CoachingSession(models.Model):
    """Who writes into the same time queues up; a lost race is told in words."""

    _inherit = "coaching.session"

    @api.model
    def _take_turns(self, coaches, partners):
        """Let those who write into the same coach's or client's time queue up.

        Not the guard, that is the constraint. But several rows that wait for each
        other's commit in one exclusion constraint are a deadlock, which PostgreSQL
        resolves one a second. Ordered, so that the queue itself is none.

        Coaches are read ``FOR SHARE``: of one who has become absent since we looked,
        that fails, and Odoo looks again.
        """
        self.env.cr.execute(
            """
            SELECT pg_advisory_xact_lock(kind, id) FROM (
                SELECT 'coaching_session'::regclass::oid::int AS kind, id
                  FROM unnest(%s::int[]) AS id
                UNION ALL
                SELECT 'coaching_attendance'::regclass::oid::int, id
                  FROM unnest(%s::int[]) AS id
                ORDER BY kind, id) AS wanted;
            SELECT FROM coaching_coach WHERE id = ANY(%s) ORDER BY id FOR SHARE
            """,
            (coaches.ids, partners.ids, coaches.ids),
        )

    @contextmanager
    def _readable_conflicts(self, request=None):
        """Turn a lost race into the sentence a person needs.

        The exclusion constraints judge every writer. Outside of Odoo's retrying (a
        script, a cron) their errors would come up raw.

        :param BookingRequest request: what is booked; without it the sentence names
            no one
        """
        try:
            with self.env.cr.savepoint():
                yield
        except psycopg2.errors.UniqueViolation as error:
            # somebody posted the same at that moment: look again at what there is
            raise ConcurrencyError(
                self.env._("Somebody changed the same session just now. Try again.")
            ) from error
        except psycopg2.errors.ExclusionViolation as error:
            if error.diag.constraint_name == "coaching_attendance_owed_once":
                # of what the client may owe: look again whether some is left
                raise ConcurrencyError(
                    self.attendance_ids._sql_error_to_message(error)
                ) from error
            if error.diag.table_name == "coaching_session_resource":
                # of the rooms there may be another one: look again
                raise ConcurrencyError(
                    self.resource_ids._sql_error_to_message(error)
                ) from error
            if not request:
                coach_tables = (self._table, TABLE)
                model = self if error.diag.table_name in coach_tables else None
                model = self.attendance_ids if model is None else model
                raise UserError(model._sql_error_to_message(error)) from error
            if error.diag.table_name not in (self._table, TABLE):
                raise UserError(self._get_client_taken_message(request)) from error
            message = self._get_coach_taken_message(request)
            if request.booking_type.max_participants > 1:
                # it may be the very session to join: look again
                raise ConcurrencyError(message) from error
            raise UserError(message) from error
