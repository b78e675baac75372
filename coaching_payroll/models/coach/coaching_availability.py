from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL


class CoachingAvailability(models.AbstractModel):
    """Coaches who are employees work by the version of their employment of that day."""

    _inherit = "coaching.availability"

    @api.model
    def _get_calendar_periods(self, query):
        """Return the calendars of employment: what changes in May counts from May on.

        Before the first version it is that one's calendar; after the end of a contract
        nobody works.
        """
        periods = super()._get_calendar_periods(query)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT coach.id, version.date_version,
                       lead(version.date_version) OVER employment,
                       version.contract_date_end,
                       CASE WHEN NOT calendar.flexible_hours THEN calendar.id END
                  FROM coaching_coach coach
                  JOIN hr_version version ON version.employee_id = coach.employee_id
                   AND version.active
                  LEFT JOIN resource_calendar calendar
                         ON calendar.id = version.resource_calendar_id
                 WHERE coach.id = ANY(%s)
                WINDOW employment AS (
                       PARTITION BY coach.id ORDER BY version.date_version)
                 ORDER BY coach.id, version.date_version
                """,
                query["coach_ids"],
            )
        )
        found = defaultdict(list)
        for coach_id, begin, following, contract_end, calendar_id in rows:
            last = following and following - timedelta(days=1)
            end = min(filter(None, (last, contract_end)), default=None)
            found[coach_id].append(
                (
                    begin.toordinal() if found[coach_id] else None,
                    end and end.toordinal(),
                    calendar_id,
                )
            )
        return {**periods, **found}
