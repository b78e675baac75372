from datetime import timedelta

from odoo import fields, models
from odoo.tools import groupby

from ...tools.spans import find, merge, to_seconds

# how many times are offered unless somebody chooses them
OFFERED_TIMES = 3
# how far ahead they are looked for
LOOK_AHEAD = timedelta(days=28)


class CoachingSession(models.Model):
    """The next free times to offer instead of a session."""

    _inherit = "coaching.session"

    def _find_next_starts(self, after):
        """Return the next free times of the coach for this session's client.

        Spread over days: three times of one morning are hardly a choice.
        """
        self.ensure_one()
        client = self._get_scheduled_attendances().partner_id
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
        # also what is held for this very client, for another session
        taken = self.env["coaching.hold"]._get_taken_intervals(
            self.coach_id, after, after + LOOK_AHEAD
        )[self.coach_id]
        spans = merge(
            (to_seconds(begin), to_seconds(stop))
            for begin, stop in [*taken, (self.busy_start, self.busy_stop)]
        )
        starts = [fields.Datetime.to_datetime(slot["start"]) for slot in slots]
        # the hour that is usual for the client first
        usual = timedelta(hours=self.start.hour, minutes=self.start.minute)
        found = []
        for day, times in groupby(starts, lambda start: start.date()):
            midnight = fields.Datetime.to_datetime(day)
            for start in sorted(times, key=lambda t, m=midnight: abs(t - m - usual)):
                if start >= after and not self._is_taken(start, spans):
                    found.append(start)
                    break
            if len(found) == OFFERED_TIMES:
                break
        return found

    def _is_taken(self, start, spans):
        """Return whether this session, with what is around it, would overlap spans.

        :param datetime start: naive UTC
        :param list spans: see ``tools/spans.py``
        """
        times = self._prepare_session_times(self._prepare_move_request(start))
        begin, stop = to_seconds(times["busy_start"]), to_seconds(times["busy_stop"])
        return find(spans, begin, stop) is not None
