from contextlib import contextmanager
from datetime import timedelta

import psycopg2.errors

from odoo import api, models
from odoo.exceptions import (
    AccessError,
    ConcurrencyError,
    MissingError,
    UserError,
)
from odoo.tools import SQL, format_datetime, format_time

from ..tools.arguments import parse_text, parse_time, without_defaults
from ..tools.coach_time import TABLE
from .coaching_session import BLOCKING_STATES, MANAGER_GROUP
from .coaching_session_event import SILENT

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
    """Booking: every check once in words, the constraints as judges."""

    _inherit = "coaching.session"

    @api.model
    def book(self, vals):
        """Book a session, or join a group session that has a seat left (R52, R135).

        :param dict vals: ``booking_type_id``, ``coach_id`` (None: any coach who is
            free), ``start`` (naive UTC), ``partner_ids``; optional ``stop`` (else by
            the type's duration), ``package_id`` (else the client's package that
            expires first), ``makeup_of_id`` (the missed attendance a make-up is for;
            else the client's credit that expires first), ``without_package`` (leave
            packages alone, where none is needed), ``note``, ``terms_accepted`` (True,
            or better the id of the terms that the client read), ``client_agreed``
            (True, or how the client agreed to this very session)
        :return: ``coaching.session``
        :raise UserError: when a rule forbids it, saying which and what to do
        :raise AccessError: when the user may not book for that client or coach
        """
        request = self._prepare_booking(vals)
        self._check_booking_rights(request)
        request["by_client"] = self._is_by_client(request["coach"])
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
            and (self._is_there(coach) or not vals.get("coach_id"))
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
        company = (
            coach.company_id or request["booking_type"].company_id or self.env.company
        )
        if user.has_group(MANAGER_GROUP):
            if company in self.env.companies:
                return
        elif not self._has_usual_length(request):
            pass  # how long a session is, and what an hour pays, a manager says
        elif coach and coach.user_id == user:
            self._check_known_clients(request)
            return
        elif request["partners"] == user.partner_id and company == user.company_id:
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
    def _book(self, request):
        """Check and book one session.

        :param dict request: what ``_prepare_booking`` returns
        :return: ``coaching.session``
        """
        if not request["coach"]:
            return self._book_any_coach(request)
        return self._book_batch([request])

    @api.model
    def _book_batch(self, requests):
        """Check and book, all or nothing; the one way sessions come to be.

        One create for all of them: ten weeks cost little more than one. Created in the
        order of their starts, or two batches could wait for each other.

        :param list requests: what ``_prepare_booking`` returns, alike but for the time;
            ``quiet`` in the first one: whoever calls tells the clients
        :return: ``coaching.session``, in the order of their starts
        """
        requests = sorted(requests, key=lambda request: request["start"])
        for request in requests:
            self._check_request(request)
            request["session"] = self._find_group_session(request)
        new = [request for request in requests if not request["session"]]
        self._check_free(new)
        self._take_turns(
            self.env["coaching.coach"].union(*(r["coach"] for r in requests)),
            self.env["res.partner"].union(*(r["partners"] for r in requests)),
        )
        with self._readable_conflicts(requests[0] if len(requests) == 1 else None):
            self.env["coaching.hold"]._make_room(requests)
            for request in requests:
                if request["session"]:
                    request["session"]._take_seats(len(request["partners"]))
            self._create_sessions(new)
            attendances = self._create_attendances(requests)
        attendances._post_booking(requests[0])
        return self.union(*(request["session"] for request in requests))

    @api.model
    def _check_request(self, request):
        """Raise when a rule forbids a booking; a hook.

        Whether there is time is looked at afterwards, for all of a batch at once.
        """
        self._check_booking(request)

    @api.model
    def _book_any_coach(self, request):
        """Book with a coach who is free: of those the one with the least to do.

        Where somebody else was quicker with one coach, the next one is tried.
        """
        booking_type = request["booking_type"]
        # a client who books for himself, in his company
        company = booking_type.company_id or self.env.company
        coaches = booking_type._get_bookable_coaches(company)
        requests = [{**request, "coach": coach} for coach in coaches]
        joined = [one for one in requests if self._has_seats(one)]
        others = [one for one in requests if one not in joined]
        messages = self._get_obstacles(others)
        free = [
            one for one, message in zip(others, messages, strict=True) if not message
        ]
        error = UserError(
            self.env._(
                "Nobody is free for “%(booking_type)s” at %(start)s. Choose another"
                " time.",
                booking_type=booking_type.name,
                start=self._format_time(request["start"]),
            )
        )
        for one in (*self._sort_by_load(joined), *self._sort_by_load(free)):
            try:
                with self.env.cr.savepoint():
                    return self._book_batch([one])
            except ConcurrencyError:
                raise
            except UserError as refusal:
                error = refusal
        raise error

    @api.model
    def _has_seats(self, request):
        """Return whether there is a group session that these clients can join."""
        session = self._find_group_session(request)
        left = session.seats - session.seats_taken
        return bool(session) and left >= len(request["partners"])

    @api.model
    def _sort_by_load(self, requests):
        """Return requests, those whose coach has the least sessions that week first."""
        if len(requests) < 2:
            return requests
        start = requests[0]["start"]
        counts = dict(
            self._read_group(
                [
                    ("coach_id", "in", [request["coach"].id for request in requests]),
                    ("state", "in", BLOCKING_STATES),
                    ("start", ">=", start - timedelta(days=start.weekday() + 1)),
                    ("start", "<", start + timedelta(days=8 - start.weekday())),
                ],
                ["coach_id"],
                ["__count"],
            )
        )
        return sorted(
            requests,
            key=lambda request: (counts.get(request["coach"], 0), request["coach"].id),
        )

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
            if error.diag.table_name == "coaching_session_resource":
                # of the rooms there may be another one: look again
                raise ConcurrencyError(
                    self.resource_ids._sql_error_to_message(error)
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
    def _create_sessions(self, requests):
        """Create a session for each request and note it there."""
        if not requests:
            return
        limits = self._prepare_limit_keys(requests)
        names = self._next_numbers(len(requests))
        sessions = self.with_context(**SILENT).create(
            [
                {**self._prepare_session_values(request), **keys, "name": name}
                for request, keys, name in zip(requests, limits, names, strict=True)
            ]
        )
        # the constraint judges now, before anything is built on the sessions
        sessions.flush_recordset()
        for request, session in zip(requests, sessions, strict=True):
            request["session"] = self.browse(session.id)

    @api.model
    def _next_numbers(self, count):
        """Return numbers for new sessions."""
        # the company's own one, as `next_by_code` chooses
        sequence = self.env["ir.sequence"].search(
            [
                ("code", "=", "coaching.session"),
                ("company_id", "in", [self.env.company.id, False]),
            ],
            order="company_id",
            limit=1,
        )
        if count == 1 or sequence.implementation == "no_gap" or sequence.use_date_range:
            return [sequence.next_by_id() for _number in range(count)]
        # many of them in one go, of which Odoo's sequences know nothing
        rows = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"ir_sequence_{sequence.id:03d}",
                count,
            )
        )
        prefix, suffix = sequence._get_prefix_suffix()
        return [f"{prefix}{number:0{sequence.padding}d}{suffix}" for (number,) in rows]

    @api.model
    def _prepare_session_values(self, request):
        """Return the values a session is created with."""
        booking_type = request["booking_type"]
        return {
            "booking_type_id": booking_type.id,
            "coach_id": request["coach"].id,
            "company_id": request["coach"].company_id.id,
            # in a group everybody would read it; each client's own is kept with him
            "note": request["note"] if booking_type.max_participants == 1 else False,
            "seats": booking_type.max_participants,
            "seats_taken": len(request["partners"]),
            **self._prepare_session_times(request),
        }

    @api.model
    def _create_attendances(self, requests):
        """Add clients, take what they attend with, and show it in the calendar."""
        attendances = self.env["coaching.attendance"].create(
            [
                {
                    "session_id": request["session"].id,
                    "partner_id": partner.id,
                    "start": request["session"].start,
                    "stop": request["session"].stop,
                    "note": request["note"],
                    "sessions_deducted": request["booking_type"].sessions_deducted,
                }
                for request in requests
                for partner in request["partners"]
            ]
        )
        attendances.flush_recordset()
        request = requests[0]
        attendances._take_entitlement(
            request["package"], request["missed"], request["without_package"]
        )
        attendances.session_id._project()
        return attendances
