from datetime import date

from odoo import api, models

from ...tools.local_time import get_weekly_starts
from ...tools.spans import to_seconds

RESERVED = """
    SELECT 'reserved', coach_id, NULL::bigint[], NULL::bigint[],
           jsonb_agg(jsonb_build_array(weekday::int, start_minute,
               duration_minutes, tz, date_from, date_to))
      FROM coaching_reserved_slot
     WHERE coach_id = ANY(wanted_ids) AND state = 'active'
       AND NOT partner_id = ANY(client_ids)
       AND date_from <= until AND (date_to IS NULL OR date_to >= since)
     GROUP BY coach_id
"""


class CoachingAvailability(models.AbstractModel):
    """Weekly times that are kept for other clients take the coach's time (R59)."""

    _inherit = "coaching.availability"

    @api.model
    def _get_taken_sources(self):
        return {**super()._get_taken_sources(), "reserved": RESERVED}

    @api.model
    def _add_reserved(self, query, times, coach_id, starts, stops, details):
        """Add weekly times that are kept for other clients."""
        bounds = self._get_bounds(query)
        first, last = bounds["first"].date(), bounds["last"].date()
        for weekday, minute, length, tz, begin, end in details:
            begin = max(first, date.fromisoformat(begin))
            end = min(last, date.fromisoformat(end)) if end else last
            times[coach_id].add(
                "reserved",
                [
                    (to_seconds(start), to_seconds(start) + length * 60)
                    for start in get_weekly_starts(weekday, minute, tz, begin, end)
                ],
            )
