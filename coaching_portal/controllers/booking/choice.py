from datetime import timedelta
from urllib.parse import urlencode

from odoo.http import request

from odoo.addons.portal.controllers import portal

BOOK_URL = "/my/coaching/book"
# how far ahead an address may ask for times
LAST_DAY = timedelta(days=3650)


class CustomerPortal(portal.CustomerPortal):
    """What a client has chosen so far on the way to a booking (R61, R130)."""

    # === WHERE IT BEGINS === #

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "coaching_book_count" in counters:
            values["coaching_book_count"] = len(self._get_coaching_types()[:1])
        return values

    def _prepare_coaching_layout_values(self, page_name, **values):
        if page_name == "coaching_sessions":
            values["can_book"] = bool(self._get_coaching_types())
        return super()._prepare_coaching_layout_values(page_name, **values)

    def _prepare_coaching_session_values(self, attendance, tz, asked):
        return {
            **super()._prepare_coaching_session_values(attendance, tz, asked),
            "again_url": attendance._get_portal_again_url(tz),
        }

    def _get_coaching_types(self):
        """Return the booking types the user can book themselves."""
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
            "The coach you chose no longer offers this. The times below are with"
            " other coaches: choose one, or start again."
        )

    def _choose_coaching_first_day(self, value, tz):
        """Return the first day that is shown: never one that is over."""
        today = self._get_coaching_today(tz)
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
            "day": choice["day"].isoformat(),
            **self._prepare_coaching_zone_values(choice["tz"]),
        }
