from datetime import timedelta

from odoo import fields, models

from ...tools.free_time import Need
from ...tools.notice import get_first_start


class CoachingBookingType(models.Model):
    """When a type can be booked, and by whom (R147)."""

    _inherit = "coaching.booking.type"

    preparation_minutes = fields.Integer(
        string="Preparation",
        help="Minutes the coach needs to prepare, within working hours. Nothing else is"
        " booked in this time.",
    )
    min_notice_hours = fields.Float(
        string="Booked at the latest",
        help="Hours before the start, for clients. 0: until the session begins.",
    )
    horizon_days = fields.Integer(
        string="Booked at the earliest",
        help="Days before the start, for clients. 0: no limit.",
    )
    slot_step_minutes = fields.Integer(
        string="Starts every",
        required=True,
        default=30,
        help="Minutes between offered start times, counted from the start of the"
        " coach's"
        " working hours.",
    )
    client_join_only = fields.Boolean(
        string="Clients can only join",
        help="Clients can only join existing sessions with a free seat. Coaches and"
        " managers create new ones.",
    )

    _check_slots = models.Constraint(
        "CHECK (preparation_minutes >= 0 AND min_notice_hours >= 0"
        " AND horizon_days >= 0 AND slot_step_minutes > 0)",
        "Minutes, hours and days can't be negative, and start times must be at least"
        " one minute apart.",
    )

    def _get_bookable_coaches(self, company):
        """Return the coaches who give this type in a company.

        :param company: ``res.company``
        """
        self.ensure_one()
        domain = [("company_id", "=", company.id), ("active", "=", True)]
        # of an employee who is archived nothing else is
        domain.append(("resource_id.active", "=", True))
        # what is archived is left out below, without asking for it twice
        coaches = self.with_context(active_test=False).coach_ids
        if coaches:
            domain.append(("id", "in", coaches.ids))
        return self.env["coaching.coach"].search_fetch(domain, ["user_id"])

    def _is_join_only(self, by_client):
        """Return whether somebody can't begin a new session of this type.

        :param bool by_client: whether they book by the rules for clients
        """
        self.ensure_one()
        return bool(by_client and self.client_join_only and self.max_participants > 1)

    def _get_window(self, now):
        """Return between which moments clients book, naive UTC.

        :return: the earliest start, and the latest one or None
        """
        self.ensure_one()
        first = get_first_start(now, self.min_notice_hours)
        last = now + timedelta(days=self.horizon_days) if self.horizon_days else None
        return first, last

    def _get_need(self, length=None):
        """Return what a session of this type needs, as ``Need``.

        :param timedelta length: as long as usual by default
        """
        self.ensure_one()
        if length is None:
            length = timedelta(minutes=self.duration_minutes)
        return Need(
            length=int(length.total_seconds()),
            preparation=self.preparation_minutes * 60,
            before=self.buffer_before_minutes * 60,
            after=self.buffer_after_minutes * 60,
            step=self.slot_step_minutes * 60,
        )
