from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.local_time import to_local
from ..session.lifecycle import BLOCKING_STATES


class CoachingSession(models.Model):
    """The maximum of sessions a day and a week: numbered, each number used once.

    A count before the booking would be a race; the number of two who take the last
    place at once is the same, and the index lets one of them through.
    """

    _inherit = "coaching.session"

    day_key = fields.Char(
        string="Day key",
        readonly=True,
        copy=False,
        help="Coach, day and number of the session in it.",
    )
    week_key = fields.Char(
        string="Week key",
        readonly=True,
        copy=False,
        help="Coach, week and number of the session in it.",
    )

    _day_limited = models.UniqueIndex(
        "(day_key) WHERE day_key IS NOT NULL"
        " AND state IN ('scheduled', 'completed', 'no_show')",
        "The coach has reached the maximum number of sessions that day. Choose"
        " another day.",
    )
    _week_limited = models.UniqueIndex(
        "(week_key) WHERE week_key IS NOT NULL"
        " AND state IN ('scheduled', 'completed', 'no_show')",
        "The coach has reached the maximum number of sessions that week. Choose"
        " another week.",
    )

    @api.model
    def _prepare_limit_keys(self, requests, exclude=None):
        """Return the numbers that sessions take in their days and weeks.

        :param list requests: ``BookingRequest``, checked before
        :param exclude: ``coaching.session`` that moves
        :return: list of values, one for each request
        :raise UserError: when no number is left
        """
        wanted = [
            {
                name: (limit, f"{request.coach.id}:{day:%Y-%m-%d}")
                for name, limit, day in self._get_limits(request)
                if limit
            }
            for request in requests
        ]
        prefixes = {
            name: {keys[name][1] for keys in wanted if name in keys}
            for name in ("day_key", "week_key")
        }
        taken = self._get_taken_numbers(prefixes, exclude)
        result = []
        for request, keys in zip(requests, wanted, strict=True):
            values = {"day_key": False, "week_key": False}
            for name, (limit, prefix) in keys.items():
                free = set(range(1, limit + 1)) - taken[name, prefix]
                if not free:
                    reason = name.removesuffix("_key")
                    raise UserError(self._get_obstacle_message(reason, request))
                taken[name, prefix].add(min(free))
                values[name] = f"{prefix}:{min(free)}"
            result.append(values)
        return result

    @api.model
    def _get_limits(self, request):
        """Return the limits of a coach, with the day or Monday they count from."""
        coach = request.coach
        day = to_local(request.start, coach.tz).date()
        monday = fields.Date.start_of(day, "week")
        return [
            ("day_key", coach.max_sessions_day, day),
            ("week_key", coach.max_sessions_week, monday),
        ]

    @api.model
    def _get_taken_numbers(self, prefixes, exclude):
        """Return the numbers that are given.

        :param dict prefixes: field → keys without their number
        :return: dict of (field, prefix) → set of numbers
        """
        taken = defaultdict(set)
        for name, wanted in prefixes.items():
            if not wanted:
                continue
            sessions = self.search_fetch(
                [
                    ("coach_id", "in", [int(key.split(":")[0]) for key in wanted]),
                    ("state", "in", BLOCKING_STATES),
                    ("id", "not in", exclude.ids if exclude else []),
                    (name, "!=", False),
                ],
                [name],
            )
            for session in sessions:
                prefix, _colon, number = session[name].rpartition(":")
                if prefix in wanted:
                    # a Monday's prefix is that of its week
                    taken[name, prefix].add(int(number))
        return taken

    # === HOOKS === #

    @api.model
    def _on_time_freed(self):
        """Do what follows from some coach's time being free again; a hook.

        Called in the transaction of who frees it, for whatever time that is: extend it
        to look later, after the commit, what is free by then.
        """
