from itertools import product

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError

from ...tools.spans import covers, to_seconds


class CoachingSession(models.Model):
    """Taking the rooms and devices that a session needs."""

    _inherit = "coaching.session"

    resource_ids = fields.One2many(
        comodel_name="coaching.session.resource",
        inverse_name="session_id",
        string="Rooms and devices",
        readonly=True,
    )

    @api.model
    def _create_sessions(self, requests):
        sessions = super()._create_sessions(requests)
        for request, session in sessions.items():
            if request.booking_type.has_needs:
                session._take_resources(request)
        return sessions

    def _update_projections(self):
        # the trigger wrote them
        self.env["coaching.session.resource"].invalidate_model(flush=False)
        return super()._update_projections()

    def _take_resources(self, request):
        """Take what a new session needs, each on top of what the last one took."""
        self.ensure_one()
        self.env["coaching.session.resource"].create(
            [
                {
                    "session_id": self.id,
                    "need_id": need.id,
                    "resource_id": resource.id,
                    "start": request.start,
                    "stop": request.stop,
                }
                for need, resource in self._choose_resources(request).items()
            ]
        ).flush_recordset()

    @api.model
    def _pre_move(self, moves):
        result = super()._pre_move(moves)
        for move in moves:
            if move.changes_time:
                move.session._move_resources(move.request)
        return result

    def _park(self):
        result = super()._park()
        # the trigger moved them along
        self.resource_ids.invalidate_recordset(["start", "stop"], flush=False)
        return result

    def _move_resources(self, request):
        """Take the same rooms at a new time where they are free, else others.

        Before the session moves: its rows follow it.

        :param BookingRequest request: as of a booking, at the new time
        """
        self.ensure_one()
        if not self.resource_ids:
            return
        kept = {taken.need_id: taken.resource_id for taken in self.resource_ids}
        chosen = self._choose_resources(request, kept, exclude=self)
        for taken in self.resource_ids:
            taken.write(
                {
                    "resource_id": chosen.get(taken.need_id, taken.resource_id).id,
                    "start": request.start,
                    "stop": request.stop,
                }
            )
        self.resource_ids.flush_recordset()

    @api.model
    def _choose_resources(self, request, preferred=None, exclude=None):
        """Return a free room or device for everything that a session needs.

        :param BookingRequest request: what is asked for
        :param dict preferred: need → ``resource.resource`` to keep where it is free
        :param exclude: ``coaching.session`` that moves
        :return: dict of need → ``resource.resource``
        :raise UserError: when there is none, which was to be looked at before
        """
        needs = request.booking_type._get_needed_resources(
            request.coach.company_id, exclude
        )
        free = self.env["coaching.availability"]._get_free_resources(
            self.env["resource.resource"].union(*needs.values()),
            {
                "coach_ids": [],
                "first": request.start,
                "last": request.stop,
                "exclude": exclude or self.browse(),
            },
        )
        span = (to_seconds(request.start), to_seconds(request.stop))
        free = {
            resource_id for resource_id, spans in free.items() if covers(spans, *span)
        }
        candidates = []
        for need, resources in needs.items():
            wanted = (preferred or {}).get(need, resources.browse())
            # what is archived meanwhile is the last to be taken again
            wanted = wanted.filtered("active") & need.resource_ids
            candidates.append([one for one in wanted | resources if one.id in free])
        for chosen in product(*candidates):
            # what serves one need serves no other one
            if len(set(chosen)) == len(chosen):
                return dict(zip(needs, chosen, strict=True))
        raise UserError(self._get_obstacle_message("resource", request))

    @api.model
    def _get_conflict_error(self, error, request=None):
        if error.diag.table_name != self.resource_ids._table:
            return super()._get_conflict_error(error, request)
        # there may be another room: look again
        return ConcurrencyError(self.resource_ids._sql_error_to_message(error))

    @api.model
    def _get_obstacle_message(self, reason, request):
        if reason != "resource":
            return super()._get_obstacle_message(reason, request)
        company = request.coach.company_id
        resources = request.booking_type._get_needed_resources(company, request.session)
        missing = [need.name for need, found in resources.items() if not found]
        if missing:
            return self.env._(
                "“%(booking_type)s” needs %(needs)s, and %(company)s has none. Add"
                " one to the booking type, or choose another booking type.",
                booking_type=request.booking_type.name,
                needs=self.env._(" and ").join(missing),
                company=company.name,
            )
        needs = [need.name for need in resources]
        return self.env._(
            "No %(needs)s is free at %(start)s. Choose another time.",
            needs=self.env._(" or ").join(needs),
            start=self._format_time(request.start),
        )
