"""What is early and what is late: the one place that says so. No ORM in here.

Notice is the time from the moment something is told until the session starts. More
than the hours that are asked for is early, exactly as many is late. All moments are
naive UTC, so that a change of the clocks in between changes nothing.
"""

from datetime import timedelta

# the least notice that is more than so many hours: people count in seconds
MOMENT = 1 / 3600


def get_notice_start(start, moved_from=None):
    """Return the start that notice is counted to.

    Whoever moves a session when it is too late to cancel gains nothing by that: the
    worse of both starts counts.

    :param datetime start: of the session
    :param datetime moved_from: where it was when it was moved too late, None for never
    """
    return min(start, moved_from or start)


def get_deadline(start, hours):
    """Return the moment from which on it is late.

    :param datetime start: that notice is counted to
    :param float hours: of notice that are asked for
    """
    return start - timedelta(hours=hours)


def is_early(moment, start, hours):
    """Return whether what is told at a moment is in time.

    :param datetime moment: when it is told
    :param datetime start: that notice is counted to
    :param float hours: of notice that are asked for
    """
    return moment < get_deadline(start, hours)


def get_hours(moment, start):
    """Return how many hours of notice there are; below zero once it has started.

    :param datetime moment: when it is told
    :param datetime start: that notice is counted to
    """
    return (start - moment).total_seconds() / 3600


def is_more(notice, hours):
    """Return whether a notice is more than what is asked for: exactly is not.

    :param float notice: hours, as ``get_hours`` returns
    :param float hours: that are asked for
    """
    return notice > hours


def get_first_start(now, hours):
    """Return the earliest start that is offered to who has to book in time.

    The other way round, and exactly as many hours are enough: what is offered can be
    had.

    :param datetime now: when it is booked
    :param float hours: of notice that are asked for
    """
    return now + timedelta(hours=hours)
