from odoo import models

from odoo.addons.coaching_sessions.models.base.groups import MANAGER_GROUP

SERIES_URL = "/my/coaching/coach/%s/series/%s"


class CoachingSession(models.Model):
    """The series of a session, as its coach reads it (R109)."""

    _inherit = "coaching.session"

    def _prepare_portal_coach_row(self, tz):
        return {
            **super()._prepare_portal_coach_row(tz),
            "series": self.series_position,
        }

    def _prepare_portal_series(self, tz):
        """Return the times of the series that this coach holds, or nothing.

        :param str tz: zone of the reader
        """
        self.ensure_one()
        # sudo: found by the coach's own rules; of the series only their own
        # sessions, and what was not booked only if the series is theirs
        session = self.sudo()
        series = session.series_id
        sessions = series.session_ids.filtered(
            lambda one: one.coach_id == session.coach_id
        )
        gaps = series.gap_ids.filtered(lambda gap: gap.state != "booked")
        if not self._is_portal_series_coach():
            gaps = gaps.browse()
        rows = [one._prepare_portal_series_row(gaps, session, tz) for one in sessions]
        listed = set(sessions.mapped("series_number"))
        rows += [
            (gap.start, gap._prepare_portal_row(tz))
            for gap in gaps
            if gap.number not in listed
        ]
        rows.sort(key=lambda row: row[0])
        return {
            "position": session.series_position,
            "rhythm": series.rhythm,
            "state": self._get_portal_series_states().get(series.state),
            "actions": self._prepare_portal_series_actions(),
            "rows": [row for _start, row in rows],
        }

    def _prepare_portal_series_row(self, gaps, current, tz):
        """Return start and row of a session; what was paused or skipped says so.

        :param gaps: ``coaching.series.gap`` of the series
        :param current: the session whose page this is
        """
        self.ensure_one()
        row = {
            "url": f"/my/coaching/coach/{self.id}",
            "current": self == current,
            "time": self._describe_time(self.start, self.stop, tz),
            "state": self._prepare_portal_state(
                self.state, self.start, self.stop, coach=True
            ),
        }
        gap = gaps.filtered(lambda gap: gap.number == self.series_number)
        # what can still be booked tells more than what was left out before
        gap = gap.sorted(lambda gap: gap.state != "open")[:1]
        if not gap or self.state != "cancelled":
            return self.start, row
        # a time that is paused moves along with its series
        row.update(
            time=self._describe_time(gap.start, gap.stop, tz),
            state=gap._get_portal_state(),
            reason=gap.reason,
        )
        return gap.start, row

    def _get_portal_series_states(self):
        """Return what is said of a series that does not simply go on."""
        return {
            "paused": {"label": self.env._("Paused"), "badge": "warning"},
            "ended": {"label": self.env._("Ended"), "badge": "muted"},
        }

    # === WHAT CAN BE DONE === #

    def _is_portal_series_coach(self):
        """Return whether the user decides about the series, not about one session."""
        self.ensure_one()
        # sudo: whose series it is, to compare with the user
        coach = self.sudo().series_id.coach_id
        return coach.user_id == self.env.user or self.env.user.has_group(MANAGER_GROUP)

    def _get_portal_series_actions(self):
        """Return what can be done from this session with the series at this moment.

        The methods behind decide once more; see ``_plan_portal_series``.
        """
        self.ensure_one()
        # sudo: of the session's own series, whether anything is to come
        session = self.sudo()
        series = session.series_id
        upcoming = session.state == "scheduled" and session.start > session._now()
        actions = ["move", "cancel", "skip"] if upcoming else []
        if series and self._is_portal_series_coach():
            to_come = series._get_open_sessions()
            if to_come and not upcoming:
                actions.append("cancel")
            if to_come:
                actions.append("pause")
            if series.state != "ended" and series.gap_ids.filtered(
                lambda gap: gap.state == "open" and gap.kind == "paused"
            ):
                actions.append("resume")
            if series.state != "ended":
                actions.append("end")
        return actions if series else []

    def _get_portal_series_labels(self):
        """Return what the actions are called."""
        return {
            "move": self.env._("Move sessions"),
            "cancel": self.env._("Cancel sessions"),
            "skip": self.env._("Skip this one"),
            "pause": self.env._("Pause the series"),
            "resume": self.env._("Resume the series"),
            "end": self.env._("End it early"),
        }

    def _prepare_portal_series_actions(self):
        """Return the links of the series card."""
        labels = self._get_portal_series_labels()
        return [
            {"url": SERIES_URL % (self.id, action), "label": labels[action]}
            for action in self._get_portal_series_actions()
        ]
