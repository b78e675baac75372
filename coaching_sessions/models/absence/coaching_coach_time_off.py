from datetime import time, timedelta

from odoo import models
from odoo.exceptions import UserError

from ...tools.arguments import parse_date, without_defaults
from ...tools.local_time import to_local
from .coaching_proposal import ABSENT


class CoachingCoach(models.Model):
    """A coach's time off, and ending it early."""

    _inherit = "coaching.coach"

    def action_back(self, date_from):
        """Make the coach available again, earlier than recorded (rank 24).

        The time off of that day ends the day before; later time off stays. Sessions
        with other times on offer take place again, cancelled ones stay cancelled.

        :param date_from: first day back, in the coach's time zone
        :return: dict: ``restored``, list of ids of sessions that take place after all
        :raise UserError: when none is recorded for that day, or it is managed in Time
            Off
        :raise AccessError: unless the user is the coach or a manager
        """
        self.ensure_one()
        self._check_may_be_absent()
        if not parse_date(self.env, date_from):
            raise UserError(self.env._("Choose the first day."))
        # sudo: the right was checked; nobody writes time off of others by hand
        coach = without_defaults(self.sudo())
        start, stop = coach._parse_period(date_from, date_from)
        running = coach._get_time_off().filtered(
            lambda one: one.date_from < stop and one.date_to > start
        )
        if not running:
            raise UserError(
                self.env._("No time off is recorded for that day. Choose another day.")
            )
        coach._check_own_time_off(running)
        ends = max(running.mapped("date_to"))
        for time_off in running:
            if time_off.date_from < start:
                time_off.date_to = start
            else:
                time_off.unlink()
        restored = coach._restore_sessions(start, ends)
        self.env["coaching.session"]._on_time_freed()
        return {"restored": restored.ids}

    def _get_time_off(self):
        """Return the coach's own time off that is not over, the earliest first."""
        self.ensure_one()
        now = self.env["coaching.session"]._now()
        return self.env["resource.calendar.leaves"].search(
            [
                ("resource_id", "=", self.resource_id.id),
                ("time_type", "=", "leave"),
                ("date_to", ">", now),
            ],
            order="date_from, id",
        )

    def _check_own_time_off(self, time_off):
        """Raise when somebody else keeps this time off; a hook."""
        # of employees, where the module is there: what was requested and approved
        if "holiday_id" in time_off and time_off.holiday_id:
            raise UserError(
                self.env._(
                    "This time off was requested in Time Off. Change the request there."
                )
            )

    def _restore_sessions(self, start, stop):
        """Withdraw the other times that were offered for sessions of a time.

        :return: the sessions, which take place
        """
        proposals = self.env["coaching.proposal"].search(
            [
                ("coach_id", "=", self.id),
                ("kind", "=", ABSENT),
                ("state", "=", "open"),
                ("session_id.start", "<", stop),
                ("session_id.stop", ">", start),
            ]
        )
        for proposal in proposals:
            proposal._answer("withdrawn")
            proposal._tell_other_side("proposal_answer", client=True)
        return proposals.session_id.sorted("start")

    def _describe_time_off(self):
        """Return when the coach is not there.

        :return: list of dict: ``label`` for people, ``day`` on which it can be ended:
            its first one, or today
        """
        self.ensure_one()
        today = to_local(self.env["coaching.session"]._now(), self.tz).date()
        return [
            {
                "label": self.env._(
                    "%(first)s to %(last)s",
                    first=self._format_day(time_off.date_from),
                    last=self._format_day(time_off.date_to, last=True),
                ),
                "day": str(max(today, to_local(time_off.date_from, self.tz).date())),
            }
            for time_off in self._get_time_off()
        ]

    def _format_day(self, moment, last=False):
        """Return the coach's date of a moment; an end at midnight is the day before."""
        local = to_local(moment, self.tz)
        if last and local.time() == time.min:
            local -= timedelta(days=1)
        return self.env["coaching.session"]._format_weekday(local.date())
