"""Local time and UTC: what stays at ten o'clock when the clocks change, in words.

Moments are naive UTC as in the database, zones are names; an empty or unknown one
counts as UTC. No ORM in here.
"""

from datetime import datetime, timedelta

import babel.core
import babel.dates
import pytz


def _get_zone(tz):
    try:
        return pytz.timezone(tz or "UTC")
    except pytz.UnknownTimeZoneError:
        return pytz.utc


def is_zone(tz):
    """Return whether this is the name of a time zone; it may be anything."""
    try:
        return bool(pytz.timezone(tz))
    except (AttributeError, KeyError, TypeError):
        return False


def to_local(moment, tz):
    """Return a moment in local time.

    :param datetime moment: naive UTC
    :param str tz: name of a zone
    :return: naive local datetime
    """
    return pytz.utc.localize(moment).astimezone(_get_zone(tz)).replace(tzinfo=None)


def get_whole_days(start, stop, zones):
    """Return the first and the last day of what is whole days in one of some zones.

    :param datetime start: naive UTC
    :param datetime stop: naive UTC; the last minute of a day, or its end
    :param zones: names of zones, the likeliest first; UTC is tried last
    :return: pair of dates; None where it is not whole days in any of them
    """
    for tz in (*filter(None, zones), "UTC"):
        first, last = to_local(start, tz), to_local(stop - timedelta(seconds=1), tz)
        begins = (first.hour, first.minute) == (0, 0)
        ends = (last.hour, last.minute) in ((23, 59), (23, 58))
        if begins and ends and first <= last:
            return first.date(), last.date()
    return None


def to_utc(local, tz):
    """Return the moment of a local time.

    A time that the change of the clocks leaves out is an hour later; of one that comes
    twice it is the first.

    :param datetime local: naive local datetime
    :param str tz: name of a zone
    :return: naive UTC datetime
    """
    zone = _get_zone(tz)
    try:
        moment = zone.localize(local, is_dst=None)
    except pytz.InvalidTimeError as problem:
        # which of the two is summer time differs: Ireland's is its standard, and
        # Morocco's clocks go back for Ramadan
        readings = sorted(zone.localize(local, is_dst=dst) for dst in (True, False))
        moment = readings[isinstance(problem, pytz.NonExistentTimeError)]
    return moment.astimezone(pytz.utc).replace(tzinfo=None)


def shift_weeks(moment, weeks, tz):
    """Return the same weekday and local time some weeks later.

    :param datetime moment: naive UTC
    :param int weeks: how many, negative for earlier
    :param str tz: zone whose clock counts
    :return: naive UTC datetime
    """
    return to_utc(to_local(moment, tz) + timedelta(weeks=weeks), tz)


def get_weekly_starts(weekday, minute, tz, first, last):
    """Return when a weekly time comes up in a span of days.

    :param int weekday: 0 for Monday
    :param int minute: minutes after midnight, local time
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


# === IN WORDS === #


def format_zone(tz):
    """Return the name of a zone without underscores."""
    return (tz or "UTC").replace("_", " ")


def format_city(tz, locale):
    """Return a zone as people call it: the name of its city, like “New York”."""
    zone = _get_zone(tz)
    name = zone.zone
    # an alias is another city: who chose Montreal does not want to read Toronto
    if name not in babel.core.get_global("zone_aliases"):
        name = babel.dates.get_timezone_location(zone, locale, return_city=True)
    return name.split("/")[-1].replace("_", " ")


def format_day(day, locale):
    """Return a date in short, like “4 Jan 2027”, in the order of the locale."""
    return babel.dates.format_skeleton("yMMMd", day, locale=locale)


def format_span(first, last):
    """Return two texts as one, from the first to the last."""
    return f"{first} – {last}"


def describe_span(start, stop, tz, locale):
    """Return the parts of a time span that pages show.

    :param datetime start: naive UTC
    :param datetime stop: naive UTC
    :param str tz: zone of the reader
    :param locale: ``babel.Locale`` of the reader
    :return: dict of str; ``start`` and ``stop`` are hours on the clock, ``time`` is
        both of them, and the days are those of the start
    """
    begin, end = to_local(start, tz), to_local(stop, tz)
    hours = [
        babel.dates.format_time(moment, "short", locale=locale)
        for moment in (begin, end)
    ]
    return {
        "weekday": babel.dates.format_datetime(begin, "EEE", locale=locale),
        "day": str(begin.day),
        "month": babel.dates.format_datetime(begin, "LLL", locale=locale),
        "year": str(begin.year),
        "date": babel.dates.format_date(begin, "full", locale=locale),
        "short_date": format_day(begin, locale),
        "start": hours[0],
        "stop": hours[1],
        "time": format_span(*hours),
        "zone": format_zone(tz),
    }
