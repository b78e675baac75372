"""When one coach is free, and what takes the rest of the time. No ORM in here.

Filled by ``coaching.availability`` from the database, asked by ``get_slots`` and by
``book``: both look at the same spans, so that they can't disagree.
"""

from dataclasses import dataclass, field

from .spans import covers, cut, find, get_start_spans, merge, subtract


@dataclass(frozen=True)
class Need:
    """What a session needs, in seconds.

    :param int length: of the session
    :param int preparation: of the coach, in working hours
    :param int before: kept free before that, in working hours or not
    :param int after: kept free after the session
    :param int step: between two starts that are offered
    """

    length: int
    preparation: int = 0
    before: int = 0
    after: int = 0
    step: int = 1800


@dataclass
class CoachTime:
    """Spans of one coach, in the order in which a person would ask about them.

    ``grids`` are the hours of each day as the calendar has them: starts are counted
    from their beginning. ``obstacles`` maps a reason to spans that a session must not
    overlap: with all that is kept free around it, and for reasons in
    ``WITHOUT_BUFFERS`` with its preparation only. ``starts`` maps a reason to spans in
    which none may begin. ``meets_holds`` says that something is held which a booking
    may have. ``counts`` are sessions by local day, for ``max_day`` and ``max_week``.
    """

    days: object = None
    meets_holds: bool = False
    max_day: int = 0
    max_week: int = 0
    counts: dict = field(default_factory=dict)
    grids: list = field(default_factory=list)
    work: list = field(default_factory=list)
    obstacles: dict = field(default_factory=dict)
    starts: dict = field(default_factory=dict)

    # who comes to a session needs no time around it, whoever gives it does
    WITHOUT_BUFFERS = ("client",)

    def add(self, reason, spans):
        """Note spans that are taken, in any order."""
        self.obstacles.setdefault(reason, []).extend(spans)

    def add_starts(self, reason, spans):
        """Note spans in which no session may begin, in any order."""
        self.starts.setdefault(reason, []).extend(spans)

    def book(self, need, start):
        """Take a session into account that is booked together with the next one."""
        around = (start - need.preparation - need.before, start + need.length)
        self.add("session", [(around[0], around[1] + need.after)])
        self.add("client", [(start, start + need.length)])
        day = self.days.get_day(start)
        self.counts[day] = self.counts.get(day, 0) + 1

    def get_full(self):
        """Return days and weeks with as many sessions as there may be.

        :return: dict of ``day`` and ``week`` → spans
        """
        full = {"day": [], "week": []}
        by_week = {}
        for day, count in self.counts.items():
            monday = day - (day - 1) % 7
            by_week[monday] = by_week.get(monday, 0) + count
            if self.max_day and count >= self.max_day:
                full["day"].append(self.days.get_span(day, day))
        for monday, count in by_week.items():
            if self.max_week and count >= self.max_week:
                full["week"].append(self.days.get_span(monday, monday + 6))
        return full

    def get_starts(self, need, first, last):
        """Return when a session may begin.

        :param Need need: what it needs
        :param int first: earliest start
        :param int last: no start from here on
        :return: sorted list of seconds
        """
        return cut(
            self.get_start_spans(need, first, last),
            [
                (max(start + need.preparation, start), stop)
                for start, stop in self.grids
                if stop > first and start < last
            ],
            need.step,
        )

    def get_start_spans(self, need, first, last):
        """Return spans of starts, on the grid or not."""
        busy, other = [], []
        for reason, spans in self.obstacles.items():
            (other if reason in self.WITHOUT_BUFFERS else busy).extend(spans)
        free = subtract(self.work, merge(other)) if other else self.work
        if busy:
            busy = merge(busy)
        spans = get_start_spans(
            free, busy, need.length, need.preparation, need.before, need.after
        )
        never = [span for spans in self.starts.values() for span in spans]
        never += [span for spans in self.get_full().values() for span in spans]
        return subtract(spans, merge([*never, (0, first), (last, 1 << 62)]))

    def get_obstacle(self, need, start):
        """Return why a session can't begin then, or None.

        :param Need need: what it needs
        :param int start: second
        :return: ``hours``, or one of the reasons of ``obstacles`` and ``starts``
        """
        prepared, stop = start - need.preparation, start + need.length
        if not covers(self.work, prepared, stop):
            return "hours"
        for reason, spans in self.obstacles.items():
            begin, end = prepared, stop
            if reason not in self.WITHOUT_BUFFERS:
                begin, end = begin - need.before, end + need.after
            if find(merge(spans), begin, end) is not None:
                return reason
        for reason, spans in (*self.starts.items(), *self.get_full().items()):
            if find(merge(spans), start, start + 1) is not None:
                return reason
        return None

    def is_on_grid(self, need, start):
        """Return whether a start is one of those that are offered."""
        return any(
            grid + need.preparation <= start < stop
            and (start - grid - need.preparation) % need.step == 0
            for grid, stop in self.grids
        )
