from odoo import api, fields, models
from odoo.exceptions import UserError

# what a synchronised calendar sends back, with the names of clients in it
SESSION_FIELDS = {"name", "partner_ids", "attendee_ids", "privacy"}
TIME_FIELDS = {"start", "stop", "start_date", "stop_date", "duration", "allday"}


class CalendarEvent(models.Model):
    """An event that shows a session is the session's projection, not its owner."""

    _inherit = "calendar.event"

    is_coaching_session = fields.Boolean(
        string="Coaching session",
        readonly=True,
        copy=False,
        help="The event shows a session; its time includes the buffers.",
    )
    coaching_session_ids = fields.One2many(
        comodel_name="coaching.session",
        inverse_name="event_id",
        string="Coaching sessions",
        readonly=True,
    )

    # what else takes a coach's time from some moment on
    _coaching_busy_index = models.Index(
        "(stop, start) WHERE active AND show_as = 'busy'"
        " AND is_coaching_session IS NOT TRUE"
    )

    def init(self):
        super().init()
        # of before there was the field
        self.env.cr.execute(
            """
            UPDATE calendar_event SET is_coaching_session = true
             WHERE is_coaching_session IS NOT TRUE
               AND id IN (SELECT event_id FROM coaching_session)
            """
        )

    def _get_projected_sessions(self):
        """Return the sessions these events show."""
        # only our own superuser writes the projection, not whoever sends a context
        if self.env.su and self.env.context.get("coaching_projection"):
            return self.env["coaching.session"]
        # sudo: whether an event shows a session; what follows checks its own rights
        return (
            self.env["coaching.session"].sudo().search([("event_id", "in", self.ids)])
        )

    def write(self, vals):
        """Treat a drag of the event, here or in a synchronised calendar, as a move.

        Archiving it, as a synchronised calendar does with what was deleted there,
        cancels the session.
        """
        if vals.get("recurrency") and self._get_projected_sessions():
            raise UserError(
                self.env._(
                    "This event belongs to a session, so it can't be repeated here."
                    " Book a series instead."
                )
            )
        if SESSION_FIELDS & set(vals) and self._get_projected_sessions():
            self._refuse_session_fields()
            vals = {
                name: value
                for name, value in vals.items()
                if name not in SESSION_FIELDS
            }
        if vals.get("active") is False:
            self._cancel_projected_sessions()
        moved = TIME_FIELDS & set(vals)
        sessions = self._get_projected_sessions() if moved else None
        result = super().write(vals)
        for session in sessions or ():
            event = session.event_id
            if (event.start, event.stop) != (session.start, session.stop):
                session.sudo(self.env.su)._on_event_moved(event.start, event.stop)
        return result

    @api.model
    def _refuse_session_fields(self):
        """Raise when a person changes who takes part, or what the event is called.

        A synchronisation, which sends everything back, goes on without it.
        """
        if not self.env.su:
            raise UserError(
                self.env._(
                    "Who takes part in a session, and its title, can't be changed in"
                    " the calendar. Open the session instead."
                )
            )

    def unlink(self):
        """Cancel the sessions these events show: they are never lost with an event."""
        self._cancel_projected_sessions()
        return super().unlink()

    def _cancel_projected_sessions(self):
        """Cancel the sessions to come that these events show, as their coach would."""
        upcoming = self._get_projected_sessions().filtered(
            lambda session: session.state == "scheduled"
            and session.start > session._now()
        )
        note = self.env._("Deleted in the calendar")
        for session in upcoming:
            # also when a synchronisation runs as superuser for the coach: the client
            # must not lose a session because the coach can't come
            own = session.coach_id.user_id == self.env.user
            session.sudo(self.env.su)._on_event_deleted(
                note, code="coach_emergency" if own else None
            )
