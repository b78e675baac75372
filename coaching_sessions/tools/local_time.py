"""Wall clock and UTC: what stays at ten o'clock when the clocks change.

Moments are naive UTC as in the database, zones are names. No ORM in here.
"""

from datetime import datetime, timedelta

import pytz


def to_local(moment, tz):
    """Return a moment as the clock on the wall shows it.

    :param datetime moment: naive UTC
    :param str tz: name of a zone, UTC when empty
    :return: naive local datetime
    """
    zone = pytz.timezone(tz or "UTC")
    return pytz.utc.localize(moment).astimezone(zone).replace(tzinfo=None)


def to_utc(local, tz):
    """Return the moment at which the clock on the wall shows a time.

    A time that the change of the clocks leaves out is an hour later on the wall; of
    one that comes twice it is the first.

    :param datetime local: naive local datetime
    :param str tz: name of a zone, UTC when empty
    :return: naive UTC datetime
    """
    zone = pytz.timezone(tz or "UTC")
    try:
        moment = zone.localize(local, is_dst=None)
    except pytz.NonExistentTimeError:
        moment = zone.localize(local, is_dst=False)
    except pytz.AmbiguousTimeError:
        # which of them is summer time differs: Morocco's clocks go back for Ramadan
        moment = min(zone.localize(local, is_dst=is_dst) for is_dst in (True, False))
    return moment.astimezone(pytz.utc).replace(tzinfo=None)


def shift_weeks(moment, weeks, tz):
    """Return the same weekday and wall clock some weeks later.

    :param datetime moment: naive UTC
    :param int weeks: how many, negative for earlier
    :param str tz: zone whose clock counts
    :return: naive UTC datetime
    """
    return to_utc(to_local(moment, tz) + timedelta(weeks=weeks), tz)


def get_weekly_starts(weekday, minute, tz, first, last):
    """Return when a weekly time comes up in a span of days.

    :param int weekday: 0 for Monday
    :param int minute: minutes after midnight, on the wall
    :param str tz: zone whose clock counts
    :param date first: first day
    :param date last: last day, included
    :return: list of naive UTC datetimes
    """
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    starts = []
    while day <= last:
        local = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)
        starts.append(to_utc(local, tz))
        day += timedelta(weeks=1)
    return starts
