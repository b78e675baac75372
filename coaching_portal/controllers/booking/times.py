from datetime import timedelta

from odoo import fields, http
from odoo.http import request

from odoo.addons.coaching_sessions.tools.local_time import format_span, to_local
from odoo.addons.portal.controllers import portal

from .choice import BOOK_URL

# how far the page looks for a free time when a week has none
LOOK_AHEAD = timedelta(weeks=8)
WEEK = timedelta(days=7)


class CustomerPortal(portal.CustomerPortal):
    """What, with whom and when (R61, R83, R147).

    Each step is a page of its own with an address, so all of it works without script.
    """

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

    def _prepare_coaching_times(self, choice):
        """Return the times of a week, and where there are none the next one."""
        first = choice["day"]
        last = first + WEEK - timedelta(days=1)
        today = self._get_coaching_today(choice["tz"])
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
        """Return why the user can't book this at any time, empty where they can."""
        coach = choice["coach"] or choice["coaches"][:1]
        if not coach:
            return ""
        start = request.env["coaching.session"]._now()
        stop = start + timedelta(minutes=choice["booking_type"].duration_minutes)
        return choice["booking_type"]._preview_lack(
            # sudo: the client's own packages, and how much they may owe
            request.env.user.partner_id.sudo(),
            coach,
            start,
            stop,
        )

    def _format_coaching_span(self, first, last):
        """Return two days as text."""
        format_day = request.env["coaching.session"]._format_day
        return format_span(format_day(first), format_day(last))

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

    def _prepare_coaching_other_times(self, choice):
        """Return the times around one that can't be had, as choices of the form."""
        today = self._get_coaching_today(choice["tz"])
        day = to_local(choice["start"], choice["tz"]).date()
        first = max(today, day - timedelta(days=1))
        slots = self._get_coaching_slots(choice, first, first + WEEK)
        return choice["booking_type"]._prepare_portal_days(
            slots, choice["tz"], chosen=choice["start"]
        )
