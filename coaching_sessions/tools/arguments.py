"""What callers of the public methods pass, checked: it may be anything."""

from datetime import date, datetime

from odoo import fields
from odoo.exceptions import UserError

# outside of it date arithmetic overflows, and nobody books
YEARS = range(2000, 2201)


def parse_text(env, value):
    """Return a text argument, empty for none; PostgreSQL takes no NUL characters.

    :raise UserError: for anything but text
    """
    if not value:
        return ""
    if not isinstance(value, str):
        raise UserError(env._("“%(value)s” is not a text.", value=value))
    return value.replace("\x00", "").encode("utf-8", "replace").decode()


def parse_time(env, value):
    """Return a naive UTC datetime, None for none.

    :raise UserError: when it is none, carries a time zone or is out of this world
    """
    if not value:
        return None
    try:
        moment = fields.Datetime.to_datetime(value)
    except (TypeError, ValueError):
        moment = None
    if not isinstance(moment, datetime) or moment.tzinfo or moment.year not in YEARS:
        raise UserError(
            env._(
                "“%(value)s” is not a time. Write it in UTC, like 2027-01-04 09:00:00.",
                value=value,
            )
        )
    return moment


def parse_date(env, value):
    """Return a date, None for none.

    :raise UserError: when it is none or out of this world
    """
    if not value:
        return None
    try:
        day = fields.Date.to_date(value)
    except (TypeError, ValueError, AttributeError):
        day = None
    if not isinstance(day, date) or day.year not in YEARS:
        raise UserError(
            env._("“%(value)s” is not a date. Write it like 2027-01-04.", value=value)
        )
    return day
