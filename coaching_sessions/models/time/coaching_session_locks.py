from contextlib import contextmanager

import psycopg2.errors

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError

from ...tools.coach_time import TABLE
from .locks import lock_turns, try_turns


class CoachingSession(models.Model):
    """Who writes into the same time queues up; a lost race is told in words.

    Which locks there are, and their order, is in ``locks.py``.
    """

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
        lock_turns(coaches, partners)

    @api.model
    def _wait_for_turn(self, coaches, partners):
        """Wait until it is our turn with this time, see ``_take_turns``.

        :return: whether others were before us
        """
        with self.env.cr.savepoint(flush=False) as tried:
            free = try_turns(coaches, partners)
            if not free:
                # some of them may be ours now: who waits with those is in the way
                tried.rollback()
        if not free:
            self._take_turns(coaches, partners)
        return not free

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
                self.env._("Somebody has just changed this session. Please try again.")
            ) from error
        except psycopg2.errors.ExclusionViolation as error:
            raise self._get_conflict_error(error, request) from error

    @api.model
    def _get_conflict_error(self, error, request=None):
        """Return what a lost race is told as; a hook for constraints of other tables.

        :param error: ``psycopg2.errors.ExclusionViolation``
        :param BookingRequest request: what is booked; without it the sentence names
            no one
        :return: ``ConcurrencyError`` where looking again may help, else ``UserError``
        """
        of_coach = error.diag.table_name in (self._table, TABLE)
        if not request:
            model = self if of_coach else self.attendance_ids
            return UserError(model._sql_error_to_message(error))
        if not of_coach:
            return UserError(self._get_client_taken_message(request))
        message = self._get_coach_taken_message(request)
        if request.booking_type.max_participants > 1:
            # it may be the very session to join: look again
            return ConcurrencyError(message)
        return UserError(message)
