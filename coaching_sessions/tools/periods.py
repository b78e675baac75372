"""Periods of the calendar that something is counted in."""

from datetime import timedelta

# a day is over everywhere when it is over in the westernmost zone
LAST_ZONE = timedelta(hours=12)


def get_over_date(now):
    """Return the first day that is not over yet somewhere on earth.

    :param datetime now: naive UTC
    """
    return (now - LAST_ZONE).date()


def get_period_key(day, period):
    """Return the name of the month, quarter or year that a day lies in.

    :param date day:
    :param str period: ``month``, ``quarter`` or ``year``
    :return: e.g. ``2027-03``, ``2027-Q1``, ``2027``
    """
    if period == "month":
        return f"{day:%Y-%m}"
    if period == "quarter":
        return f"{day.year}-Q{(day.month + 2) // 3}"
    return str(day.year)


def take_numbers(taken, limit, wanted):
    """Return the lowest free numbers from 1 to a limit.

    :param set taken: numbers in use
    :param int limit: highest number there is
    :param int wanted: how many
    :return: list of int, shorter where there are not as many
    """
    free = (number for number in range(1, limit + 1) if number not in taken)
    return [number for number, _ in zip(free, range(wanted), strict=False)]
