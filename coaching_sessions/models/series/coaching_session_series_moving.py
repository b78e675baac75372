from dataclasses import replace

from odoo import api, models
from odoo.exceptions import UserError

from ...tools.arguments import parse_text, without_defaults
from ...tools.local_time import to_local
from ...tools.recurrence import shift


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
        moves, conflicts = without_defaults(self.sudo())._plan_moves(
            self._parse_time(start), scope
        )
        return [
            {
                "session_id": move.session.id,
                "start": move.old_start,
                "new_start": move.start,
                "conflict": conflicts.get(move, False),
            }
            for move in moves
        ]

    def action_move_series(
        self, start, scope="one", reason="", message="", on_conflict="refuse"
    ):
        """Move this session, it and the following ones, or all to come (R110, R111).

        The others by as many days, to the same time in the series' time zone; what was
        moved alone before stays where it is. In one transaction: each has its new time
        before an old one is free. Each client gets one email.

        :param start: new start of this session, naive UTC
        :param str scope: ``one``, ``following`` or ``all``
        :param str reason: why, kept in the log
        :param str message: sentence for the clients, added to the email
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
                self.env._("Choose how to handle conflicts: refuse or skip.")
            )
        if scope == "one":
            self.action_reschedule(start, reason, message)
            return {"moved": 1, "not_moved": []}
        # sudo: rights were checked, to the whole series where it is about that
        session = without_defaults(self.sudo())
        moves, conflicts = session._plan_moves(start, scope)
        for move in moves:
            # as the user: a coach may be bound by notice
            move.session.with_env(self.env)._check_staff_may_move()
        if conflicts and (on_conflict == "refuse" or len(conflicts) == len(moves)):
            sentences = list(conflicts.values())
            raise UserError(session._get_not_moved_message(sentences, len(moves)))
        moving = [move for move in moves if move not in conflicts]
        session._move_series(moving, scope, start, reason, message)
        return {
            "moved": len(moving),
            "not_moved": [
                {
                    "session_id": move.session.id,
                    "start": move.old_start,
                    "reason": conflict,
                }
                for move, conflict in conflicts.items()
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

        :return: list of ``Move``; and dict of those that can't be → sentence
        """
        self._check_to_come()
        now = self._now()
        usual = self._get_series_scope(scope).filtered(
            lambda one: one == self
            or (
                one.state == "scheduled"
                and one.start > now
                and one.start == one.series_start
            )
        )
        moves = self._prepare_moves(usual, start)
        moves = [move for move in moves if move.start != move.old_start]
        if not moves:
            raise UserError(self.env._("The sessions are already at that time."))
        conflicts, moving = {}, moves
        while moving:
            # without this one, unless it moves as well
            away = self._get_moving(moving)
            requests = [move.request for move in moving]
            messages = self._get_obstacles(requests, exclude=away)
            for move, message in zip(moving, messages, strict=True):
                conflict = message or move.session._get_move_obstacle(move)
                if conflict:
                    conflicts[move] = conflict
            left = [move for move in moving if move not in conflicts]
            if len(left) == len(moving):
                break
            moving = left
        return moves, {move: conflicts[move] for move in moves if move in conflicts}

    def _prepare_moves(self, sessions, start):
        """Return the way of each session to its new time, as ``Move``."""
        tz = self.series_id.tz
        if self.series_id:
            days, minute = self._get_series_shift(start)
        return [
            one._prepare_move(
                start if one == self else shift(one.series_start, days, minute, tz),
                kind="series_changed",
            )
            for one in sessions.sorted("start")
        ]

    def _get_move_obstacle(self, move):
        """Return why this session can't be at a new time, whoever is free, or False."""
        self.ensure_one()
        try:
            self._check_booking(move.request)
        except UserError as error:
            return str(error)
        for attendance in self._get_scheduled_attendances().filtered("package_id"):
            reason = attendance._get_move_refusal(move.request)
            if reason:
                return reason
        return False

    # === MOVING === #

    def _move_series(self, moves, scope, start, reason, message):
        """Move sessions of this one's series, and what the series says of them.

        :param list moves: of ``Move``, nothing is in the way of
        """
        # without this one, where something is in its way
        sessions = self._get_moving(moves)
        wanted = sessions._get_wanted_at()
        shifted = self._get_series_shift(start)
        others = self._get_series_scope(scope) - sessions
        self._move(
            [
                replace(
                    move,
                    wanted_at=wanted.get(move.session),
                    reason=reason,
                    message=message,
                )
                for move in moves
            ]
        )
        begin = min(move.old_start for move in moves)
        self.series_id._shift_rule(*shifted, others, begin)

    # === HOOKS === #

    def _prepare_move_values(self, move):
        values = super()._prepare_move_values(move)
        if move.kind == "series_changed":
            # one that moves alone keeps its usual time
            values["series_start"] = move.start
        return values

    def _describe_move(self, move):
        if move.kind != "series_changed":
            return super()._describe_move(move)
        return "moved", self.env._(
            "With its series, from %(old)s to %(new)s.",
            old=self._format_time(move.old_start),
            new=self._format_time(move.start),
        )

    @api.model
    def _tell_moves(self, moves):
        result = super()._tell_moves(moves)
        old = {
            attendance: move.old_start
            for move in moves
            if move.kind == "series_changed"
            for attendance in move.session._get_scheduled_attendances()
        }
        if old:
            self.env["coaching.notification"]._queue_series(
                "series_changed",
                self.env["coaching.attendance"].union(*old),
                moves[0].message,
                old,
            )
        return result

    def _get_not_moved_message(self, refused, total):
        """Return which sessions of a series can't be moved, and why.

        :param list refused: of sentences
        :param int total: how many there are with those that can
        """
        lines = refused[:10]
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
                    " time, or leave them at their times.",
                    count=len(refused),
                    total=total,
                ),
            )
        return "\n".join(lines)
