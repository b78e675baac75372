from datetime import datetime, timedelta

from odoo import models
from odoo.exceptions import UserError

from ...tools.arguments import parse_date, parse_text, without_defaults
from ...tools.local_time import to_utc
from ...tools.recurrence import shift


class CoachingSeries(models.Model):
    """Pausing, resuming and ending a series (R112, R113)."""

    _inherit = "coaching.series"

    def _get_day_start(self, day):
        """Return when a day begins in the series' time zone, naive UTC."""
        self.ensure_one()
        return to_utc(datetime(day.year, day.month, day.day), self.tz)

    def action_pause(self, date_from, date_to=None, reason="", message=""):
        """Pause a series: what is to come in between is cancelled (R112).

        The client loses nothing: what was held is returned to the package. The times
        are kept, and ``action_resume`` books them again.

        :param date_from: first day without, in the series' time zone
        :param date_to: last day without, for good by default
        :param str reason: why, kept in the log
        :param str message: sentence for the clients, added to the email
        :return: dict with ``cancelled``: number of sessions
        :raise UserError: when there is no session to come in between
        :raise AccessError: unless the user is the coach or a manager
        """
        self.ensure_one()
        self._check_staff()
        # sudo: rights were checked; nobody writes series by hand
        series = without_defaults(self.sudo())
        sessions = series._find_to_pause(date_from, date_to)
        reason = parse_text(self.env, reason)
        series._call_off(sessions, reason, parse_text(self.env, message), "paused")
        if not date_to:
            series.state = "paused"
        return {"cancelled": len(sessions)}

    def _find_to_pause(self, date_from, date_to=None):
        """Return the sessions that a pause cancels, see ``action_pause``."""
        self.ensure_one()
        first = self._parse_day(date_from)
        last = parse_date(self.env, date_to)
        if last and last < first:
            raise UserError(
                self.env._("The pause must end after it begins. Correct the days.")
            )
        sessions = self._get_open_sessions(
            self._get_day_start(first),
            last and self._get_day_start(last + timedelta(days=1)),
        )
        if not sessions:
            raise UserError(self.env._("This series has no session in that period."))
        return sessions

    def action_resume(self, date_from):
        """Book again what a pause has cancelled, as far as there is time (R112).

        :param date_from: first day, in the series' time zone; what was before is left
            out
        :return: dict with ``booked`` and ``not_booked``: numbers of sessions
        :raise UserError: when nothing is paused from then on
        :raise AccessError: unless the user is the coach or a manager
        """
        self.ensure_one()
        self._check_staff()
        # sudo: rights were checked; nobody writes series by hand
        series = without_defaults(self.sudo())
        again, left_out = series._find_to_resume(date_from)
        left_out.write({"state": "ignored"})
        booked, refused = again._retry()
        series.state = "active"
        return {"booked": len(booked), "not_booked": len(refused)}

    def _find_to_resume(self, date_from):
        """Return what is booked again and what is left out, see ``action_resume``.

        :return: two times ``coaching.series.gap``
        """
        self.ensure_one()
        begin = self._get_day_start(self._parse_day(date_from))
        paused = self.gap_ids.filtered(
            lambda gap: gap.state == "open" and gap.kind == "paused"
        )
        from_then = paused.filtered(lambda gap: gap.start >= begin)
        if self.state == "ended" or not from_then:
            raise UserError(
                self.env._("This series has no paused sessions from that day.")
            )
        now = self.env["coaching.session"]._now()
        again = from_then.filtered(lambda gap: gap.start > now)
        return again.sorted("start"), paused - again

    def action_end(self, date, reason="", message=""):
        """End a series early: what is to come from a day on is cancelled (R113).

        The client loses nothing: what was held is returned to the package.

        :param date: first day without, in the series' time zone
        :param str reason: why, kept in the log
        :param str message: sentence for the clients, added to the email
        :return: dict with ``cancelled``: number of sessions
        :raise UserError: when the series has ended already
        :raise AccessError: unless the user is the coach or a manager
        """
        self.ensure_one()
        self._check_staff()
        # sudo: rights were checked; nobody writes series by hand
        series = without_defaults(self.sudo())
        sessions = series._find_to_end(date)
        day = series._parse_day(date)
        begin = series._get_day_start(day)
        reason = parse_text(self.env, reason)
        if sessions:
            series._call_off(sessions, reason, parse_text(self.env, message))
        series._close_gaps(begin)
        series._end()
        series.date_to = max(day, series.date_from)
        return {"cancelled": len(sessions)}

    def _find_to_end(self, date):
        """Return the sessions that ending cancels, see ``action_end``."""
        self.ensure_one()
        day = self._parse_day(date)
        if self.state == "ended":
            raise UserError(self.env._("This series has already ended."))
        return self._get_open_sessions(self._get_day_start(day))

    def _parse_day(self, value):
        """Return a day that has to be given."""
        day = parse_date(self.env, value)
        if not day:
            raise UserError(self.env._("Choose the first day."))
        return day

    def _call_off(self, sessions, reason, message, kind=None):
        """Cancel sessions to come at nobody's expense, and tell each client once.

        :param sessions: ``coaching.session`` of this series
        :param str kind: of the gaps that are kept instead, none by default
        """
        self.ensure_one()
        attendances = sessions._get_scheduled_attendances()
        attendances._close("other", note=reason, uses_session=False, quiet=True)
        if kind:
            self._note_gaps(
                [session._prepare_left_out(reason) for session in sessions], kind=kind
            )
        self.env["coaching.notification"]._queue_series(
            "series_cancelled", attendances, message
        )

    def _close_gaps(self, begin):
        """Leave out what is not booked from a moment on."""
        self.gap_ids.filtered(
            lambda gap: gap.state == "open" and gap.start >= begin
        ).write({"state": "ignored"})

    def _end_when_over(self):
        """Note that a series has ended, where nothing is to come any more."""
        self.invalidate_recordset(["session_ids"], flush=False)
        for series in self:
            if series.state != "ended" and not series._get_open_sessions():
                series._end()

    def _end(self):
        """Note that a series has ended: what was paused of it is not booked again."""
        self.gap_ids.filtered(
            lambda gap: gap.state == "open" and gap.kind == "paused"
        ).write({"state": "ignored"})
        self.write({"state": "ended"})

    def _shift_rule(self, days, minute, others, begin):
        """Note when a series comes up from now on.

        :param int days: by how many it moved
        :param int minute: minutes after midnight, local time
        :param others: ``coaching.session`` of it that stayed where they were moved
        :param datetime begin: first one that moved, naive UTC
        """
        self.ensure_one()
        weekdays = sorted({(int(digit) + days) % 7 for digit in self.weekdays})
        self.write({"weekdays": "".join(map(str, weekdays)), "start_minute": minute})
        for session in others.filtered(lambda one: one.state == "scheduled"):
            # else the next move would take it for one that stands where it should
            session.series_start = shift(session.series_start, days, minute, self.tz)
        for gap in self.gap_ids.filtered(
            lambda gap: gap.state == "open" and gap.start >= begin
        ):
            start = shift(gap.start, days, minute, self.tz)
            gap.write({"start": start, "stop": start + (gap.stop - gap.start)})
