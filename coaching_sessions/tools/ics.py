"""Entries for calendars (RFC 5545, 5546); no ORM in here."""

import pytz
import vobject

PRODUCT_ID = "-//Coaching for Odoo//Sessions//EN"


def build_ics(method, *entries):
    """Return the text of a calendar with one entry, or several.

    The same UID with a higher SEQUENCE changes the entry that is there. Invitations
    and cancellations have one entry each; ``PUBLISH`` may have any number.

    :param str method: ``REQUEST``, ``PUBLISH`` or ``CANCEL``
    :param dict entries: ``uid``, ``sequence``, ``stamp``, ``start``, ``stop`` (naive
        UTC), ``summary``; ``description``, ``location``, ``url`` where there are any;
        ``organizer`` and ``attendee``, each a pair of name and address;
        ``cancelled``, to take it out
    :return: str
    """
    calendar = vobject.iCalendar()
    calendar.add("prodid").value = PRODUCT_ID
    calendar.add("method").value = method
    for values in entries:
        cancelled = method == "CANCEL" or values.get("cancelled")
        _add_event(calendar, values, "CANCELLED" if cancelled else "CONFIRMED")
    return calendar.serialize()


def build_invitation(values):
    """Return the text of a calendar with one entry that takes place.

    :param dict values: as of ``build_ics``
    :return: str; who invites or is invited may have no address, it is shown then
    """
    invites, invited = values.get("organizer"), values.get("attendee")
    complete = invites and invites[1] and invited and invited[1]
    return build_ics("REQUEST" if complete else "PUBLISH", values)


def _add_event(calendar, values, status):
    event = calendar.add("vevent")
    event.add("uid").value = values["uid"]
    event.add("sequence").value = str(values["sequence"])
    event.add("status").value = status
    for name, key in (("dtstamp", "stamp"), ("dtstart", "start"), ("dtend", "stop")):
        event.add(name).value = pytz.utc.localize(values[key].replace(microsecond=0))
    for name in ("summary", "description", "location", "url"):
        if values.get(name):
            event.add(name).value = values[name]
    _add_person(event, "organizer", values.get("organizer"))
    attendee = _add_person(event, "attendee", values.get("attendee"))
    if attendee:
        attendee.params.update(
            ROLE=["REQ-PARTICIPANT"], PARTSTAT=["ACCEPTED"], RSVP=["FALSE"]
        )


def _add_person(event, role, person):
    """Add organizer or attendee; returns the line, None without an address."""
    name, address = person or ("", "")
    if not address:
        return None
    line = event.add(role)
    line.value = f"mailto:{address}"
    # neither quotes nor line breaks can be written in a parameter
    name = " ".join((name or "").replace('"', " ").split())
    if name:
        line.params["CN"] = [name]
    return line
