"""When a series comes up: weekdays and a local time. No ORM in here.

Moments are naive UTC as in the database, zones are names.
"""

from datetime import datetime, timedelta

from .local_time import to_local, to_utc

# A series has an end, also one that says none.
MAX_OCCURRENCES = 104
MAX_YEARS = 2


def get_starts(weekdays, interval_weeks, minute, tz, first, last=None, count=None):
    """Return when a series comes up.

    The local time stays the same when the clocks change; of an hour that comes twice it
    is the first one, and what is left out comes as much later. A day that does not
    exist (Samoa left one out) has no occurrence.

    :param weekdays: 0 for Monday
    :param int interval_weeks: every so many weeks, counted from that of the first day
    :param int minute: minutes after midnight, local time
    :param str tz: zone whose clock counts, UTC when empty
    :param date first: first day
    :param date last: last day, included
    :param int count: so many of them at the most
    :return: sorted list of naive UTC datetimes; more than ``MAX_OCCURRENCES`` only by
        one, which says that there would be more
    """
    starts = []
    most = MAX_OCCURRENCES + 1 if count is None else min(count, MAX_OCCURRENCES + 1)
    latest = first + timedelta(days=366 * MAX_YEARS)
    last = latest if last is None else min(last, latest)
    monday = first - timedelta(days=first.weekday())
    while weekdays and monday <= last:
        for weekday in sorted(set(weekdays)):
            day = monday + timedelta(days=weekday)
            if len(starts) == most or day > last:
                return starts
            if day < first:
                continue
            local = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)
            start = to_utc(local, tz)
            if to_local(start, tz) - local < timedelta(hours=12):
                starts.append(start)
        monday += timedelta(weeks=interval_weeks)
    return starts


def shift(moment, days, minute, tz):
    """Return a moment moved by days, at another local time.

    :param datetime moment: naive UTC
    :param int days: how many, negative for earlier
    :param int minute: minutes after midnight, local time
    :param str tz: zone whose clock counts
    :return: naive UTC datetime
    """
    day = to_local(moment, tz).date() + timedelta(days=days)
    local = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)
    return to_utc(local, tz)
