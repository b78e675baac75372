from odoo import models
from odoo.exceptions import UserError

from ...tools.arguments import parse_text, without_defaults
from ...tools.local_time import to_local
from ...tools.recurrence import shift

# where sessions wait while their series moves: nothing else is there
PARKED = "interval '1000 years'"


class CoachingSession(models.Model):
    """Moving one session of a series, the following ones, or all (R110, R111)."""

    _inherit = "coaching.session"

    def plan_move_series(self, start, scope="following"):
        """Return where a series would move, and what is in the way; writes nothing.

        :param start: new start of this session, naive UTC
        :param str scope: ``one``, ``following`` or ``all``
        :return: list of dicts with ``session_id``, ``start``, ``new_start`` (naive UTC)
            and ``conflict`` (why it can't be moved, False where it can)
        :raise UserError: when there is nothing to move
        :raise AccessError: unless the user is the coach or a manager
        """
        self.ensure_one()
        self._check_series_staff(scope)
        # sudo: rights were checked, to the whole series where it is about that
        moves = without_defaults(self.sudo())._plan_moves(
            self._parse_time(start), scope
        )
        return [
            {
                "session_id": session.id,
                "start": session.start,
                "new_start": move["start"],
                "conflict": move["conflict"],
            }
            for session, move in moves.items()
        ]

    def action_move_series(
        self, start, scope="one", reason="", message="", on_conflict="refuse"
    ):
        """Move this session, it and the following ones, or all to come (R110, R111).

        The others by as many days, to the same time on the clock of the series; what
        was moved alone before stays where it is. In one transaction: each has its new
        time before an old one is free. Each client gets one mail.

        :param start: new start of this session, naive UTC
        :param str scope: ``one``, ``following`` or ``all``
        :param str reason: why, kept in the log
        :param str message: sentence for the clients, put into the mail
        :param str on_conflict: ``refuse`` (all of them or none) or ``skip`` (where
            something is in the way, a session stays)
        :return: dict with ``moved`` (number) and ``not_moved``: a list of dicts with
            ``session_id``, ``start`` (naive UTC) and ``reason``
        :raise UserError: when they can't be moved, saying which and why
        :raise AccessError: unless the user is the coach or a manager
        """
        self.ensure_one()
        self._check_series_staff(scope)
        start = self._parse_time(start)
        reason = parse_text(self.env, reason)
        message = parse_text(self.env, message)
        if on_conflict not in ("refuse", "skip"):
            raise UserError(
                self.env._("Where there is a conflict, either refuse or skip.")
            )
        if scope == "one":
            self.action_reschedule(start, reason, message)
            return {"moved": 1, "not_moved": []}
        # sudo: rights were checked, to the whole series where it is about that
        session = without_defaults(self.sudo())
        moves = session._plan_moves(start, scope)
        for one in moves:
            # as the user: a coach may be bound by notice
            one.with_env(self.env)._check_staff_may_move()
        refused = {one: move for one, move in moves.items() if move["conflict"]}
        if refused and (on_conflict == "refuse" or len(refused) == len(moves)):
            raise UserError(session._get_not_moved_message(refused, len(moves)))
        moving = {one: move for one, move in moves.items() if one not in refused}
        session._move_series(moving, scope, start, reason, message)
        return {
            "moved": len(moving),
            "not_moved": [
                {"session_id": one.id, "start": one.start, "reason": move["conflict"]}
                for one, move in refused.items()
            ],
        }

    # === PLANNING === #

    def _get_series_shift(self, start):
        """Return by how many days a series moves, and to which minute of the day."""
        self.ensure_one()
        tz = self.series_id.tz
        local = to_local(start, tz)
        days = local.date() - to_local(self.series_start, tz).date()
        return days.days, local.hour * 60 + local.minute

    def _plan_moves(self, start, scope):
        """Return where sessions of the series move, and what is in the way.

        What stays takes its time for the others as well, so it is looked at again until
        nothing more has to stay.

        :return: dict of session → request of a booking, with ``conflict``
        """
        now = self._now()
        if self.state != "scheduled" or self.start <= now:
            raise UserError(
                self.env._(
                    "%(session)s has begun or is closed. Only sessions to come can be"
                    " moved.",
                    session=self.display_name,
                )
            )
        usual = self._get_series_scope(scope).filtered(
            lambda one: one == self
            or (
                one.state == "scheduled"
                and one.start > now
                and one.start == one.series_start
            )
        )
        moves = self._prepare_moves(usual, start)
        moves = {one: move for one, move in moves.items() if move["start"] != one.start}
        if not moves:
            raise UserError(self.env._("That is when the sessions are already."))
        moving = list(moves)
        while moving:
            requests = [moves[one] for one in moving]
            # without this one, unless it moves as well
            away = self.browse().union(*moving)
            messages = self._get_obstacles(requests, exclude=away)
            for one, message in zip(moving, messages, strict=True):
                moves[one]["conflict"] = message or one._get_move_obstacle(moves[one])
            staying = [one for one in moving if moves[one]["conflict"]]
            if not staying:
                break
            moving = [one for one in moving if one not in staying]
        return moves

    def _prepare_moves(self, sessions, start):
        """Return what ``_prepare_booking`` would of each session at its new time."""
        tz = self.series_id.tz
        if self.series_id:
            days, minute = self._get_series_shift(start)
        moves = {}
        for one in sessions.sorted("start"):
            new = start if one == self else shift(one.series_start, days, minute, tz)
            scheduled = one.attendance_ids.filtered(lambda a: a.state == "scheduled")
            moves[one] = {
                "booking_type": one.booking_type_id,
                "coach": one.coach_id,
                "partners": scheduled.partner_id,
                "start": new,
                "stop": new + (one.stop - one.start),
                "by_client": False,
                "conflict": False,
            }
        return moves

    def _get_move_obstacle(self, move):
        """Return why this session can't be at a new time, whoever is free, or False."""
        self.ensure_one()
        try:
            self._check_booking(move)
        except UserError as error:
            return str(error)
        for attendance in self.attendance_ids.filtered(
            lambda a: a.state == "scheduled" and a.package_id
        ):
            reason = attendance._get_package_obstacle(move)
            if reason:
                return reason
        return False

    # === MOVING === #

    def _move_series(self, moves, scope, start, reason, message):
        """Move sessions of this one's series.

        :param dict moves: session → request, nothing is in the way of
        """
        # without this one, where something is in its way
        sessions = self.browse().union(*moves)
        attendances = sessions.attendance_ids.filtered(lambda a: a.state == "scheduled")
        old = {attendance: attendance.start for attendance in attendances}
        requests = list(moves.values())
        keys = dict(
            zip(
                moves,
                self._prepare_limit_keys(requests, exclude=sessions),
                strict=True,
            )
        )
        later = start > self.start
        wanted = sessions._get_all_wanted_at()
        first = {one: one._prepare_move_values(wanted.get(one)) for one in sessions}
        shifted = self._get_series_shift(start)
        others = self._get_series_scope(scope) - sessions
        self._take_turns(sessions.coach_id, attendances.partner_id)
        with self._readable_conflicts():
            self.env["coaching.hold"]._make_room(requests)
            sessions._park()
            for one, request in moves.items():
                one._move_resources(request)
                times = self._prepare_session_times(request)
                slot = {"series_start": request["start"]}
                one.write({**times, **keys[one], **first[one], **slot})
                one.attendance_ids.filtered(lambda a: a.state == "scheduled").write(
                    {"start": request["start"], "stop": request["stop"]}
                )
            sessions.flush_recordset()
            attendances.flush_recordset()
            # what frees a month's session goes before what needs it
            ordered = attendances.sorted("start", reverse=later)
            ordered._keep_entitlement()
        sessions._project()
        self.env["coaching.proposal"]._withdraw_for(sessions)
        self.env["coaching.waiting"]._wake()
        self.series_id._shift_rule(*shifted, others, min(old.values()))
        self._log_moves(sessions, old, reason)
        self.env["coaching.notification"]._queue_series(
            "series_changed", attendances, message, old
        )

    def _park(self):
        """Put these sessions out of each other's way, until they have a new time.

        The constraints look at each row as it is written: a series that moves by a week
        would run into itself.
        """
        self.env.flush_all()
        self.env.cr.execute(
            f"""
            UPDATE coaching_session
               SET start = start - {PARKED}, stop = stop - {PARKED},
                   busy_start = busy_start - {PARKED},
                   busy_stop = busy_stop - {PARKED}, day_key = NULL, week_key = NULL
             WHERE id = ANY(%(ids)s);
            UPDATE coaching_attendance
               SET start = start - {PARKED}, stop = stop - {PARKED}
             WHERE session_id = ANY(%(ids)s) AND state = 'scheduled'
            """,
            {"ids": self.ids},
        )
        # else what is as before would not be written again
        names = ["start", "stop", "busy_start", "busy_stop", "day_key", "week_key"]
        self.invalidate_recordset(names, flush=False)
        self.attendance_ids.invalidate_recordset(["start", "stop"], flush=False)
        self.resource_ids.invalidate_recordset(["start", "stop"], flush=False)

    def _log_moves(self, sessions, old, reason):
        """Write into the log of each session from when to when it was moved."""
        before = {attendance.session_id: moment for attendance, moment in old.items()}
        lines = {}
        for session in sessions:
            moved = self.env._(
                "With its series, from %(old)s to %(new)s.",
                old=self._format_time(before.get(session, session.start)),
                new=self._format_time(session.start),
            )
            lines[session] = " ".join(filter(None, [moved, reason]))
        self.env["coaching.session.log"]._add("moved", lines)

    def _get_not_moved_message(self, refused, total):
        """Return which sessions of a series can't be moved, and why."""
        lines = [move["conflict"] for move in list(refused.values())[:10]]
        if len(refused) > len(lines):
            lines.append(
                self.env._("And %(count)s more.", count=len(refused) - len(lines))
            )
        if len(refused) == total:
            lines.insert(0, self.env._("None of these sessions can be moved."))
        else:
            lines.insert(
                0,
                self.env._(
                    "%(count)s of %(total)s sessions can't be moved. Choose another"
                    " time, or leave them where they are.",
                    count=len(refused),
                    total=total,
                ),
            )
        return "\n".join(lines)
