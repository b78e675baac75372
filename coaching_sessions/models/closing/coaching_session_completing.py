import logging

from psycopg2.errors import DeadlockDetected, LockNotAvailable, SerializationFailure

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from ..time.locks import SKIP_LOCKED
from .coaching_session_asking import LOOK_BACK

_logger = logging.getLogger(__name__)

# Somebody else is changing this session; the next run finds the result.
TAKEN = (ConcurrencyError, DeadlockDetected, LockNotAvailable, SerializationFailure)


class CoachingSession(models.Model):
    """Sessions that complete by themselves, for booking types that say so (R37)."""

    _inherit = "coaching.session"

    @api.model
    def _cron_complete(self, limit=500):
        """Complete sessions of the types that say so, each for itself (R37).

        What can't be completed stays open, for people to look at.

        :param int limit: sessions that are looked for at a time
        """
        seen = 0
        while sessions := self._find_to_complete(limit, seen):
            remaining = len(sessions)
            self.env["ir.cron"]._commit_progress(remaining=remaining)
            for session in sessions:
                session._try_to_complete()
                if not self.env["ir.cron"]._commit_progress(1):
                    return
            seen = sessions[-1].id

    @api.model
    def _get_held_back_condition(self):
        """Return which attendances never complete by themselves; a hook.

        :return: ``SQL`` on ``attendance``, a row of the attendances
        """
        return SQL("FALSE")

    @api.model
    def _find_to_complete(self, limit, seen):
        """Return sessions that are due to complete by themselves.

        :param int seen: id; those with a lower one were looked at before
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                SELECT session.id
                  FROM coaching_session AS session
                  JOIN coaching_booking_type AS booking_type
                    ON booking_type.id = session.booking_type_id,
                       LATERAL (SELECT session.stop + booking_type.auto_complete_hours
                                       * interval '1 hour' AS moment) AS due
                 WHERE session.state = 'scheduled'
                   AND session.stop <= %(now)s
                   AND booking_type.after_session = 'complete'
                   AND due.moment <= %(now)s AND due.moment > %(oldest)s
                   AND session.id > %(seen)s
                   -- of these one client is enough: people look at the session
                   AND NOT EXISTS (
                       SELECT FROM coaching_attendance AS attendance
                        WHERE session_id = session.id AND (%(held_back)s))
                 ORDER BY session.id
                 LIMIT %(limit)s
                """,
                now=self._now(),
                oldest=self._now() - LOOK_BACK,
                seen=seen,
                limit=limit,
                held_back=self._get_held_back_condition(),
            )
        )
        return self.browse(row[0] for row in self.env.cr.fetchall())

    def _try_to_complete(self):
        """Complete a session unless somebody is at it; what fails stays open."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                attendances = self._lock_open_attendances()
                if attendances:
                    attendances._close("completed", note=self._get_complete_note())
        except TAKEN:
            _logger.info("Session %s is being changed; skipped for now", self.id)
        except Exception:  # one that can't be closed must not stop the others
            _logger.exception(
                "Session %s could not be completed automatically", self.id
            )

    def _lock_open_attendances(self):
        """Return what is open of a session, locked; nothing when somebody is at it.

        In the order in which closing writes, so that nobody waits in a circle. Whoever
        waits for these locks finds the outcome there, or corrects it.
        """
        self.ensure_one()
        self.env.cr.execute(
            SQL(
                """
                SELECT id FROM coaching_attendance AS attendance
                 WHERE session_id = %(session_id)s AND state = 'scheduled'
                   AND NOT (%(held_back)s) ORDER BY id
                   %(lock)s
                """,
                session_id=self.id,
                lock=SKIP_LOCKED,
                held_back=self._get_held_back_condition(),
            ),
            log_exceptions=False,
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        if not ids:
            return self.env["coaching.attendance"]
        self.env.cr.execute(
            SQL(
                """
            SELECT count(attendance.id)
              FROM (SELECT id FROM coaching_session
                     WHERE id = %s AND state = 'scheduled'
                       %s) AS session
              JOIN coaching_attendance AS attendance
                ON attendance.session_id = session.id
               AND attendance.state = 'scheduled'
            """,
                self.id,
                SKIP_LOCKED,
            ),
            log_exceptions=False,
        )
        everything = self.env.cr.fetchone()[0] == len(ids)
        self.invalidate_recordset(flush=False)
        attendances = self.env["coaching.attendance"].browse(ids if everything else ())
        attendances.invalidate_recordset(flush=False)
        return attendances

    def _get_complete_note(self):
        """Return what the log says of a session that completed by itself."""
        self.ensure_one()
        hours = self.booking_type_id.auto_complete_hours
        lang = self.coach_id.partner_id.lang or self.env.lang
        return self.with_context(lang=lang).env._(
            "Completed automatically %(hours)s hours after the end.", hours=f"{hours:g}"
        )
