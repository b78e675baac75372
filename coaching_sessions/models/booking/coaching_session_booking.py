from odoo import api, models
from odoo.exceptions import UserError

from ...tools.arguments import without_defaults
from ..calendar.coaching_session_event import SILENT
from ..session.lifecycle import BLOCKING_STATES


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
        request = self._check_booking_rights(self._prepare_booking(vals))
        # sudo: rights were checked; clients have no access to write what they book
        session = without_defaults(self.sudo())._book(request)
        return self.browse(session.id)

    @api.model
    def _book(self, request):
        """Check and book one session.

        :param BookingRequest request: what is asked for
        :return: ``coaching.session``
        """
        if not request.coach:
            return self._book_any_coach(request)
        return self._book_batch([request])

    @api.model
    def _book_batch(self, requests):
        """Check and book, all or nothing; the one way sessions come to be.

        One create for all of them: ten weeks cost little more than one. Created in the
        order of their starts, or two batches could wait for each other.

        :param list requests: ``BookingRequest``, alike but for the time
        :return: ``coaching.session``, in the order of their starts
        """
        joined, new = {}, []
        for request in sorted(requests, key=lambda request: request.start):
            if not request.judged:
                request = self._check_request(request)
            session = self._find_group_session(request)
            if session:
                joined[request] = session
            else:
                new.append(request)
        new = self._look_for_time(new)
        requests = sorted([*joined, *new], key=lambda request: request.start)
        self._take_turns(
            self.env["coaching.coach"].union(*(r.coach for r in requests)),
            self.env["res.partner"].union(*(r.partners for r in requests)),
        )
        with self._readable_conflicts(requests[0] if len(requests) == 1 else None):
            self.env["coaching.hold"]._make_room(requests)
            for request, session in joined.items():
                session._take_seats(len(request.partners))
            sessions = {**joined, **self._create_sessions(new)}
            sessions = {request: sessions[request] for request in requests}
            attendances = self._create_attendances(sessions)
        attendances._post_booking(requests[0])
        return self.union(*sessions.values())

    @api.model
    def _check_request(self, request):
        """Raise when a rule forbids a booking; a hook.

        Whether there is time is looked at afterwards, for all of a batch at once.

        :param BookingRequest request: what is asked for
        :return: the request, with what an upper floor looked up for it
        """
        self._check_booking(request)
        return request

    @api.model
    def _look_for_time(self, requests):
        """Raise when there is no time for one of these new sessions.

        :return: the requests, with what was seen
        """
        looked, others = [], []
        for request in requests:
            known = request.judged or request.meets_holds is not None
            (looked if known else others).append(request)
        return looked + (self._check_free(others) if others else [])

    @api.model
    def _find_group_session(self, request):
        """Return the session to join, if the type is for several clients."""
        booking_type = request.booking_type
        if booking_type.max_participants == 1 or not request.joins:
            return self.browse()
        session = self.search(
            [
                ("coach_id", "=", request.coach.id),
                ("booking_type_id", "=", booking_type.id),
                ("start", "=", request.start),
                ("state", "=", "scheduled"),
            ],
            limit=1,
        )
        again = session.attendance_ids.filtered(
            lambda attendance: attendance.state in BLOCKING_STATES
            and attendance.partner_id in request.partners
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
            raise UserError(self._get_full_message())
        self.invalidate_recordset(["seats_taken"], flush=False)

    @api.model
    def _create_sessions(self, requests):
        """Create a session for each request; a hook.

        :param list requests: ``BookingRequest``
        :return: dict of request → ``coaching.session``
        """
        if not requests:
            return {}
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
        # without the context they were created with
        sessions = self.browse(sessions.ids)
        return dict(zip(requests, sessions, strict=True))

    @api.model
    def _prepare_session_values(self, request):
        """Return the values a session is created with; a hook."""
        booking_type = request.booking_type
        return {
            "booking_type_id": booking_type.id,
            "coach_id": request.coach.id,
            "company_id": request.coach.company_id.id,
            # in a group everybody would read it; each client's own is kept with them
            "note": request.note if booking_type.max_participants == 1 else False,
            "seats": booking_type.max_participants,
            "seats_taken": len(request.partners),
            **self._prepare_session_times(request),
        }

    @api.model
    def _create_attendances(self, sessions):
        """Add clients, take what they attend with, and show it in the calendar; a hook.

        :param dict sessions: ``BookingRequest`` → ``coaching.session``
        :return: new ``coaching.attendance``
        """
        attendances = self.env["coaching.attendance"].create(
            [
                {
                    "session_id": session.id,
                    "partner_id": partner.id,
                    "start": session.start,
                    "stop": session.stop,
                    "note": request.note,
                    "sessions_deducted": request.booking_type.sessions_deducted,
                }
                for request, session in sessions.items()
                for partner in request.partners
            ]
        )
        attendances.flush_recordset()
        request = next(iter(sessions))
        attendances._take_entitlement(
            request.package, request.missed, request.without_package
        )
        attendances.session_id._update_projections()
        return attendances
