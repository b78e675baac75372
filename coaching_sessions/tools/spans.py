"""Arithmetic of spans of time: what is left of working hours, and where a session fits.

A span is a pair ``(start, stop)`` of whole seconds since 1970 in UTC, without its stop.
Lists of spans are sorted and apart from each other, unless said otherwise. No ORM in
here, and no zone: local times are turned into seconds before.
"""

from bisect import bisect_right
from datetime import UTC, datetime, timedelta

import pytz

DAY = 86400
EPOCH = datetime(1970, 1, 1)
SECOND = timedelta(seconds=1)


def to_seconds(moment):
    """Return a naive UTC datetime as whole seconds, what is begun counted down."""
    return (moment - EPOCH) // SECOND


def to_moment(seconds):
    """Return seconds as a naive UTC datetime."""
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


def to_text(seconds):
    """Return seconds as Odoo writes a naive UTC datetime."""
    return str(EPOCH + timedelta(seconds=seconds))


def merge(spans):
    """Return spans in any order, some of them overlapping, as a proper list.

    Spans that touch become one; empty ones vanish.
    """
    result = []
    append = result.append
    last_start, last_stop = 0, float("-inf")
    for span in sorted(spans):
        start, stop = span
        if start > last_stop:
            if start < stop:
                append(span)
                last_start, last_stop = span
        elif stop > last_stop:
            result[-1] = (last_start, stop)
            last_stop = stop
    return result


def subtract(spans, taken):
    """Return what is left of spans without those that are taken."""
    if not taken:
        return list(spans)
    result = []
    index, count = 0, len(taken)
    for start, stop in spans:
        while index < count and taken[index][1] <= start:
            index += 1
        at = index
        while at < count and taken[at][0] < stop:
            if taken[at][0] > start:
                result.append((start, taken[at][0]))
            start = max(start, taken[at][1])
            at += 1
        if start < stop:
            result.append((start, stop))
    return result


def intersect(spans, others):
    """Return what belongs to both."""
    result = []
    at = other = 0
    while at < len(spans) and other < len(others):
        start = max(spans[at][0], others[other][0])
        stop = min(spans[at][1], others[other][1])
        if start < stop:
            result.append((start, stop))
        if spans[at][1] < others[other][1]:
            at += 1
        else:
            other += 1
    return result


def covers(spans, start, stop):
    """Return whether one of the spans holds the whole of a time."""
    at = bisect_right(spans, (start, float("inf"))) - 1
    return at >= 0 and spans[at][1] >= stop


def find(spans, start, stop):
    """Return the index of the first span that overlaps a time, or None."""
    at = max(bisect_right(spans, (start, float("inf"))) - 1, 0)
    while at < len(spans) and spans[at][0] < stop:
        if spans[at][1] > start:
            return at
        at += 1
    return None


def get_start_spans(free, busy, length, preparation=0, before=0, after=0):
    """Return when a session may begin.

    :param free: spans that hold the whole session with its preparation
    :param busy: spans that must not overlap the session with all that is around it
    :param int length: of the session
    :param int preparation: within ``free``, and kept free of ``busy``
    :param int before: kept free of ``busy`` before the preparation
    :param int after: kept free of ``busy`` after the session
    :return: spans of starts: each second in them is one
    """
    begins = merge(
        (start + preparation, stop - length + 1)
        for start, stop in free
        if stop - start >= preparation + length
    )
    around = preparation + before
    return subtract(
        begins,
        merge((start - length - after + 1, stop + around) for start, stop in busy),
    )


def cut(spans, grids, step):
    """Return the starts on a grid that lie in spans.

    :param spans: spans of possible starts
    :param grids: spans, each a grid of its own from its start on
    :param int step: of the grid
    :return: sorted list of seconds
    """
    result = []
    count = len(spans)
    index = 0
    for first, last in grids:
        while index < count and spans[index][1] <= first:
            index += 1
        at = index
        while at < count and spans[at][0] < last:
            start, stop = spans[at]
            begin = first if start <= first else first - (first - start) // step * step
            result.extend(range(begin, min(stop, last), step))
            at += 1
    return result


class LocalDays:
    """The days of a zone in seconds, each zone's clock asked twice a day at most."""

    def __init__(self, tz):
        self.zone = pytz.timezone(tz or "UTC")
        self._offsets = {}
        self._days = {}

    def _localize(self, day, seconds):
        """Return the UTC second of a local time, in seconds since midnight.

        As Odoo's calendars do: of an hour that comes twice the second one, and of one
        that is left out what it would have been.
        """
        local = day_start(day) + seconds
        moment = self.zone.localize(to_moment(local))
        return local - int(moment.utcoffset().total_seconds())

    def _get_offset(self, day):
        """Return the offset of a whole day, or None where the clocks change."""
        try:
            return self._offsets[day]
        except KeyError:
            first = day_start(day) - self._localize(day, 0)
            last = day_start(day) + DAY - 1 - self._localize(day, DAY - 1)
            self._offsets[day] = offset = first if first == last else None
            return offset

    def get_second(self, day, seconds):
        """Return the UTC second of a time of day.

        :param int day: ordinal of the local day
        :param int seconds: since local midnight, 24:00 is the end of the day
        """
        offset = self._get_offset(day)
        if offset is not None:
            return day_start(day) + seconds - offset
        if seconds == DAY:
            return self._localize(day, DAY - 1) + 1
        return self._localize(day, seconds)

    def get_day(self, second):
        """Return the ordinal of the local day of a UTC second."""
        # of many coaches the same two are asked
        if second not in self._days:
            moment = pytz.utc.localize(to_moment(second)).astimezone(self.zone)
            self._days[second] = moment.toordinal()
        return self._days[second]

    def get_span(self, first, last):
        """Return the span of some whole days, the last one included."""
        return self.get_second(first, 0), self.get_second(last + 1, 0)

    def expand(self, week, first, last):
        """Return the hours of a week on each day, not merged: each is a grid.

        :param week: 14 lists of ``(start, stop)`` in seconds since midnight: Monday to
            Sunday of the even weeks as Odoo counts them, then of the odd ones
        :param int first: ordinal of the first day
        :param int last: ordinal of the last day
        :return: list of spans, in order
        """
        spans = []
        append, get_second = spans.append, self.get_second
        for day in range(first, last + 1):
            hours = week[(day - 1) % 14]
            if not hours:
                continue
            offset = self._get_offset(day)
            if offset is None:
                for start, stop in hours:
                    append((get_second(day, start), get_second(day, stop)))
            else:
                base = day_start(day) - offset
                for start, stop in hours:
                    append((base + start, base + stop))
        return spans


def day_start(day):
    """Return the midnight that begins a day, as if local time were UTC.

    :param int day: ordinal, as ``date.toordinal``
    """
    return (day - 719163) * DAY
