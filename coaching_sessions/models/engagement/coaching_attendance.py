from datetime import timedelta

from odoo import api, fields, models

from ...tools.local_time import shift_weeks
from ...tools.spans import to_seconds
from ..session.lifecycle import BLOCKING_STATES


class CoachingAttendance(models.Model):
    """A booking begins an engagement, and a session leads to the next (R149)."""

    _inherit = "coaching.attendance"

    engagement_id = fields.Many2one(
        comodel_name="coaching.engagement", compute="_compute_engagement_id"
    )

    def _get_engagement_key(self):
        """Return what says whose engagement this belongs to."""
        self.ensure_one()
        return (self.partner_id, self.coach_id, self.company_id)

    @api.depends("partner_id", "coach_id", "company_id")
    def _compute_engagement_id(self):
        found = self.env["coaching.engagement"]
        if found.has_access("read"):
            found = found.search(
                [
                    ("partner_id", "in", self.partner_id.ids),
                    ("coach_id", "in", self.coach_id.ids),
                    ("company_id", "in", self.company_id.ids),
                ]
            )
        engagements = {engagement._get_key(): engagement for engagement in found}
        for attendance in self:
            attendance.engagement_id = engagements.get(attendance._get_engagement_key())

    def _post_booking(self, request):
        """Let client and coach be engaged; see ``coaching_attendance``."""
        result = super()._post_booking(request)
        self.env["coaching.engagement"]._ensure_for(self)
        return result

    # === THE NEXT SESSION === #

    def _get_usual(self):
        """Return the session that says when client and coach usually meet.

        A make-up is held whenever there is time, so it is the last other session.
        """
        if not self.booking_type_id.is_makeup:
            return self
        usual = self.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("coach_id", "=", self.coach_id.id),
                ("company_id", "=", self.company_id.id),
                ("booking_type_id.is_makeup", "=", False),
                ("state", "in", BLOCKING_STATES),
                ("start", "<", self.start),
            ],
            order="start desc, id desc",
            limit=1,
        )
        return usual or self

    def _propose_next_start(self, same_slot=True, weeks=12):
        """Return when this client could have the next session (R149).

        The client's reserved slot, else the same weekday and time of day as this
        session, in the coach's time zone whatever the clocks do in between. Times that
        are past or taken are left out.

        :param bool same_slot: False when the client wants a different time: then
            there is nothing to propose
        :param int weeks: how many to try
        :return: naive UTC datetime, or None
        """
        self.ensure_one()
        if not same_slot:
            return None
        # sudo: whether a time is free is told, not what takes it
        usual = self.sudo()._get_usual()
        free = usual._filter_free(usual._get_weekly_starts(weeks))
        return free[0] if free else None

    def _get_weekly_starts(self, weeks):
        """Return the next weekly times to try, the reserved slot's before others."""
        self.ensure_one()
        now = self.env["coaching.session"]._now()
        after = max(now, self.start)
        slot = self.engagement_id.slot_ids.filtered(
            lambda slot: slot.state == "active"
            and slot.booking_type_id == self.booking_type_id
        )[:1]
        if slot:
            starts = slot._get_starts(after, after + timedelta(weeks=weeks))[slot]
            return [moment for moment in starts if moment > after]
        tz = self.coach_id.tz
        begin = max((now - self.start) // timedelta(weeks=1), 0)
        starts = [
            shift_weeks(self.start, begin + week, tz) for week in range(1, weeks + 1)
        ]
        return [moment for moment in starts if moment > after]

    def _filter_free(self, starts):
        """Return those of some times at which coach and client are free.

        A constant number of queries. Nothing is held: booking checks again.

        :param list starts: naive UTC datetimes, ascending
        """
        self.ensure_one()
        if not starts:
            return []
        length = self.stop - self.start
        times = self.env["coaching.availability"]._load(
            self.coach_id,
            starts[0],
            starts[-1] + length,
            partners=self.partner_id,
            booking_type=self.booking_type_id,
            length=int(length.total_seconds()),
        )
        time = times[self.coach_id.id]
        need = self.booking_type_id._get_need(length)
        return [
            start for start in starts if not time.get_obstacle(need, to_seconds(start))
        ]
