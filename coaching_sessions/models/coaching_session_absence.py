from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from .coaching_coach_absence import LOOK_AHEAD, OFFERED_TIMES


class CoachingSession(models.Model):
    """What becomes of a session whose coach is not there."""

    _inherit = "coaching.session"

    def _cancel_for_absence(self, reason):
        """Cancel for all clients, at the coach's account; the caller tells them."""
        self.ensure_one()
        self._cancel_one(reason, "policy", None, code="coach_emergency")

    def _offer_instead(self, after, message):
        """Offer the next free times for a session that can't take place.

        :param datetime after: naive UTC, from when on the coach is there again
        :raise UserError: when there are none
        """
        self.ensure_one()
        starts = self._find_next_starts(after)
        if not starts:
            raise UserError(
                self.env._(
                    "%(coach)s has no time free for %(session)s.",
                    coach=self.coach_id.name,
                    session=self.display_name,
                )
            )
        self._propose(starts, message, kind="ill", tell=False)

    def _find_next_starts(self, after):
        """Return the next free times of the coach for this session's client.

        Spread over days: three times of one morning are hardly a choice.
        """
        self.ensure_one()
        client = self.attendance_ids.filtered(
            lambda attendance: attendance.state == "scheduled"
        ).partner_id
        # of a type of all companies: the coaches of this session's company
        types = self.env["coaching.booking.type"].with_company(self.company_id)
        slots = types.get_slots(
            self.booking_type_id.id,
            after.date(),
            (after + LOOK_AHEAD).date(),
            coach_ids=self.coach_id.ids,
            tz="UTC",
            partner_id=client.id,
            session_id=self.id,
        )
        # also what is held for this very client, for another of his sessions
        taken = self.env["coaching.hold"]._get_taken_intervals(
            self.coach_id, after, after + LOOK_AHEAD
        )[self.coach_id]
        by_day = {}
        for slot in slots:
            start = fields.Datetime.to_datetime(slot["start"])
            request = self._prepare_move_request(start)
            times = self._prepare_session_times(request)
            if start >= after and not any(
                times["busy_start"] < stop and begin < times["busy_stop"]
                for begin, stop in [*taken, (self.busy_start, self.busy_stop)]
            ):
                by_day.setdefault(start.date(), []).append(start)
        # the hour that is usual for the client first
        usual = timedelta(hours=self.start.hour, minutes=self.start.minute)
        starts = []
        for day, times in by_day.items():
            midnight = fields.Datetime.to_datetime(day)
            starts.append(min(times, key=lambda t, m=midnight: abs(t - m - usual)))
        return starts[:OFFERED_TIMES]
