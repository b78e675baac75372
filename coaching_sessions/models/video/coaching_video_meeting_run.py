import logging
from datetime import timedelta

import psycopg2.errors

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..base.groups import COACH_GROUP
from ..time.locks import SKIP_LOCKED, lock
from .coaching_video_provider import VideoError

_logger = logging.getLogger(__name__)

# 1, 2, 4 ... minutes apart, an hour at most: two hours and a half in all
ATTEMPTS = 8
# with so little time left somebody has to know
CLOSE = timedelta(minutes=45)
ATTEMPTS_WHEN_CLOSE = 3
RACES = 5


class CoachingVideoMeeting(models.Model):
    """Asking the services, after the commit and one meeting in a transaction."""

    _inherit = "coaching.video.meeting"

    @api.model
    def _cron_run(self, limit=100):
        """Make, update and delete meetings that are due.

        :param int limit: meetings of one run; the cron comes back for the rest
        """
        due = [
            ("state", "in", ("pending", "deleting")),
            ("next_try", "<=", self.env["coaching.session"]._now()),
        ]
        cron = self.env["ir.cron"]
        time_left = cron._commit_progress(remaining=self.search_count(due))
        for _number in range(limit):
            # who is taken has tried: not without the time to ask
            if not time_left:
                break
            meeting, asked = self._take_next()
            if not meeting:
                break
            # what follows may end in any way: that it was asked for is known then
            cron._commit_progress()
            answer = meeting._ask(asked)
            time_left = meeting._keep(answer)
        self._plan_next_run()

    @api.model
    def _take_next(self):
        """Return a meeting that is due and whether it was asked for before.

        One statement looks and counts the attempt: nobody else takes it too, and who
        never comes back has tried. Materialized: a subquery that is run once for each
        row would take several.
        """
        self.env.flush_all()
        now = self.env["coaching.session"]._now()
        self.env.cr.execute(
            SQL(
                """
                WITH taken AS MATERIALIZED (
                    SELECT id, asked FROM coaching_video_meeting
                     WHERE state IN ('pending', 'deleting') AND next_try <= %(now)s
                     ORDER BY next_try, id
                     LIMIT 1 %(lock)s)
                UPDATE coaching_video_meeting AS meeting
                   SET attempts = meeting.attempts + 1,
                       asked = TRUE,
                       next_try = %(now)s::timestamp + interval '1 minute'
                           * least(60, power(2, least(meeting.attempts, 10)))
                  FROM taken WHERE meeting.id = taken.id
                RETURNING meeting.id, taken.asked
                """,
                now=now,
                lock=SKIP_LOCKED,
            )
        )
        row = self.env.cr.fetchone()
        meeting = self.browse(row and row[0])
        meeting.invalidate_recordset(["attempts", "asked", "next_try"], flush=False)
        return meeting, bool(row and row[1])

    def _ask(self, asked):
        """Ask the service for what is wanted, and return its answer.

        :param bool asked: whether it was asked before
        :return: dict of values, or the ``VideoError``
        """
        self.ensure_one()
        session = self.session_id
        known = {"known_start": session.start, "known_stop": session.stop}
        try:
            with self.env.cr.savepoint():
                try:
                    if self.state == "deleting":
                        self._ask_to_delete(asked)
                        return {}
                    if self.external_id:
                        return {**known, **self._get_provider()._update_meeting(self)}
                    return {**known, **self._ask_to_create(asked)}
                except VideoError as error:
                    return error
        except Exception as error:  # one session must not stop the others' links
            _logger.exception("Video meeting %s failed", self.id)
            if isinstance(error, psycopg2.Error):
                # Odoo's calendars roll back by themselves when a token is refused
                self.env.cr.rollback()
            return self._get_unexpected()

    @api.model
    def _get_unexpected(self):
        return VideoError(
            self.env._("An unexpected error occurred. Details are in the server log."),
            kind="later",
        )

    def _ask_to_create(self, asked):
        provider = self._get_provider()
        # an answer may have got lost: two meetings would split coach and client
        found = provider._find_meeting(self) if asked else None
        return found or provider._create_meeting(self)

    def _ask_to_delete(self, asked):
        provider = self._get_provider()
        if not self.external_id:
            found = provider._find_meeting(self) if asked else None
            if not found:
                return
            self.write(found)
        provider._delete_meeting(self)

    def _keep(self, answer):
        """Write down what a service answered, whatever happened meanwhile.

        :return: time left for the cron
        """
        cron = self.env["ir.cron"]
        # a new transaction sees what people did while the service was asked
        cron._commit_progress()
        for race in range(RACES):
            try:
                self._settle(answer)
                self.env.flush_all()
                return cron._commit_progress(1)
            except psycopg2.errors.SerializationFailure:
                # moved or cancelled at this very moment: look again
                self.env.cr.rollback()
                self.env.invalidate_all()
                if race == RACES - 1:
                    raise
            except Exception:  # one session must not stop the others' links
                _logger.exception("Answer to video meeting %s was not kept", self.id)
                self.env.cr.rollback()
                self.env.invalidate_all()
                if isinstance(answer, VideoError):
                    # not even that could be noted; its next attempt is planned
                    return cron._commit_progress(1)
                return self._keep(self._get_unexpected())
        return 0

    def _settle(self, answer):
        """Bring meeting and answer together."""
        self.ensure_one()
        # waits for who cancels just now; Odoo's own way of locking would give up
        lock(self)
        self.invalidate_recordset()
        if isinstance(answer, VideoError):
            self._settle_error(answer)
        elif self.state == "deleting" and not answer:
            self.write({"state": "deleted", "error": False, "next_try": False})
        elif self.state in ("deleting", "deleted"):
            # cancelled while it was being made
            self.write({**answer, "state": "deleting", "attempts": 0})
            self.next_try = self.env["coaching.session"]._now()
        else:
            self._settle_made(answer)

    def _settle_made(self, values):
        """Keep a link that was made, and tell those who wait for it."""
        self.write({**values, "state": "ready", "attempts": 0, "error": False})
        if self._is_outdated():
            # moved while it was being made
            self._enqueue()
            return
        self.next_try = False
        self.session_id._on_video_ready()

    def _settle_error(self, error):
        """Try again, make it anew, or give up and say so."""
        now = self.env["coaching.session"]._now()
        later = max(filter(None, (self.next_try, error.retry_at, now)))
        _logger.info("Video meeting %s: %s", self.id, error.sentence)
        if self.state == "deleting":
            if error.kind == "later" and self.attempts < ATTEMPTS:
                self.write({"error": error.sentence, "next_try": later})
            else:
                gone = error.kind == "anew"
                self.write(
                    {
                        "state": "deleted",
                        "error": False if gone else error.sentence,
                        "next_try": False,
                    }
                )
        elif self.state != "pending":
            return
        elif error.kind == "later" and not self._is_hopeless(later):
            self.write({"error": error.sentence, "next_try": later})
        elif error.kind == "anew" and self.external_id:
            # a meeting that can't be changed is made anew
            session = self.session_id
            self._discard()
            self._create_for(session, provider=self.provider)
        else:
            self._fail(error.sentence)

    def _is_hopeless(self, next_try):
        """Return whether waiting for another attempt helps nobody."""
        now = self.env["coaching.session"]._now()
        start = self.session_id.start
        # the emails wait for the link: a service may say "tomorrow"
        if next_try > max(start - CLOSE, now + CLOSE) or now < start <= next_try:
            return True
        close = next_try > start - CLOSE
        return self.attempts >= (ATTEMPTS_WHEN_CLOSE if close else ATTEMPTS)

    @api.model
    def _plan_next_run(self):
        """Have the cron come back when the next attempt is due."""
        [(next_try,)] = self._read_group(
            [("state", "in", ("pending", "deleting"))], aggregates=["next_try:min"]
        )
        if next_try:
            self.env.ref("coaching_sessions.ir_cron_video").sudo()._trigger(at=next_try)

    def _look_now(self):
        """Have the cron look at these at once: something came in that they wait for."""
        if self:
            self.write({"next_try": self.env["coaching.session"]._now()})
            self._wake_up()

    @api.model
    def _retry_failed(self, company, provider):
        """Make links anew that failed, for sessions to come, and delete what is left.

        :param company: ``res.company``
        """
        left = self.search(
            [
                ("company_id", "=", company.id),
                ("provider", "=", provider),
                ("state", "=", "deleted"),
                ("error", "!=", False),
                ("external_id", "!=", False),
            ]
        )
        left._discard()
        failed = self.search(
            [
                ("company_id", "=", company.id),
                ("provider", "=", provider),
                ("state", "=", "failed"),
                ("session_id.state", "=", "scheduled"),
                ("session_id.start", ">", self.env["coaching.session"]._now()),
            ]
        )
        for meeting in failed:
            meeting.session_id._renew_video(self.env._("Trying again."))

    def action_retry(self):
        """Ask again for links that failed; for a coach or manager (R89).

        :return: True
        :raise AccessError: for others' sessions
        """
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(COACH_GROUP):
            raise AccessError(
                self.env._("Only the coach of the session or a manager can do this.")
            )
        self.session_id._check_staff()
        # sudo: the right was checked; nobody writes these rows by hand
        for meeting in self.sudo().filtered(lambda m: m.state == "failed"):
            meeting.session_id._renew_video(self.env._("Trying again."))
        return True
