import logging
from datetime import datetime, time, timedelta

import psycopg2

from odoo import api, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError

from ...tools.arguments import parse_date, parse_text, without_defaults
from ...tools.halves import do_by_halves
from ...tools.local_time import to_utc
from ..base.groups import MANAGER_GROUP
from ..time.locks import touch

_logger = logging.getLogger(__name__)

MAX_DAYS = 366


class CoachingCoach(models.Model):
    """A coach is ill, or somebody takes over, from one day to another (24)."""

    _inherit = "coaching.coach"

    # === WHAT IT IS ABOUT === #

    def _check_may_be_absent(self):
        """Raise unless the user is this coach, or a manager."""
        self.ensure_one()
        self.check_access("read")
        if self.env.su or self.env.user.has_group(MANAGER_GROUP):
            return
        # sudo: whose login it is, to compare with the user
        if self.sudo().user_id != self.env.user:
            raise AccessError(self.env._("Only the coach or a manager can do this."))

    def _parse_period(self, date_from, date_to):
        """Return the first and the last day of a period as moments, naive UTC.

        Days of the coach, the last one included.
        """
        self.ensure_one()
        first, last = parse_date(self.env, date_from), parse_date(self.env, date_to)
        last = last or first
        if not first or last < first or (last - first).days > MAX_DAYS:
            raise UserError(
                self.env._("Choose the first and last day, at most one year apart.")
            )
        tz = self.sudo().tz
        return (
            to_utc(datetime.combine(first, time.min), tz),
            to_utc(datetime.combine(last + timedelta(days=1), time.min), tz),
        )

    def _get_affected_sessions(self, start, stop):
        """Return the sessions to come that a period touches, the earliest first.

        :param datetime start: naive UTC
        :param datetime stop: naive UTC
        """
        sessions = self.env["coaching.session"]
        return sessions.search(
            [
                ("coach_id", "in", self.ids),
                ("state", "=", "scheduled"),
                ("start", ">", sessions._now()),
                ("start", "<", stop),
                ("stop", ">", start),
            ],
            order="start, id",
        )

    def _lock_period(self, start, stop):
        """Return the sessions of a period, and let nobody add one.

        A booking at this moment is either committed before us, and we look again; or it
        finds the coach's row changed, and looks again itself.

        :raise ConcurrencyError: when somebody was quicker; Odoo tries again
        """
        self.ensure_one()
        sessions = self._get_affected_sessions(start, stop)
        sessions._take_turns(self, self.env["res.partner"])
        touch(self)
        # our transaction sees the database as it was when it began
        with self.env.registry.cursor() as cr:
            coach = self.with_env(self.env(cr=cr))
            committed = set(coach._get_affected_sessions(start, stop).ids)
        if committed - set(sessions.ids):
            raise ConcurrencyError(
                self.env._("Somebody has just booked. Please try again.")
            )
        return sessions

    @api.model
    def _do_in_parts(self, sessions, action):
        """Do something with sessions, all at once; one that fails stops no other.

        :param action: function of sessions
        :return: dict of session → sentence, for those that failed
        """

        def attempt(part):
            try:
                with self.env.cr.savepoint():
                    action(part)
                    # what is refused is refused here, not at the commit
                    self.env.flush_all()
                return None
            except (ConcurrencyError, psycopg2.OperationalError):
                # somebody changed it at this moment: all of it is tried again
                raise
            except UserError as error:
                return str(error)
            except Exception:  # one bad record must not stop the others
                if len(part) == 1:
                    _logger.exception("Session %s could not be changed", part.id)
                return self.env._("Something went wrong. Please check this session.")

        return dict(do_by_halves(sessions, attempt))

    @api.model
    def _do_for_each(self, sessions, action):
        """Do something with sessions one by one, each after what the others took.

        :return: dict of session → sentence, for those that failed
        """
        failed = {}
        for session in sessions:
            failed.update(self._do_in_parts(session, action))
        return failed

    # === ABSENCE === #

    def action_absent(self, date_from, date_to, mode="cancel", reason="", message=""):
        """Record that the coach is absent, and deal with what is booked (rank 24).

        The time off is recorded. Each upcoming session is cancelled as missed by the
        coach, so that the client loses nothing, or other times are offered for it.
        Where there are none to offer, and for groups, it is cancelled. Each client has
        one email about all of it.

        :param date_from: first day, on the coach's calendar
        :param date_to: last day, included
        :param str mode: ``cancel``, or ``offer`` other times
        :param str reason: why, kept with the sessions; clients don't read it
        :param str message: sentence for the clients
        :return: dict of lists of session ids: ``cancelled``, ``offered``; and
            ``failed``, a dict of session id → sentence
        :raise UserError: when the days make no sense
        :raise AccessError: unless the user is the coach or a manager
        """
        self._check_may_be_absent()
        start, stop = self._parse_period(date_from, date_to)
        self._check_absence_mode(mode)
        reason, message = parse_text(self.env, reason), parse_text(self.env, message)
        # sudo: the right was checked; nobody writes sessions by hand
        coach = without_defaults(self.sudo())
        coach._add_time_off(start, stop, reason)
        sessions = coach._lock_period(start, stop)
        offered = sessions.browse()
        if mode == "offer":
            # who chooses among times already is not sent others, nor a second email
            sessions -= sessions._get_offered_instead(start, stop)
            single = sessions.filtered(lambda session: session.seats == 1)
            without = coach._do_for_each(
                single, lambda session: session._offer_instead(stop, message)
            )
            offered = single - single.browse().union(*without)
        failed = coach._do_in_parts(
            sessions - offered, lambda batch: batch._cancel_for_absence(reason)
        )
        cancelled = sessions - offered - sessions.browse().union(*failed)
        coach._tell_absence(cancelled, offered, message)
        return {
            "cancelled": cancelled.ids,
            "offered": offered.ids,
            "failed": {session.id: text for session, text in failed.items()},
        }

    def _check_absence_mode(self, mode):
        """Raise unless something can become of the sessions in this way."""
        if mode not in ("cancel", "offer"):
            raise UserError(
                self.env._(
                    "Choose what happens to the sessions: cancel them, or"
                    " offer other times."
                )
            )

    def _add_time_off(self, start, stop, reason):
        """Record the time off, unless it is already recorded."""
        self.ensure_one()
        time_off = self.env["resource.calendar.leaves"]
        known = time_off.search_count(
            [
                ("resource_id", "=", self.resource_id.id),
                ("date_from", "<=", start),
                ("date_to", ">=", stop),
            ],
            limit=1,
        )
        if not known:
            time_off.create(
                {
                    # why is nobody's business who reads calendars
                    "name": self.env._("Not available"),
                    "resource_id": self.resource_id.id,
                    "calendar_id": self.resource_id.calendar_id.id,
                    "company_id": self.company_id.id,
                    "date_from": start,
                    "date_to": stop,
                    "time_type": "leave",
                }
            )

    def _tell_absence(self, cancelled, offered, message):
        """Tell clients and coach what is cancelled and what can be chosen instead.

        One email a person. The coach's takes what is cancelled out of their calendar.
        """
        self.ensure_one()
        listed, all_listed = {}, []
        for session in (cancelled | offered).sorted("start"):
            for attendance in session.attendance_ids:
                told = session in offered or attendance.outcome_id
                if told and attendance.outcome_id.code in (False, "coach_emergency"):
                    listed.setdefault(attendance.partner_id, []).append(attendance)
                    all_listed.append(attendance)
        Notification = self.env["coaching.notification"]
        Notification._queue_listed("absent", listed, message)
        Notification._queue_listed("absent_coach", {self.partner_id: all_listed})

    # === SUBSTITUTE === #

    def action_substitute(self, coach_id, date_from, date_to, reason="", message=""):
        """Let another coach take over the sessions of some days (rank 17).

        :param int coach_id: who takes over
        :param date_from: first day, on this coach's calendar
        :param date_to: last day, included
        :param str reason: why, kept in the log
        :param str message: sentence for the clients
        :return: dict: ``done``, list of session ids; ``failed``, session id → sentence
        :raise UserError: when the days make no sense
        :raise AccessError: unless the user is a manager
        """
        self.ensure_one()
        self.check_access("read")
        sessions = self.env["coaching.session"]
        sessions._check_may_substitute()
        substitute = sessions._parse_substitute(coach_id).sudo()
        start, stop = self._parse_period(date_from, date_to)
        reason, message = parse_text(self.env, reason), parse_text(self.env, message)
        # sudo: the right was checked; nobody writes the coach of a session by hand
        coach = without_defaults(self.sudo())
        affected = coach._get_affected_sessions(start, stop)
        moves = {}

        def substitute_in(batch):
            for move in batch._substitute(substitute, reason, message, told=False):
                moves[move.session] = move

        failed = coach._do_in_parts(affected, substitute_in)
        done = affected - affected.browse().union(*failed)
        done._tell_moves([moves[session] for session in done])
        return {
            "done": done.ids,
            "failed": {session.id: text for session, text in failed.items()},
        }

    def action_open_absence(self):
        """Open the dialog for days on which the coach is not there."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_coach_absence_action"
        )
        action["context"] = {"default_coach_id": self.id}
        return action
