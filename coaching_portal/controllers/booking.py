from datetime import datetime, timedelta
from urllib.parse import urlencode

import psycopg2.errors
import pytz

from odoo import fields, http
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.coaching_sessions.tools.arguments import is_reasonable
from odoo.addons.portal.controllers import portal

from ..tools.local_time import to_local
from .client import SESSIONS_URL

BOOK_URL = "/my/coaching/book"
# how far the page looks for a free time when a week has none
LOOK_AHEAD = timedelta(weeks=8)
# how far ahead an address may ask for times
LAST_DAY = timedelta(days=3650)
WEEK = timedelta(days=7)


class CustomerPortal(portal.CustomerPortal):
    """Booking a session (R54, R61, R80, R83, R147): what, with whom, when, confirm.

    Each step is a page of its own with an address, so all of it works without script.
    Booked is as the user himself: his rights are checked where anybody's are.
    """

    # === HOME === #

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "coaching_book_count" in counters:
            values["coaching_book_count"] = len(self._get_coaching_types()[:1])
        return values

    def _get_coaching_types(self):
        """Return the booking types the user can book for himself."""
        # sudo: what is offered to clients; only what the page tells of it leaves
        return (
            request.env["coaching.booking.type"]
            .sudo()
            ._get_for_client(request.env.user.partner_id, request.env.company)
        )

    # === WHAT WAS CHOSEN === #

    def _read_coaching_choice(self, type=None, coach=None, start=None, day=None, **kw):
        """Return what the address or the form says, as records and moments.

        Anything unknown counts as not chosen, but nobody is booked in the place of a
        coach who was.
        """
        wanted = str(coach or "")
        types = self._get_coaching_types()
        booking_type = types.filtered(lambda record: str(record.id) == str(type or ""))
        coaches = request.env["coaching.coach"].sudo().browse()
        if booking_type:
            coaches = booking_type._get_bookable_coaches(request.env.company)
        coach = coaches.filtered(lambda record: str(record.id) == wanted)
        tz = self._get_coaching_tz(coach or coaches)
        return {
            "types": types,
            "booking_type": booking_type,
            "coaches": coaches,
            "coach": coach,
            "lost_coach": bool(booking_type and wanted and not coach),
            "tz": tz,
            "start": booking_type and self._parse_coaching_moment(start),
            "day": self._choose_coaching_first_day(day, tz),
        }

    def _get_lost_coach_message(self, choice):
        """Return why a chosen coach can't be booked, empty where nothing is wrong."""
        if not choice["lost_coach"]:
            return ""
        return request.env._(
            "The coach you chose does not give this any more. Below are the times at"
            " which another coach is free: choose one of them, or begin again."
        )

    def _parse_coaching_moment(self, value):
        """Return the time that was chosen, naive UTC, None for none."""
        try:
            moment = datetime.fromisoformat(str(value or ""))
        except ValueError:
            return None
        if moment.tzinfo or not is_reasonable(moment):
            return None
        return moment

    def _choose_coaching_first_day(self, value, tz):
        """Return the first day that is shown: never one that is over."""
        today = to_local(request.env["coaching.session"]._now(), tz).date()
        day = self._parse_coaching_day(value) or today
        return max(today, min(day, today + LAST_DAY))

    def _get_coaching_book_url(self, choice, **values):
        """Return the address of a step."""
        query = {
            "type": choice["booking_type"].id,
            "coach": choice["coach"].id,
            **values,
        }
        return f"{BOOK_URL}?{urlencode({k: v for k, v in query.items() if v})}"

    def _get_coaching_slots(self, choice, first, last):
        """Return the free times of what was chosen, between two days."""
        return request.env["coaching.booking.type"].get_slots(
            choice["booking_type"].id,
            first,
            last,
            coach_ids=choice["coach"].ids or None,
            tz=choice["tz"],
            partner_id=request.env.user.partner_id.id,
        )

    # === PAGES === #

    @http.route(
        BOOK_URL,
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_my_coaching_book(self, **kw):
        choice = self._read_coaching_choice(**kw)
        if not choice["booking_type"] and len(choice["types"]) == 1:
            choice = self._read_coaching_choice(**{**kw, "type": choice["types"].id})
        if choice["start"]:
            return self._render_coaching_confirm(
                choice, self._get_lost_coach_message(choice)
            )
        return self._render_coaching_choose(choice)

    def _render_coaching_choose(self, choice):
        """Show what can be booked, or once that is chosen, when."""
        values = {}
        if choice["booking_type"]:
            values = self._prepare_coaching_times(choice)
        return request.render(
            "coaching_portal.portal_book",
            self._prepare_coaching_layout_values(
                "coaching_book",
                types=choice["types"]._prepare_portal_types(),
                booking_url=BOOK_URL,
                **self._prepare_coaching_choice(choice),
                **values,
            ),
        )

    def _prepare_coaching_choice(self, choice):
        """Return what was chosen so far, as plain values."""
        chosen = choice["booking_type"]._prepare_portal_types()
        return {
            "chosen_type": chosen[0] if chosen else {},
            "coach_id": choice["coach"].id,
            "coach_name": choice["coach"].name,
            "coaches": [
                {"id": coach.id, "name": coach.name} for coach in choice["coaches"]
            ],
            "tz": choice["tz"],
            "tz_label": choice["tz"].replace("_", " "),
            "zones": pytz.common_timezones,
            "day": choice["day"].isoformat(),
        }

    def _prepare_coaching_times(self, choice):
        """Return the times of a week, and where there are none the next one."""
        first = choice["day"]
        last = first + WEEK - timedelta(days=1)
        today = to_local(request.env["coaching.session"]._now(), choice["tz"]).date()
        slots = self._get_coaching_slots(choice, first, last)

        def url(value):
            return self._get_coaching_book_url(choice, start=value, day=first)

        earlier = max(today, first - WEEK)
        return {
            "lack": self._get_coaching_lack(choice),
            "days": choice["booking_type"]._prepare_portal_days(
                slots, choice["tz"], url=url
            ),
            "next_time": {} if slots else self._find_next_coaching_day(choice, last),
            "span": self._format_coaching_span(first, last),
            "back_url": self._get_coaching_book_url(choice, day=earlier)
            if first > today
            else "",
            "forward_url": self._get_coaching_book_url(choice, day=first + WEEK),
        }

    def _get_coaching_lack(self, choice):
        """Return why the user can't book this at any time, empty where he can."""
        coach = choice["coach"] or choice["coaches"][:1]
        if not coach:
            return ""
        start = request.env["coaching.session"]._now()
        stop = start + timedelta(minutes=choice["booking_type"].duration_minutes)
        return choice["booking_type"]._preview_lack(
            # sudo: the client's own packages, and how much he may owe
            request.env.user.partner_id.sudo(),
            coach,
            start,
            stop,
        )

    def _format_coaching_span(self, first, last):
        Session = request.env["coaching.session"]
        return f"{Session._format_day(first)} – {Session._format_day(last)}"

    def _find_next_coaching_day(self, choice, last):
        """Return the first day after a week that has a free time."""
        slots = self._get_coaching_slots(
            choice, last + timedelta(days=1), last + LOOK_AHEAD
        )
        if not slots:
            return {}
        start = fields.Datetime.to_datetime(slots[0]["start"])
        day = to_local(start, choice["tz"]).date()
        return {
            "label": request.env["coaching.session"]._format_day(day),
            "url": self._get_coaching_book_url(choice, day=day),
        }

    def _render_coaching_confirm(self, choice, error="", typed=None):
        """Show what is going to be booked, and under which terms (R54).

        :param str error: why it was refused; then other times can be chosen here, so
            that nothing typed is lost
        :param dict typed: what was written so far
        """
        booking_type, start = choice["booking_type"], choice["start"]
        session = request.env["coaching.session"]
        stop = start + timedelta(minutes=booking_type.duration_minutes)
        return request.render(
            "coaching_portal.portal_book_confirm",
            self._prepare_coaching_layout_values(
                "coaching_book",
                booking_url=BOOK_URL,
                when=session._describe_time(start, stop, choice["tz"]),
                start=start.isoformat(timespec="minutes"),
                times_url=self._get_coaching_book_url(choice, day=choice["day"]),
                entitlement=self._prepare_coaching_entitlement(choice, start, stop),
                terms=booking_type._get_booking_terms(
                    (choice["coach"] or choice["coaches"][:1]).company_id
                    or request.env.company,
                    request.env.user.partner_id,
                ),
                questions=self._get_coaching_preparation(),
                error=error,
                typed=typed or {},
                days=self._prepare_coaching_other_times(choice) if error else [],
                **self._prepare_coaching_choice(choice),
            ),
        )

    def _prepare_coaching_other_times(self, choice):
        """Return the times around one that can't be had, as choices of the form."""
        today = to_local(request.env["coaching.session"]._now(), choice["tz"]).date()
        day = to_local(choice["start"], choice["tz"]).date()
        first = max(today, day - timedelta(days=1))
        slots = self._get_coaching_slots(choice, first, first + WEEK)
        return choice["booking_type"]._prepare_portal_days(
            slots, choice["tz"], chosen=choice["start"]
        )

    def _prepare_coaching_entitlement(self, choice, start, stop):
        """Return what the client would attend with, as plain values (R119)."""
        coach = choice["coach"] or choice["coaches"][:1]
        # sudo: the client's own packages, and how much he may owe
        partner = request.env.user.partner_id.sudo()
        booking_type = choice["booking_type"]
        args = (partner, coach, start, stop)
        kind, packages = booking_type._preview_entitlement(*args)
        refusal = ""
        if kind in ("missing", "makeup"):
            refusal = booking_type._preview_attending(*args).refusal
        return {
            "kind": "missing" if refusal else kind,
            "message": refusal,
            "packages": [
                {**package._prepare_portal_badge(), "id": package.id}
                for package in packages
            ],
        }

    # === BOOKING === #

    @http.route(
        BOOK_URL,
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def portal_my_coaching_book_confirm(self, **post):
        """Book for the user himself, whatever else the form says."""
        choice = self._read_coaching_choice(**post)
        if not choice["start"]:
            return request.redirect(BOOK_URL)
        lost = self._get_lost_coach_message(choice)
        if lost:
            return self._render_coaching_confirm(choice, lost, post)
        try:
            with request.env.cr.savepoint():
                session = request.env["coaching.session"].book(
                    self._prepare_coaching_booking(choice, post)
                )
        except AccessError as error:
            return self._render_coaching_confirm(choice, str(error), post)
        except UserError as error:
            return self._refuse_coaching_booking(choice, error, post)
        return request.redirect(f"{SESSIONS_URL}/{session.id}?done=booked")

    def _refuse_coaching_booking(self, choice, error, post):
        """Say why, unless it is booked already: a second click changes nothing."""
        session = self._find_coaching_booked(choice)
        if session:
            return request.redirect(f"{SESSIONS_URL}/{session.id}?done=booked")
        if isinstance(error.__cause__, psycopg2.errors.ExclusionViolation):
            # somebody was faster, maybe the user himself: look again at what there is
            raise ConcurrencyError(str(error)) from error
        return self._render_coaching_confirm(choice, str(error), post)

    def _find_coaching_booked(self, choice):
        """Return the session of the user that is just what he is booking."""
        attendance = request.env["coaching.attendance"].search(
            Domain.AND(
                [
                    self._get_coaching_client_domain(),
                    self._get_coaching_upcoming_domain(),
                    [("booking_type_id", "=", choice["booking_type"].id)],
                    [("start", "=", choice["start"])],
                    [("coach_id", "=", choice["coach"].id)] if choice["coach"] else [],
                ]
            ),
            limit=1,
        )
        return attendance.session_id

    def _prepare_coaching_booking(self, choice, post):
        """Return the values ``book`` takes."""
        package_id = str(post.get("package_id") or "")
        terms_id = str(post.get("terms_id") or "")
        accepted = post.get("terms_accepted") and terms_id.isdecimal()
        return {
            "booking_type_id": choice["booking_type"].id,
            "coach_id": choice["coach"].id,
            "start": choice["start"],
            "partner_ids": request.env.user.partner_id.ids,
            # isdecimal, since int() takes no other digits; at most what an id can be
            "package_id": int(package_id[:9]) if package_id.isdecimal() else False,
            "note": self._join_coaching_preparation(post),
            "terms_accepted": int(terms_id[:9]) if accepted else False,
        }

    def _get_coaching_preparation(self):
        """Return what a client is asked before a session (R80); a hook."""
        return {
            "focus": request.env._("What do you want to focus on?"),
            "questions": request.env._("Questions for your coach"),
            "background": request.env._("Background your coach should know"),
        }

    def _join_coaching_preparation(self, post):
        """Return what was written as one text, each answer below its question."""
        labels = self._get_coaching_preparation()
        answers = {name: str(post.get(name) or "").strip()[:5000] for name in labels}
        given = [(labels[name], answer) for name, answer in answers.items() if answer]
        if len(given) == 1 and answers.get("focus"):
            return answers["focus"]
        return "\n\n".join(f"{label}\n{answer}" for label, answer in given)

    # === TIME ZONE === #

    @http.route(
        "/my/coaching/timezone",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def portal_my_coaching_timezone(self, tz="", next="", **kw):
        """Keep the zone that the user wants to read times in (R83)."""
        if tz in pytz.common_timezones_set:
            # users may write this field of their own
            request.env.user.tz = tz
        return request.redirect(self._get_coaching_local_url(next))

    def _get_coaching_local_url(self, url):
        """Return an address of these pages, and never one of another site."""
        # nothing that would end the header it is put into
        is_local = str(url).startswith("/my/") and str(url).isprintable()
        return url if is_local else "/my"
