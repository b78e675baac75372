from contextlib import contextmanager
from datetime import timedelta

import psycopg2.errors

from odoo import Command, api, models
from odoo.exceptions import (
    AccessError,
    ConcurrencyError,
    MissingError,
    UserError,
)
from odoo.tools import format_datetime, format_time

from ..tools.arguments import parse_text, parse_time, without_defaults
from ..tools.coach_time import TABLE
from .coaching_session import BLOCKING_STATES, MANAGER_GROUP

# Mails go out after the commit; nobody follows an event nobody talks about.
SILENT = {
    "dont_notify": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "no_mail_to_attendees": True,
    "skip_attendee_notification": True,
    "skip_contact_description": True,
    "tracking_disable": True,
}
BOOKING_KEYS = {
    "booking_type_id",
    "coach_id",
    "start",
    "stop",
    "partner_ids",
    "package_id",
    "makeup_of_id",
    "without_package",
    "note",
}


class CoachingSession(models.Model):
    """Booking and moving: every check once in words, the constraints as judges."""

    _inherit = "coaching.session"

    @api.model
    def book(self, vals):
        """Book a session, or join a group session that has a seat left (R52, R135).

        :param dict vals: ``booking_type_id``, ``coach_id``, ``start`` (naive UTC),
            ``partner_ids``; optional ``stop`` (else by the type's duration),
            ``package_id`` (else the client's package that expires first),
            ``makeup_of_id`` (the missed attendance a make-up is for; else the
            client's credit that expires first), ``without_package`` (leave packages
            alone, where none is needed), ``note``, ``terms_accepted`` (True, or better
            the id of the terms that the client read), ``client_agreed`` (True, or how
            the client agreed to this very session)
        :return: ``coaching.session``
        :raise UserError: when a rule forbids it, saying which and what to do
        :raise AccessError: when the user may not book for that client or coach
        """
        request = self._prepare_booking(vals)
        self._check_booking_rights(request)
        # sudo: rights were checked; clients have no access to write what they book
        session = without_defaults(self.sudo())._book(request)
        return self.browse(session.id)

    @api.model
    def _prepare_booking(self, vals):
        """Return ``vals`` with records and datetimes in place of ids and strings.

        :raise UserError: when something is missing, unknown or makes no sense
        """
        if not isinstance(vals, dict):
            raise UserError(self.env._("A booking is a dictionary of values."))
        unknown = set(vals) - BOOKING_KEYS
        if unknown:
            raise UserError(
                self.env._(
                    "A booking knows no “%(name)s”. It takes: %(names)s.",
                    name=min(unknown),
                    names=", ".join(sorted(BOOKING_KEYS)),
                )
            )
        self._check_ids(vals)
        # sudo: the rights to book are checked on these records right after
        env = without_defaults(self.sudo()).env
        booking_type = env["coaching.booking.type"].browse(vals.get("booking_type_id"))
        coach = env["coaching.coach"].browse(vals.get("coach_id"))
        partners = env["res.partner"].browse(vals.get("partner_ids") or ())
        # client and coach are read in one go, both are needed
        if not (
            partners
            and self._is_there(booking_type)
            and self._is_there(coach)
            and self._is_there(partners | coach.partner_id)
        ):
            raise UserError(
                self.env._("Say what to book, with which coach and for which client.")
            )
        start = self._parse_time(vals.get("start"))
        stop = self._parse_time(vals.get("stop"), required=False)
        stop = stop or start + timedelta(minutes=booking_type.duration_minutes)
        if stop <= start:
            raise UserError(
                self.env._(
                    "The session would end before it starts. Choose an end after"
                    " %(start)s.",
                    start=self._format_time(start),
                )
            )
        package = env["coaching.package"].browse(vals.get("package_id") or ())
        missed = env["coaching.attendance"].browse(vals.get("makeup_of_id") or ())
        if (package and not self._is_there(package)) or (
            missed and not self._is_there(missed)
        ):
            raise UserError(
                self.env._("The package or the missed session does not exist.")
            )
        if len(partners) > 1 and (package or missed):
            raise UserError(
                self.env._(
                    "A package or a missed session belongs to one client. Book the"
                    " clients one by one."
                )
            )
        return {
            "booking_type": booking_type,
            "coach": coach,
            "partners": partners,
            "start": start,
            "stop": stop,
            "package": package,
            "missed": missed,
            "without_package": bool(vals.get("without_package")),
            "note": parse_text(self.env, vals.get("note")),
        }

    @api.model
    def _check_ids(self, vals):
        """Raise unless what should name a record is a number that can be one."""
        ids = [vals.get(name) for name in BOOKING_KEYS if name.endswith("_id")]
        partner_ids = vals.get("partner_ids") or []
        if not isinstance(partner_ids, list | tuple):
            partner_ids = [partner_ids]
        for record_id in [*filter(None, ids), *partner_ids]:
            if not (
                isinstance(record_id, int)
                and not isinstance(record_id, bool)
                and 0 < record_id < 2**31
            ):
                raise UserError(
                    self.env._(
                        "“%(value)s” is not the id of a record.", value=record_id
                    )
                )

    @api.model
    def _is_there(self, records):
        """Return whether there are records, all of them in the database.

        Reads what is needed anyway, where ``exists`` would ask only for this.
        """
        try:
            return bool(records and records.mapped("display_name"))
        except MissingError:
            return False

    @api.model
    def _parse_time(self, value, required=True):
        """Return a naive UTC datetime from what a caller gave.

        :raise UserError: when it is none, or carries a time zone
        """
        moment = parse_time(self.env, value)
        if required and not moment:
            raise UserError(
                self.env._("Say when. Write it in UTC, like 2027-01-04 09:00:00.")
            )
        return moment

    @api.model
    def _format_time(self, moment, tz=None):
        """Return a naive UTC datetime as the user reads it.

        :param str tz: zone to tell it in, the user's by default
        """
        tz = tz or self.env.context.get("tz") or self.env.user.tz or "UTC"
        day = format_datetime(self.env, moment, tz=tz, dt_format="EEE d MMM y")
        return f"{day}, {format_time(self.env, moment, tz=tz, time_format='short')}"

    @api.model
    def _check_booking_rights(self, request):
        """Raise unless the user may book this.

        Managers book anything of their companies, coaches their own time, clients for
        themselves.
        """
        user = self.env.user
        if self.env.su:
            return
        coach = request["coach"]
        if user.has_group(MANAGER_GROUP):
            if coach.company_id in self.env.companies:
                return
        elif not self._has_usual_length(request):
            pass  # how long a session is, and what an hour pays, a manager says
        elif coach.user_id == user:
            self._check_known_clients(request)
            return
        elif (
            request["partners"] == user.partner_id
            and coach.company_id == user.company_id
        ):
            if not request["package"] or request["package"]._is_for(user.partner_id):
                return
        raise AccessError(
            self.env._(
                "You can't book this: clients book for themselves, coaches their own"
                " sessions, and managers everything in their company."
            )
        )

    @api.model
    def _check_known_clients(self, request):
        """Raise when a coach without access to contacts books for somebody new.

        Else a coach in the portal could try which contacts there are, and use up what
        other coaches' clients have paid for.
        """
        if not self.env.user.share:
            return
        # sudo: reading whom the user has coached before
        known = (
            self.env["coaching.attendance"]
            .sudo()
            .search([("coach_id", "=", request["coach"].id)])
            .partner_id
        )
        if request["partners"] - known:
            raise AccessError(
                self.env._(
                    "You can book for clients you have had a session with. Ask the"
                    " office to book the first one."
                )
            )

    @api.model
    def _has_usual_length(self, request):
        """Return whether a session is as long as its booking type says."""
        minutes = timedelta(minutes=request["booking_type"].duration_minutes)
        return request["stop"] - request["start"] == minutes

    @api.model
    def _check_booking(self, request):
        """Raise when a rule forbids a booking, in the order a person would ask.

        :param dict request: what ``_prepare_booking`` returns
        """
        booking_type, coach = request["booking_type"], request["coach"]
        start, stop = request["start"], request["stop"]
        if start <= self._now():
            raise UserError(
                self.env._(
                    "%(start)s is in the past. Choose a time to come.",
                    start=self._format_time(start),
                )
            )
        if not (booking_type.active and coach.active and coach.resource_id.active):
            raise UserError(
                self.env._("This booking type or coach is no longer available.")
            )
        if booking_type.coach_ids and coach not in booking_type.coach_ids:
            raise UserError(
                self.env._(
                    "%(coach)s does not give “%(booking_type)s”. Choose another coach.",
                    coach=coach.name,
                    booking_type=booking_type.name,
                )
            )
        if len(request["partners"]) > booking_type.max_participants:
            raise UserError(
                self.env._(
                    "“%(booking_type)s” has room for %(seats)s, not for %(count)s.",
                    booking_type=booking_type.name,
                    seats=booking_type.max_participants,
                    count=len(request["partners"]),
                )
            )
        companies = booking_type.company_id | request["partners"].company_id
        if companies - coach.company_id:
            raise UserError(
                self.env._(
                    "Coach, client and booking type belong to different companies."
                )
            )
        if not coach._is_working(start, stop):
            raise UserError(
                self.env._(
                    "%(coach)s does not work at %(start)s. Choose a time within the"
                    " coach's working hours.",
                    coach=coach.name,
                    start=self._format_time(start),
                )
            )

    @api.model
    def _check_free(self, request, exclude=None):
        """Raise when coach or client are taken at that time.

        The constraints are what judges; this finds the reason in words first, and
        keeps failed statements out of the server's log.
        """
        values = self._prepare_session_times(request)
        self.env.cr.execute(
            """
            SELECT name FROM coaching_session
             WHERE coach_id = %(coach)s AND id <> %(exclude)s AND state IN %(states)s
               AND tsrange(busy_start, busy_stop, '[)')
                   && tsrange(%(busy_start)s, %(busy_stop)s, '[)')
            UNION ALL
            SELECT NULL FROM coaching_attendance
             WHERE partner_id IN %(partners)s AND session_id <> %(exclude)s
               AND state IN %(states)s
               AND tsrange(start, stop, '[)') && tsrange(%(start)s, %(stop)s, '[)')
            LIMIT 1
            """,
            {
                "coach": request["coach"].id,
                "exclude": exclude.id if exclude else 0,
                "states": BLOCKING_STATES,
                "partners": tuple(request["partners"].ids),
                **values,
            },
        )
        row = self.env.cr.fetchone()
        if row:
            if row[0]:
                raise UserError(self._get_coach_taken_message(request))
            raise UserError(self._get_client_taken_message(request))

    @api.model
    def _get_coach_taken_message(self, request):
        return self.env._(
            "%(coach)s already has a session at %(start)s. Choose another time.",
            coach=request["coach"].name,
            start=self._format_time(request["start"]),
        )

    @api.model
    def _get_client_taken_message(self, request):
        return self.env._(
            "%(client)s already has a session at %(start)s. Choose another time.",
            client=", ".join(request["partners"].mapped("name")),
            start=self._format_time(request["start"]),
        )

    @api.model
    def _prepare_session_times(self, request):
        """Return start, stop and the busy time around them, all naive UTC."""
        booking_type = request["booking_type"]
        before = timedelta(minutes=booking_type.buffer_before_minutes)
        after = timedelta(minutes=booking_type.buffer_after_minutes)
        return {
            "start": request["start"],
            "stop": request["stop"],
            "busy_start": request["start"] - before,
            "busy_stop": request["stop"] + after,
        }

    @api.model
    def _book(self, request):
        """Check and book; the one way a session comes to be.

        :param dict request: what ``_prepare_booking`` returns
        :return: ``coaching.session``
        """
        self._check_booking(request)
        session = self._find_group_session(request)
        if not session:
            self._check_free(request)
        self._take_turns(request["coach"], request["partners"])
        with self._readable_conflicts(request):
            self.env["coaching.hold"]._make_room(request)
            if session:
                session._take_seats(len(request["partners"]))
            else:
                session = self._create_session(request)
            attendances = session._create_attendances(request)
        attendances._post_booking(request)
        return session

    @api.model
    def _take_turns(self, coaches, partners):
        """Let those who write into the same coach's or client's time queue up.

        Not the guard, that is the constraint. But several rows that wait for each
        other's commit in one exclusion constraint are a deadlock, which PostgreSQL
        resolves one a second. Ordered, so that the queue itself is none.
        """
        self.env.cr.execute(
            """
            SELECT pg_advisory_xact_lock(kind, id) FROM (
                SELECT 'coaching_session'::regclass::oid::int AS kind, id
                  FROM unnest(%s::int[]) AS id
                UNION ALL
                SELECT 'coaching_attendance'::regclass::oid::int, id
                  FROM unnest(%s::int[]) AS id
                ORDER BY kind, id) AS wanted
            """,
            (coaches.ids, partners.ids),
        )

    @contextmanager
    def _readable_conflicts(self, request=None):
        """Turn a lost race into the sentence a person needs.

        The exclusion constraints judge every writer. Outside of Odoo's retrying (a
        script, a cron) their errors would come up raw.

        :param dict request: what is booked; without it the sentence names no one
        """
        try:
            with self.env.cr.savepoint():
                yield
        except psycopg2.errors.UniqueViolation as error:
            # somebody posted the same at that moment: look again at what there is
            raise ConcurrencyError(
                self.env._("Somebody changed the same session just now. Try again.")
            ) from error
        except psycopg2.errors.ExclusionViolation as error:
            if error.diag.constraint_name == "coaching_attendance_owed_once":
                # of what the client may owe: look again whether some is left
                raise ConcurrencyError(
                    self.attendance_ids._sql_error_to_message(error)
                ) from error
            if not request:
                coach_tables = (self._table, TABLE)
                model = self if error.diag.table_name in coach_tables else None
                model = self.attendance_ids if model is None else model
                raise UserError(model._sql_error_to_message(error)) from error
            if error.diag.table_name not in (self._table, TABLE):
                raise UserError(self._get_client_taken_message(request)) from error
            message = self._get_coach_taken_message(request)
            if request["booking_type"].max_participants > 1:
                # it may be the very session to join: look again
                raise ConcurrencyError(message) from error
            raise UserError(message) from error

    @api.model
    def _find_group_session(self, request):
        """Return the session to join, if the type is for several clients."""
        booking_type = request["booking_type"]
        if booking_type.max_participants == 1:
            return self.browse()
        session = self.search(
            [
                ("coach_id", "=", request["coach"].id),
                ("booking_type_id", "=", booking_type.id),
                ("start", "=", request["start"]),
                ("state", "=", "scheduled"),
            ],
            limit=1,
        )
        again = session.attendance_ids.filtered(
            lambda attendance: attendance.state in BLOCKING_STATES
            and attendance.partner_id in request["partners"]
        )
        if again:
            raise UserError(self._get_client_taken_message(request))
        return session

    def _take_seats(self, count):
        """Count seats as taken, or refuse.

        A guarded update: of two clients who want the last seat, one gets it.
        """
        self.ensure_one()
        self.env.cr.execute(
            """
            UPDATE coaching_session SET seats_taken = seats_taken + %s
             WHERE id = %s AND seats_taken + %s <= seats
            """,
            (count, self.id, count),
        )
        if not self.env.cr.rowcount:
            raise UserError(
                self.env._(
                    "%(session)s has no seat left. Choose another time.",
                    session=self.display_name,
                )
            )
        self.invalidate_recordset(["seats_taken"], flush=False)

    @api.model
    def _create_session(self, request):
        session = self.with_context(**SILENT).create(
            self._prepare_session_values(request)
        )
        # the constraint judges now, before anything is built on the session
        session.flush_recordset()
        return self.browse(session.id)

    @api.model
    def _prepare_session_values(self, request):
        """Return the values a session is created with."""
        booking_type = request["booking_type"]
        return {
            "name": self.env["ir.sequence"].next_by_code("coaching.session"),
            "booking_type_id": booking_type.id,
            "coach_id": request["coach"].id,
            "company_id": request["coach"].company_id.id,
            # in a group everybody would read it; each client's own is kept with him
            "note": request["note"] if booking_type.max_participants == 1 else False,
            "seats": booking_type.max_participants,
            "seats_taken": len(request["partners"]),
            **self._prepare_session_times(request),
        }

    def _create_attendances(self, request):
        """Add clients, take what they attend with, and show it in the calendar."""
        self.ensure_one()
        attendances = self.env["coaching.attendance"].create(
            [
                {
                    "session_id": self.id,
                    "partner_id": partner.id,
                    "start": self.start,
                    "stop": self.stop,
                    "note": request["note"],
                    "sessions_deducted": self.booking_type_id.sessions_deducted,
                }
                for partner in request["partners"]
            ]
        )
        attendances.flush_recordset()
        attendances._take_entitlement(
            request["package"], request["missed"], request["without_package"]
        )
        self._project()
        return attendances

    # === CALENDAR === #

    def _project(self):
        """Make the calendar event say what the session says."""
        gone = self.filtered(lambda session: session.state not in BLOCKING_STATES)
        events = gone.event_id.with_context(coaching_projection=True, **SILENT)
        # in one go: of many sessions cancelled at once nothing else changes
        events.filtered("active").write({"active": False})
        for session in self - gone:
            values = session._prepare_event_values()
            event = session.event_id.with_context(coaching_projection=True, **SILENT)
            if event:
                event.write(values)
            else:
                values["attendee_ids"] = [
                    Command.create({"partner_id": partner_id, "state": state})
                    for partner_id, state in session._get_event_partners().items()
                ]
                session.event_id = event.create(values)

    def _get_event_partners(self):
        """Return partner ids with their answer: who gives the session has agreed."""
        self.ensure_one()
        clients = self.attendance_ids.filtered(
            lambda attendance: attendance.state in BLOCKING_STATES
        ).partner_id
        return {
            **dict.fromkeys(clients.ids, "needsAction"),
            self.coach_id.partner_id.id: "accepted",
        }

    def _prepare_event_values(self):
        """Return the values of the calendar event."""
        self.ensure_one()
        name = self.booking_type_id.name
        if self.seats == 1 and self.client_names:
            name = f"{name}: {self.client_names}"
        return {
            "name": name,
            "start": self.start,
            "stop": self.stop,
            "user_id": self.coach_id.user_id.id,
            # who is coached is nobody else's business, colleagues see “Busy”
            "privacy": "private",
            "partner_ids": [Command.set(list(self._get_event_partners()))],
            "active": True,
        }

    def action_reschedule(self, start, reason="", message=""):
        """Move a session that has not begun, with its package and client (R46-R55).

        Its coach or a manager at any time; a client his own one, with the notice that
        the booking type asks for.

        :param start: new start, naive UTC
        :param str reason: why, kept in the log
        :param str message: sentence for the client, put into the mail
        :return: True
        :raise UserError: when a booking at that time would be refused, and for a
            client who is too late or shares the session with others
        :raise AccessError: unless the user is the coach, a manager or the client
        """
        self.ensure_one()
        self._check_may_reschedule()
        # sudo: the right was checked; nobody writes times by hand
        without_defaults(self.sudo())._reschedule(
            self._parse_time(start),
            parse_text(self.env, reason),
            parse_text(self.env, message),
        )
        return True

    def _reschedule(self, start, reason="", message="", stop=None):
        self.ensure_one()
        if self.state != "scheduled" or self.start <= self._now():
            raise UserError(
                self.env._(
                    "%(session)s has begun or is closed. Only sessions to come can be"
                    " moved.",
                    session=self.display_name,
                )
            )
        old_start = self.start
        scheduled = self.attendance_ids.filtered(lambda a: a.state == "scheduled")
        request = {
            "booking_type": self.booking_type_id,
            "coach": self.coach_id,
            "partners": scheduled.partner_id,
            "start": start,
            "stop": stop or start + (self.stop - self.start),
        }
        self._check_booking(request)
        self._check_free(request, exclude=self)
        self._take_turns(request["coach"], request["partners"])
        with self._readable_conflicts(request):
            self.env["coaching.hold"]._make_room(request)
            self.write(self._prepare_session_times(request))
            scheduled.write({"start": self.start, "stop": self.stop})
            self.flush_recordset()
            scheduled.flush_recordset()
            scheduled._keep_entitlement()
        self._project()
        moved = self.env._(
            "From %(old)s to %(new)s.",
            old=self._format_time(old_start),
            new=self._format_time(start),
        )
        self.env["coaching.session.log"]._add(
            "moved", {self: " ".join(filter(None, [moved, reason]))}
        )
        self.env["coaching.notification"]._queue(scheduled, "moved", message)
