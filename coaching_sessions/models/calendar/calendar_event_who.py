from collections.abc import Collection

from odoo import api, fields, models
from odoo.fields import Domain

from ..base.groups import MANAGER_GROUP
from ..session.lifecycle import BLOCKING_STATES


class CalendarEvent(models.Model):
    """Who is told what by an event that shows a session.

    Every employee may search events and those who take part in them. So what is stored
    names no client; who may know is told as the event is shown: the coach and managers
    who is coached, clients with whom, in their own calendar.
    """

    _inherit = "calendar.event"

    is_own_coaching = fields.Boolean(
        compute="_compute_is_own_coaching",
        help="The event shows a session that the user attends as a client.",
    )

    @api.depends("is_coaching_session")
    @api.depends_context("uid")
    def _compute_is_own_coaching(self):
        own = self._get_own_sessions().event_id
        for event in self:
            event.is_own_coaching = event in own

    @api.model
    def _get_public_fields(self):
        # read with the others, so that nothing else is asked for events of other kinds
        return super()._get_public_fields() | {"is_coaching_session"}

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Find a client's sessions in the client's own calendar."""
        if not self.env.su:
            domain = Domain(domain).map_conditions(self._add_own_sessions)
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _add_own_sessions(self, condition):
        """Return a condition on who takes part that counts the user as a client."""
        partner, wanted = self.env.user.partner_id, condition.value
        if condition.field_expr != "partner_ids" or condition.operator not in (
            "=",
            "in",
        ):
            return condition
        if wanted != partner.id and not (
            isinstance(wanted, Collection) and partner.id in wanted
        ):
            return condition
        # sudo: the events of the user's own sessions
        own = (
            self.env["coaching.session"]
            .sudo()
            ._search([("attendance_ids", "any", self._get_own_domain())])
        )
        return condition | Domain("id", "in", own.subselect("event_id"))

    @api.model
    def _get_own_domain(self):
        """Return which attendances are shown in a client's own calendar."""
        return [
            ("partner_id", "=", self.env.user.partner_id.id),
            ("state", "in", BLOCKING_STATES),
        ]

    def _get_own_sessions(self):
        """Return the sessions that these events show and the user is a client of."""
        shown = self.filtered("is_coaching_session")
        # sudo: only what is the user's own is found
        sessions = self.env["coaching.session"].sudo()
        if not shown:
            return sessions
        return sessions.search(
            [
                ("event_id", "in", shown.ids),
                ("attendance_ids", "any", self._get_own_domain()),
            ]
        )

    def _check_private_event_conditions(self):
        """Hide nothing of it from the session's clients, who only read it."""
        return super()._check_private_event_conditions() and not self.is_own_coaching

    @api.depends_context("uid")
    def _compute_display_name(self):
        super()._compute_display_name()
        shown = self.filtered("is_coaching_session")
        if not shown:
            return
        user = self.env.user
        manages = user.has_group(MANAGER_GROUP)
        # sudo: what the sessions are called, for those who give or manage them
        sessions = (
            self.env["coaching.session"].sudo().search([("event_id", "in", shown.ids)])
        )
        for session in sessions:
            event = self.browse(session.event_id.id)
            if session.coach_id.user_id == user or (
                manages and session.company_id in user.company_ids
            ):
                event.display_name = session._get_calendar_title()
            elif event.is_own_coaching:
                event.display_name = self.env._(
                    "%(booking_type)s with %(coach)s",
                    booking_type=session.booking_type_id.name,
                    coach=session.coach_id.name,
                )
