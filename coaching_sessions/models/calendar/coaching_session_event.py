from collections import defaultdict

from odoo import Command, models
from odoo.tools import frozendict

from ..session.lifecycle import BLOCKING_STATES

# Emails go out after the commit; nobody follows an event nobody talks about.
SILENT = {
    "dont_notify": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "no_mail_to_attendees": True,
    "skip_attendee_notification": True,
    "skip_contact_description": True,
    "tracking_disable": True,
}


class CoachingSession(models.Model):
    """The calendar event that shows a session; the session owns its time."""

    _inherit = "coaching.session"

    def _update_projections(self):
        """Bring what shows these sessions in line with them; a hook.

        To be called after every change of time, coach, clients or state. What is in
        line already stays as it is, so it may be called once too often.
        """
        self._show_in_calendar()

    def _show_in_calendar(self):
        """Make the calendar events say what these sessions say."""
        gone = self.filtered(lambda session: session.state not in BLOCKING_STATES)
        events = gone.event_id.with_context(coaching_projection=True, **SILENT)
        # in one go: of many sessions cancelled at once nothing else changes
        events.filtered("active").write({"active": False})
        shown = self - gone
        new = shown.filtered(lambda session: not session.event_id)
        (shown - new)._update_events()
        if not new:
            return
        created = events.create([session._prepare_new_event() for session in new])
        for session, event in zip(new, created, strict=True):
            session.event_id = event.id

    def _update_events(self):
        """Write what has changed to the calendar events of these sessions.

        In one go where it is the same for many, as when somebody takes over: each write
        of an event makes the cache forget what it knew.
        """
        alike = defaultdict(self.browse)
        for session in self:
            changes = session._get_event_changes()
            if changes:
                alike[frozendict(changes)] |= session
        for changes, sessions in alike.items():
            events = sessions.event_id.with_context(coaching_projection=True, **SILENT)
            # Odoo changes what it is given
            events.write(
                {
                    name: list(value) if name == "partner_ids" else value
                    for name, value in changes.items()
                }
            )
            if "partner_ids" in changes:
                coach = sessions.coach_id.partner_id
                events.attendee_ids.filtered(
                    lambda attendee, coach=coach: attendee.partner_id in coach
                    and attendee.state == "needsAction"
                ).state = "accepted"

    def _get_event_changes(self):
        """Return the values of the calendar event that are not what they should be."""
        self.ensure_one()
        event = self.event_id
        values = self._prepare_event_values()
        del values["partner_ids"]
        changes = {
            name: value
            for name, value in values.items()
            if (event._fields[name].convert_to_write(event[name], event) or False)
            != (value or False)
        }
        wanted, there = set(self._get_event_partners()), set(event.partner_ids.ids)
        if wanted != there:
            changes["partner_ids"] = (
                *(Command.unlink(partner_id) for partner_id in sorted(there - wanted)),
                *(Command.link(partner_id) for partner_id in sorted(wanted - there)),
            )
        return changes

    def _prepare_new_event(self):
        """Return the values of a new calendar event, with who takes part."""
        self.ensure_one()
        return {
            **self._prepare_event_values(),
            # as Odoo would reckon it afterwards, in one more statement
            "duration": round((self.stop - self.start).total_seconds() / 3600, 2),
            "attendee_ids": [
                Command.create({"partner_id": partner_id, "state": state})
                for partner_id, state in self._get_event_partners().items()
            ],
        }

    def _get_event_partners(self):
        """Return partner ids with their answer: who gives the session has agreed.

        No clients: every employee may search events and those who take part. Emails and
        entries of our own tell clients.
        """
        self.ensure_one()
        return {self.coach_id.partner_id.id: "accepted"}

    # === WHAT HAPPENS TO THE EVENT === #

    def _on_event_moved(self, start, stop):
        """Follow an event that somebody moved in a calendar; a hook for moving.

        :param datetime start: of the event now, naive UTC
        :param datetime stop: naive UTC
        """
        self.ensure_one()

    def _on_event_deleted(self, note, code=None):
        """Follow an event that somebody took out of a calendar; a hook for cancelling.

        :param str note: how it came to that
        :param str code: outcome to close the session with, instead of finding one
        """
        self.ensure_one()

    # === WHAT THE EVENT SAYS === #

    def _prepare_event_values(self):
        """Return the values of the calendar event; a hook."""
        self.ensure_one()
        return {
            # what is stored can be searched by every employee: no client's name
            "name": self.booking_type_id.name,
            "start": self.start,
            "stop": self.stop,
            "user_id": self.coach_id.user_id.id,
            # colleagues see “Busy”
            "privacy": "private",
            "is_coaching_session": True,
            "partner_ids": [Command.set(list(self._get_event_partners()))],
            "active": True,
        }

    def _get_calendar_title(self):
        """Return what the event is called for whoever gives or manages the session."""
        self.ensure_one()
        name = self.booking_type_id.name
        if self.seats == 1 and self.client_names:
            name = f"{name}: {self.client_names}"
        return name
