from collections import defaultdict
from dataclasses import replace

from odoo import api, models
from odoo.tools import frozendict, groupby

from ...tools.booking_request import BookingRequest
from ...tools.move import Move

# where sessions wait while others move: nothing else is there
PARKED = "interval '1000 years'"


class CoachingSession(models.Model):
    """The one way in which sessions move: one, a series, to another coach (R46-R55).

    Whoever moves them has checked rights, rules and free times, and made a ``Move`` of
    each. What has to be done before is in ``_pre_move``, what follows in
    ``_post_move``: both are hooks.
    """

    _inherit = "coaching.session"

    # === WHAT MOVES === #

    def _prepare_move_request(self, start=None, stop=None, coach=None, by_client=False):
        """Return what booking this session elsewhere would ask for.

        :param datetime start: naive UTC; as it is by default
        :param datetime stop: naive UTC; as long as it is by default
        :param coach: ``coaching.coach``; who gives it by default
        :param bool by_client: by the rules for clients
        """
        self.ensure_one()
        start = start or self.start
        return BookingRequest(
            booking_type=self.booking_type_id,
            coach=coach or self.coach_id,
            partners=self._get_scheduled_attendances().partner_id,
            start=start,
            stop=stop or start + (self.stop - self.start),
            session=self,
            by_client=by_client,
        )

    def _prepare_move(
        self, start=None, stop=None, coach=None, by_client=False, **values
    ):
        """Return this session's way to another time or coach; writes nothing.

        :param values: other fields of ``Move``
        """
        self.ensure_one()
        return Move(
            session=self,
            request=self._prepare_move_request(start, stop, coach, by_client),
            old_start=self.start,
            old_stop=self.stop,
            old_coach=self.coach_id,
            **values,
        )

    @api.model
    def _check_free_for(self, moves):
        """Raise when there is no time for these moves, see ``_check_free``.

        :return: the moves, with what was seen of held times
        """
        requests = self._check_free(
            [move.request for move in moves], exclude=self._get_moving(moves)
        )
        return [
            replace(move, request=request)
            for move, request in zip(moves, requests, strict=True)
        ]

    # === MOVING === #

    @api.model
    def _move(self, moves):
        """Move sessions, all of them or none.

        Each has its new time before an old one is free. What was taken meanwhile is
        refused by the constraints.

        :param list moves: of ``Move``, of sessions that are to come
        :raise UserError: when a time was taken meanwhile, or what a client attends with
            is over by then
        """
        sessions = self._get_moving(moves)
        attendances = sessions._get_scheduled_attendances()
        requests = [move.request for move in moves]
        coaches = sessions.coach_id.union(*(move.coach for move in moves))
        self._take_turns(coaches, attendances.partner_id)
        with self._readable_conflicts(requests[0] if len(requests) == 1 else None):
            self.env["coaching.hold"]._make_room(requests)
            keys = self._prepare_limit_keys(requests, exclude=sessions)
            values = [
                {**numbers, **move.session._prepare_move_values(move)}
                for move, numbers in zip(moves, keys, strict=True)
            ]
            if len(moves) > 1:
                self._get_moving(move for move in moves if move.changes_time)._park()
            self._pre_move(moves)
            self._write_moves(moves, values)
            sessions.flush_recordset()
            attendances.flush_recordset()
            # what frees a month's session goes before what needs it
            later = moves[0].start > moves[0].old_start
            attendances.sorted("start", reverse=later)._keep_entitlement()
        self._post_move(moves)

    @api.model
    def _get_moving(self, moves):
        """Return the sessions of moves."""
        return self.browse().union(*(move.session for move in moves))

    def _get_scheduled_attendances(self):
        """Return the attendances of these sessions that nobody has closed."""
        return self.attendance_ids.filtered(lambda a: a.state == "scheduled")

    @api.model
    def _write_moves(self, moves, vals_list):
        """Write where sessions are from now on, in one go what is the same for many.

        :param list vals_list: what is written to the session of each
        """
        alike = defaultdict(self.browse)
        for move, vals in zip(moves, vals_list, strict=True):
            alike[frozendict(vals)] |= move.session
        for vals, sessions in alike.items():
            sessions.write(vals)
        for move in moves:
            if move.changes_time:
                move.session._get_scheduled_attendances().write(
                    {"start": move.start, "stop": move.stop}
                )

    def _prepare_move_values(self, move):
        """Return what is written to a session that moves; a hook.

        :param Move move: of this session
        """
        self.ensure_one()
        values = {}
        if move.changes_time:
            values.update(self._prepare_session_times(move.request))
        if move.changes_coach:
            values["coach_id"] = move.coach.id
        return values

    def _park(self):
        """Put these sessions out of each other's way, until they have a new time.

        The constraints look at each row as it is written: a series that moves by a week
        would run into itself.
        """
        if not self:
            return
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

    # === HOOKS === #

    @api.model
    def _pre_move(self, moves):
        """Do what has to be done before sessions are written; a hook.

        In the same transaction: who raises here takes the moves back with it.

        :param list moves: of ``Move``
        """

    @api.model
    def _post_move(self, moves):
        """Do what follows from moves; a hook, called once for all of them.

        Extend it, after ``super()``, for whatever follows: each move says what was and
        what is. The sessions are written, and what clients attend with was kept. In the
        same transaction: who raises here takes the moves back with it.

        :param list moves: of ``Move``
        """
        self._get_moving(moves)._update_projections()
        self._log_moves(moves)
        told = [move for move in moves if move.told]
        if told:
            self._tell_moves(told)
        # the new coach takes the time over: it does not become free
        if any(move.changes_time for move in moves):
            self._on_time_freed()

    @api.model
    def _log_moves(self, moves):
        """Write into the log of each session what it was moved from and to, and why."""
        lines = defaultdict(dict)
        for move in moves:
            action, sentence = move.session._describe_move(move)
            lines[action][move.session] = " ".join(
                filter(None, [sentence, move.reason])
            )
        for action, sentences in lines.items():
            self.env["coaching.session.log"]._add(action, sentences)

    def _describe_move(self, move):
        """Return what the log says of a move: its action, and a sentence; a hook.

        :param Move move: of this session
        """
        self.ensure_one()
        return "moved", self.env._(
            "From %(old)s to %(new)s.",
            old=self._format_time(move.old_start),
            new=self._format_time(move.start),
        )

    @api.model
    def _tell_moves(self, moves):
        """Tell who has to know of moves; a hook for kinds of emails of its own.

        :param list moves: of ``Move``
        """
        moved = [move for move in moves if move.kind == "moved"]
        for message, batch in groupby(moved, lambda move: move.message):
            attendances = self._get_moving(batch)._get_scheduled_attendances()
            self.env["coaching.notification"]._queue(
                attendances,
                "moved",
                message,
                old={move.session: move.old_start for move in batch},
            )
