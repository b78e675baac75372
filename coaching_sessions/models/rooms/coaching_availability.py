from itertools import product

from odoo import api, models
from odoo.tools import SQL

from ...tools.spans import (
    LocalDays,
    get_start_spans,
    intersect,
    merge,
    subtract,
    to_seconds,
)


class CoachingAvailability(models.AbstractModel):
    """Rooms and devices: without one of each there is no session."""

    _inherit = "coaching.availability"

    @api.model
    def _get_loaders(self):
        return [*super()._get_loaders(), self._load_needs]

    @api.model
    def _load_needs(self, query, times):
        """Fill in when what a session needs is not there, in each coach's company."""
        if not query["booking_type"].has_needs:
            return
        companies = {}
        for coach_id, row in query["rows"].items():
            companies.setdefault(row["company"], []).append(coach_id)
        for company_id, coach_ids in companies.items():
            company = self.env["res.company"].browse(company_id)
            never = self._get_starts_without(query, company)
            for coach_id in coach_ids:
                times[coach_id].add_starts("resource", never)

    @api.model
    def _get_starts_without(self, query, company):
        """Return when no session can begin in a company: something is not there.

        :param company: ``res.company``
        :return: list of spans
        """
        length, bounds = query["length"], self._get_bounds(query)
        first, last = to_seconds(bounds["first"]), to_seconds(bounds["last"])
        needs = query["booking_type"]._get_needed_resources(company, query["exclude"])
        free = self._get_free_resources(
            self.env["resource.resource"].union(*needs.values()), query
        )
        starts = {
            resource_id: get_start_spans(spans, [], length)
            for resource_id, spans in free.items()
        }
        possible = []
        for chosen in product(*(resources.ids for resources in needs.values())):
            # what serves one need serves no other one
            if len(set(chosen)) == len(chosen):
                together = [(first, last)]
                for resource_id in chosen:
                    together = intersect(together, starts[resource_id])
                possible += together
        return subtract([(first, last)], merge(possible))

    @api.model
    def _get_free_resources(self, resources, query):
        """Return when rooms and devices are free: their hours, less what took them.

        :return: dict of resource's id → list of spans
        """
        bounds = self._get_bounds(query)
        first, last = to_seconds(bounds["first"]), to_seconds(bounds["last"])
        # a room without hours of its own is open whenever the coach is there
        weeks = self._get_weeks({r.calendar_id.id or None for r in resources})
        free = {}
        for resource in resources:
            days = LocalDays(resource.tz)
            spans = days.expand(
                weeks[resource.calendar_id.id or None],
                days.get_day(first),
                days.get_day(last),
            )
            free[resource.id] = merge(spans)
        taken = {}
        for resource_id, start, stop in self.env.execute_query(
            SQL(
                """
                SELECT resource_id, start, stop FROM coaching_session_resource
                 WHERE resource_id = ANY(%(ids)s) AND taken
                   AND start < %(last)s AND stop > %(first)s
                   AND NOT session_id = ANY(%(exclude)s)
                UNION ALL
                SELECT resource.id, leaves.date_from, leaves.date_to
                  FROM resource_resource resource
                  JOIN resource_calendar_leaves leaves
                    ON leaves.resource_id = resource.id
                    OR (leaves.resource_id IS NULL
                        AND resource.calendar_id = leaves.calendar_id)
                 WHERE resource.id = ANY(%(ids)s) AND leaves.time_type = 'leave'
                   AND leaves.date_from < %(last)s AND leaves.date_to > %(first)s
                """,
                ids=resources.ids,
                first=bounds["first"],
                last=bounds["last"],
                exclude=query["exclude"].ids,
            )
        ):
            span = (to_seconds(start), to_seconds(stop))
            taken.setdefault(resource_id, []).append(span)
        return {
            resource_id: subtract(spans, merge(taken.get(resource_id, ())))
            for resource_id, spans in free.items()
        }
