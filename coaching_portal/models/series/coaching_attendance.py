from odoo import models


class CoachingAttendance(models.Model):
    """The series of a session, as its client reads it (R109)."""

    _inherit = "coaching.attendance"

    def _prepare_portal_row(self, tz):
        return {
            **super()._prepare_portal_row(tz),
            "series": self.session_id.series_position,
        }

    def _prepare_portal_series(self, tz):
        """Return the client's own sessions of the series, or nothing.

        :param str tz: zone of the reader
        """
        self.ensure_one()
        # sudo: found by the client's own rules; of it only their own sessions
        attendance = self.sudo()
        series = attendance.session_id.series_id
        own = series.session_ids.attendance_ids.filtered(
            lambda one: one.partner_id == attendance.partner_id
        ).sorted("start")
        return {
            "position": attendance.session_id.series_position,
            "rhythm": series.rhythm,
            # whom to ask for changes of all of it, while there is something to change
            "ask": series._get_open_sessions() and series.coach_id.name,
            "rows": [
                {
                    "url": f"/my/coaching/sessions/{one.session_id.id}",
                    "current": one == attendance,
                    "time": one.session_id._describe_time(one.start, one.stop, tz),
                    "state": one.session_id._prepare_portal_state(
                        one.state, one.start, one.stop
                    ),
                }
                for one in own
            ],
        }

    def _get_portal_cancel_words(self, outcome, several):
        """Return what the coach's cancelling of a series means for this client.

        :param outcome: ``coaching.outcome``
        :param bool several: whether it stands for others of the series, too
        """
        self.ensure_one()
        if not several:
            return self._get_consequences(outcome)
        judged = self._judge(outcome)[self]
        words = []
        if judged["uses_session"]:
            words.append(self.env._("Each of them counts as used."))
        elif self.package_id:
            words.append(
                self.env._("Each of them is returned to the client's package.")
            )
        if judged["issues_makeup"] and not self.booking_type_id.is_makeup:
            words.append(self.env._("The client gets a make-up for each of them."))
        return words
