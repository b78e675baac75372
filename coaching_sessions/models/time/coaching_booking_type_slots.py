from collections import defaultdict
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.arguments import check_ids, is_there, parse_date
from ...tools.local_time import is_zone, to_utc
from ...tools.spans import to_seconds, to_text
from ..base.groups import COACH_GROUP, MANAGER_GROUP
from ..session.lifecycle import BLOCKING_STATES

MAX_DAYS = 366


class CoachingBookingType(models.Model):
    """The starts that are free: one question for every screen (R147)."""

    _inherit = "coaching.booking.type"

    @api.model
    def get_slots(
        self,
        booking_type_id,
        date_from,
        date_to,
        coach_ids=None,
        tz=None,
        partner_id=None,
        session_id=None,
    ):
        """Return when a type can be booked: what ``coaching.session.book`` accepts.

        Working hours without time off and holidays, sessions with what is kept free
        around them, held and reserved times, the coach's other events, most sessions a
        day and a week; for clients also how late and how early they may book. As many
        queries for a hundred coaches as for one.

        :param int booking_type_id: what to book
        :param date_from: first day, a date or ``"2027-01-04"``
        :param date_to: last day, included
        :param coach_ids: only with these coaches; any coach by default
        :param str tz: zone whose days these are, the reader's by default
        :param int partner_id: client to book for: their reserved times count as free,
            and nothing is where they have a session. The user, for a client.
            Coaches who never had a session with the client learn nothing of it
        :param int session_id: session to be moved, so that it is not in its own way
        :return: list of dict, by start: ``start`` and ``stop`` (naive UTC, as text),
            ``coach_ids`` who are free, ``seats`` that are left, ``joins`` whether it
            is a session that others take part in already
        :raise UserError: when the days make no sense or are more than a year
        :raise AccessError: for visitors, and for clients or sessions of others
        """
        request = self._prepare_slot_request(
            booking_type_id, date_from, date_to, coach_ids, tz, partner_id, session_id
        )
        return self._find_slots(request)

    # === WHAT IS ASKED === #

    @api.model
    def _prepare_slot_request(
        self, booking_type_id, date_from, date_to, coach_ids, tz, partner_id, session_id
    ):
        """Return what is asked for as records and moments, after checking rights."""
        if self.env.user._is_public():
            raise AccessError(self.env._("Log in to see when you can book."))
        Session = self.env["coaching.session"]
        check_ids(self.env, booking_type_id, several=coach_ids)
        # sudo: times are no secret to who may book; names and reasons are not told
        booking_type = self.sudo().browse(booking_type_id)
        if not is_there(booking_type):
            raise UserError(self.env._("This booking type no longer exists."))
        company = booking_type.company_id or self.env.company
        if company.id not in self.env.user._get_company_ids():
            raise AccessError(self.env._("This record belongs to another company."))
        session = self._get_slot_session(session_id)
        coaches = booking_type._get_bookable_coaches(company)
        if booking_type._is_moved(session):
            # who gives it gives it, also if no longer on the list, or archived
            # sudo: whose session it is; who may read it may ask
            coaches |= session.sudo().coach_id
        if coach_ids is not None:
            coaches &= coaches.browse(coach_ids)
        first, last = self._parse_days(date_from, date_to, tz)
        by_client = Session._is_by_client(coaches)
        now = Session._now()
        if by_client and session:
            begin, end = session.sudo()._get_move_window()
            first, last = max(first, begin), min(last, end)
        if by_client:
            earliest, latest = booking_type._get_window(now)
            first = max(first, earliest)
            last = min(last, latest + timedelta(seconds=1)) if latest else last
        return {
            "booking_type": booking_type,
            "coaches": coaches,
            # what begins this very moment is over
            "first": max(first, now.replace(microsecond=0) + timedelta(seconds=1)),
            "last": last,
            "partners": self._get_slot_client(partner_id),
            "exclude": session,
            "by_client": by_client,
        }

    @api.model
    def _parse_days(self, date_from, date_to, tz):
        """Return two days as the moments between which a session begins, naive UTC."""
        first, last = parse_date(self.env, date_from), parse_date(self.env, date_to)
        tz = tz or self.env.context.get("tz") or self.env.user.tz or "UTC"
        if not (first and last) or last < first:
            raise UserError(
                self.env._("Choose the first and last day, the earlier one first.")
            )
        if (last - first).days >= MAX_DAYS or last == date.max:
            raise UserError(
                self.env._(
                    "That is too many days. Ask for at most %(count)s.",
                    count=MAX_DAYS,
                )
            )
        if not is_zone(tz):
            raise UserError(self.env._("“%(tz)s” is not a time zone.", tz=tz))
        return tuple(
            to_utc(fields.Datetime.to_datetime(day), tz)
            for day in (first, last + timedelta(days=1))
        )

    @api.model
    def _get_slot_client(self, partner_id):
        """Return the client to look for, whose own time counts."""
        user = self.env.user
        if not partner_id:
            staff = user._is_internal() or user.has_group(COACH_GROUP)
            return self.env["res.partner"] if staff else user.partner_id
        check_ids(self.env, partner_id)
        partner = self.env["res.partner"].browse(partner_id)
        if partner == user.partner_id or self.env.su or user.has_group(MANAGER_GROUP):
            return partner
        # sudo: whether the user's own clients are among them
        if (
            self.env["coaching.attendance"]
            .sudo()
            .search_count(
                [
                    ("partner_id", "=", partner_id),
                    ("session_id.coach_id.user_id", "=", user.id),
                ],
                limit=1,
            )
        ):
            return partner
        if user.has_group(COACH_GROUP):
            # a coach books for new clients, and is not told when they are busy
            return self.env["res.partner"]
        raise AccessError(
            self.env._(
                "Only managers, the client, and the client's coaches can ask when a"
                " client has time."
            )
        )

    @api.model
    def _get_slot_session(self, session_id):
        """Return the session that would move; whoever may read it may ask."""
        if not session_id:
            return self.env["coaching.session"]
        check_ids(self.env, session_id)
        session = self.env["coaching.session"].browse(session_id)
        session.check_access("read")
        return session

    def _is_moved(self, session):
        """Return whether this is the type of a session that moves, archived or not.

        :param session: ``coaching.session`` that moves, empty for a new booking
        """
        # sudo: what is booked; who may read it may ask
        return bool(session) and session.sudo().booking_type_id == self

    # === WHAT IS FREE === #

    @api.model
    def _find_slots(self, request):
        """Return the slots of a request that ``_prepare_slot_request`` made.

        By the rules for clients, unless it says ``by_client`` False.
        """
        booking_type, session = request["booking_type"], request["exclude"]
        first, last = request["first"], request["last"]
        on_offer = booking_type.active or booking_type._is_moved(session)
        if not (on_offer and request["coaches"]) or first >= last:
            return []
        # what moves is as long as it was
        need = booking_type._get_need(session.stop - session.start if session else None)
        slots = {
            (start, need.length, False, booking_type.max_participants): coach_ids
            for start, coach_ids in self._find_new(request, need).items()
        }
        for (start, seconds, seats), coach_id in self._find_seats(request):
            slots.setdefault((start, seconds, True, seats), []).append(coach_id)
        return [
            {
                "start": to_text(start),
                "stop": to_text(start + seconds),
                "coach_ids": slots[start, seconds, joins, seats],
                "seats": seats,
                "joins": joins,
            }
            # what booking joins comes first
            for start, seconds, joins, seats in sorted(
                slots, key=lambda slot: (slot[0], not slot[2], slot)
            )
        ]

    @api.model
    def _find_new(self, request, need):
        """Return when a new session may begin, and whose.

        :param Need need: what it needs
        :return: dict of start, in seconds → list of coach ids
        """
        booking_type = request["booking_type"]
        if booking_type._is_join_only(request.get("by_client", True)):
            return {}
        first, last = request["first"], request["last"]
        length = timedelta(seconds=need.length)
        around = timedelta(seconds=need.preparation + need.before)
        times = self.env["coaching.availability"]._load(
            request["coaches"],
            first - around,
            last + length + timedelta(seconds=need.after),
            partners=request["partners"],
            exclude=request["exclude"],
            booking_type=booking_type,
            length=need.length,
        )
        by_start = defaultdict(list)
        begin, end = to_seconds(first), to_seconds(last)
        for coach_id, time in times.items():
            for start in time.get_starts(need, begin, end):
                by_start[start].append(coach_id)
        return by_start

    @api.model
    def _find_seats(self, request):
        """Return group sessions that still have seats, each with its coach's id.

        :return: list of ``((start, length, seats), coach_id)``, in seconds
        """
        booking_type, partners = request["booking_type"], request["partners"]
        if booking_type.max_participants == 1 or request["exclude"]:
            # a session that moves joins no other one
            return []
        # sudo: of others' sessions only how many seats are left
        rows = (
            self.env["coaching.session"]
            .sudo()
            .search_fetch(
                [
                    ("booking_type_id", "=", booking_type.id),
                    ("coach_id", "in", request["coaches"].ids),
                    ("state", "=", "scheduled"),
                    ("start", ">=", request["first"]),
                    ("start", "<", request["last"]),
                    ("id", "not in", request["exclude"].ids),
                ],
                ["coach_id", "start", "stop", "seats", "seats_taken"],
            )
        )
        taken = self.env["coaching.attendance"]
        if partners:
            # sudo: the client's own sessions, or of whom staff books for
            taken = taken.sudo().search(
                [
                    ("partner_id", "in", partners.ids),
                    ("state", "in", BLOCKING_STATES),
                    ("stop", ">", request["first"]),
                    ("start", "<", request["last"] + timedelta(days=1)),
                ]
            )
        return [
            (
                (
                    to_seconds(session.start),
                    int((session.stop - session.start).total_seconds()),
                    session.seats - session.seats_taken,
                ),
                session.coach_id.id,
            )
            for session in rows
            if session.seats > session.seats_taken
            and not any(
                own.start < session.stop and own.stop > session.start for own in taken
            )
        ]
