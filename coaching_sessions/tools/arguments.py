"""What callers of the public methods pass, checked: it may be anything."""

import re
from datetime import date, datetime

from odoo import fields
from odoo.exceptions import MissingError, UserError
from odoo.tools import is_html_empty, plaintext2html
from odoo.tools.misc import clean_context

# what a text has that comes out of an editor
TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
# nobody reads more, and whoever sends more wants to fill the disk
TEXT_LENGTH = 20_000
BODY_LENGTH = 200_000
# outside of it date arithmetic overflows, and nobody books
YEARS = range(2000, 2201)


def is_reasonable(day):
    """Return whether a date or datetime lies in years that people plan for."""
    return day.year in YEARS


def parse_text(env, value, length=TEXT_LENGTH):
    """Return a text argument, empty for none; PostgreSQL takes no NUL characters.

    :param int length: characters it may have at most
    :raise UserError: for anything but text, and for too much of it
    """
    if not value:
        return ""
    if not isinstance(value, str):
        raise UserError(env._("“%(value)s” is not text.", value=value))
    if len(value) > length:
        raise UserError(
            env._(
                "This text is too long. Write at most %(limit)s characters.",
                limit=length,
            )
        )
    return value.replace("\x00", "").encode("utf-8", "replace").decode()


def parse_time(env, value):
    """Return a naive UTC datetime, None for none.

    :raise UserError: when it is none, carries a time zone or is out of this world
    """
    if not value:
        return None
    try:
        moment = fields.Datetime.to_datetime(value)
    except (KeyError, TypeError, ValueError):
        moment = None
    if not isinstance(moment, datetime) or moment.tzinfo or not is_reasonable(moment):
        raise UserError(
            env._(
                "“%(value)s” is not a time. Write it in UTC, like 2027-01-04 09:00:00.",
                value=value,
            )
        )
    # the database counts in seconds, and so do people
    return moment.replace(microsecond=0)


def parse_date(env, value):
    """Return a date, None for none.

    :raise UserError: when it is none or out of this world
    """
    if not value:
        return None
    try:
        day = fields.Date.to_date(value)
    except (AttributeError, KeyError, TypeError, ValueError):
        day = None
    if not isinstance(day, date) or not is_reasonable(day):
        raise UserError(
            env._("“%(value)s” is not a date. Write it like 2027-01-04.", value=value)
        )
    return day


def parse_ids(env, value):
    """Return record ids without repetition, in their order; none for no value.

    :param value: list of ids, or a recordset
    :raise UserError: for anything but whole numbers
    """
    ids = getattr(value, "ids", value) or []
    if not isinstance(ids, list | tuple) or any(
        not isinstance(number, int) or isinstance(number, bool) for number in ids
    ):
        raise UserError(env._("“%(value)s” is not a list of IDs.", value=value))
    return list(dict.fromkeys(ids))


def check_ids(env, *ids, several=None):
    """Raise unless what should name records are numbers that can be ids.

    :param ids: an id each, or nothing
    :param several: list of ids, one id, or nothing
    :raise UserError: for anything else
    """
    several = several or []
    if not isinstance(several, list | tuple):
        several = [several]
    # unhashable ones too, so before they are looked at together
    for record_id in [*filter(None, ids), *several]:
        if not (
            isinstance(record_id, int)
            and not isinstance(record_id, bool)
            and 0 < record_id < 2**31
        ):
            raise UserError(env._("“%(value)s” is not a record ID.", value=record_id))


def parse_percent(env, value):
    """Return a whole percentage from 0 to 100.

    :raise UserError: for anything else
    """
    try:
        percent = int(value)
    except (TypeError, ValueError, OverflowError):
        percent = -1
    if isinstance(value, bool) or percent not in range(101) or percent != float(value):
        raise UserError(
            env._(
                "“%(value)s” is not a percentage. Enter a whole number from 0 to 100.",
                value=value,
            )
        )
    return percent


def parse_body(env, value):
    """Return the HTML of a note; text without tags keeps its lines.

    Dangerous tags are the field's to remove.

    :raise UserError: for anything but text, and when nothing is written
    """
    # with tags, and what an editor adds to them
    body = parse_text(env, value, BODY_LENGTH)
    if not TAG.search(body):
        body = plaintext2html(body) if body.strip() else ""
    if is_html_empty(body):
        raise UserError(env._("The note is empty. Write something first."))
    return body


def parse_integer(env, value):
    """Return a whole number, 0 for none.

    :raise UserError: for anything that is none, or that no column holds
    """
    if not value:
        return 0
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**31:
        raise UserError(env._("“%(value)s” is not a whole number.", value=value))
    return value


def without_defaults(records):
    """Return records whose context has no ``default_…`` of a dialog.

    Those are for what the dialog makes, not for what is posted on the way.
    """
    return records.with_env(records.env(context=clean_context(records.env.context)))


def is_there(records, names=None):
    """Return whether there are records, all of them in the database.

    Reads what is needed anyway, where ``exists`` would ask only for this.

    :param names: fields that are needed, the first one of every record; by default all
        that are read together
    """
    try:
        if records and names:
            records.fetch(names)
        # every record has one, and with it comes what else is read
        return bool(records and records.mapped(names[0] if names else "create_date"))
    except MissingError:
        return False


def check_there(records):
    """Raise unless these are records that can be in the database.

    Callers may name none, or one of id 0, for which nothing is forbidden.

    :raise UserError: for an empty recordset or one without an id
    """
    if not records or len(records._origin) != len(records):
        raise UserError(
            records.env._("This record does not exist. Reload the page and try again.")
        )


def check_one(records):
    """Raise unless this is one record that can be in the database, or a new one.

    :raise UserError: for none, several, or id 0
    """
    if len(records) > 1:
        raise UserError(
            records.env._("This can be done for one record at a time. Choose one.")
        )
    if not records or records._ids == (0,):
        raise UserError(
            records.env._("This record does not exist. Reload the page and try again.")
        )
