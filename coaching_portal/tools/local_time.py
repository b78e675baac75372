"""Dates and times as people read them; no ORM, so it is tested without a database."""

import babel.dates
import pytz


def to_local(moment, tz):
    """Return a naive UTC datetime in a zone.

    :param datetime moment: naive UTC
    :param str tz: name of the zone; an unknown one counts as UTC
    """
    try:
        zone = pytz.timezone(tz or "UTC")
    except pytz.UnknownTimeZoneError:
        zone = pytz.utc
    return pytz.utc.localize(moment).astimezone(zone)


def format_zone(tz):
    """Return the name of a zone without underscores."""
    return (tz or "UTC").replace("_", " ")


def format_day(day, locale):
    """Return a date in short, like “4 Jan 2027”, in the order of the locale."""
    return babel.dates.format_skeleton("yMMMd", day, locale=locale)


def describe_span(start, stop, tz, locale):
    """Return the parts of a time span that pages show.

    :param datetime start: naive UTC
    :param datetime stop: naive UTC
    :param str tz: zone of the reader
    :param locale: ``babel.Locale`` of the reader
    :return: dict of str
    """
    begin, end = to_local(start, tz), to_local(stop, tz)

    def clock(moment):
        return babel.dates.format_time(moment, "short", locale=locale)

    return {
        "weekday": babel.dates.format_datetime(begin, "EEE", locale=locale),
        "day": str(begin.day),
        "month": babel.dates.format_datetime(begin, "LLL", locale=locale),
        "year": str(begin.year),
        "date": babel.dates.format_date(begin, "full", locale=locale),
        "short_date": format_day(begin, locale),
        "time": f"{clock(begin)} – {clock(end)}",
        "zone": format_zone(tz),
    }


def to_utc(moment, tz):
    """Return what a clock on the wall shows as naive UTC.

    An hour that comes twice means the first one; one that is skipped moves forward by
    what is skipped.

    :param datetime moment: naive, as a person writes it
    :param str tz: name of the zone; an unknown one counts as UTC
    """
    try:
        zone = pytz.timezone(tz or "UTC")
    except pytz.UnknownTimeZoneError:
        zone = pytz.utc
    readings = sorted(
        zone.localize(moment, is_dst=is_dst).astimezone(pytz.utc)
        for is_dst in (True, False)
    )
    skipped = to_local(readings[0].replace(tzinfo=None), tz).replace(tzinfo=None)
    return readings[skipped != moment].replace(tzinfo=None)
