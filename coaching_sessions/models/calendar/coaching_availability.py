from datetime import date

from odoo import api, models

# what else is in the calendar, synchronised or not: not what is shown as free or was
# declined, nor sessions, which have been counted
EVENTS = """
    SELECT 'event', coach.id, NULL::bigint[], NULL::bigint[],
           jsonb_agg(jsonb_build_array(
               EXTRACT(EPOCH FROM event.start)::bigint,
               EXTRACT(EPOCH FROM event.stop)::bigint,
               CASE WHEN event.allday THEN event.start_date END,
               COALESCE(event.stop_date, event.start_date)))
      FROM calendar_event event
      JOIN calendar_attendee attendee ON attendee.event_id = event.id
       AND attendee.state <> 'declined'
      JOIN coaching_coach coach ON coach.partner_id = attendee.partner_id
     WHERE coach.id = ANY(wanted_ids) AND event.active
       AND event.show_as = 'busy' AND event.is_coaching_session IS NOT TRUE
       AND event.start < until AND event.stop > since
     GROUP BY coach.id
"""


class CoachingAvailability(models.AbstractModel):
    """What else is in a coach's calendar takes the coach's time."""

    _inherit = "coaching.availability"

    @api.model
    def _get_taken_sources(self):
        return {**super()._get_taken_sources(), "event": EVENTS}

    @api.model
    def _add_event(self, query, times, coach_id, starts, stops, details):
        """Add the coach's other events, those of whole days in the coach's zone."""
        days = query["rows"][coach_id]["days"]
        for start, stop, first, last in details:
            if first:
                first, last = (date.fromisoformat(day) for day in (first, last))
                span = days.get_span(first.toordinal(), last.toordinal())
            else:
                span = (start, stop)
            times[coach_id].add("event", [span])
