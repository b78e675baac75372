from odoo import models


class CoachingSession(models.Model):
    """The series of a session, as its coach reads it (R109)."""

    _inherit = "coaching.session"

    def _prepare_portal_coach_rows(self, tz):
        rows = super()._prepare_portal_coach_rows(tz)
        for session, row in zip(self, rows, strict=True):
            row["series"] = session.series_position
        return rows

    def _prepare_portal_series(self, tz):
        """Return the sessions of the series that this coach gives, or nothing.

        :param str tz: zone of the reader
        """
        self.ensure_one()
        # sudo: found by the coach's own rules; of the series only his own sessions
        session = self.sudo()
        sessions = session.series_id.session_ids.filtered(
            lambda one: one.coach_id == session.coach_id
        ).sorted("start")
        return {
            "position": session.series_position,
            "rhythm": session.series_id.rhythm,
            "rows": [
                {
                    "url": f"/my/coaching/coach/{one.id}",
                    "current": one == session,
                    "time": one._describe_time(one.start, one.stop, tz),
                    "state": one._prepare_portal_state(
                        one.state, one.start, one.stop, coach=True
                    ),
                }
                for one in sessions
            ],
        }


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
        # sudo: found by the client's own rules; of the series only his own sessions
        attendance = self.sudo()
        series = attendance.session_id.series_id
        own = series.session_ids.attendance_ids.filtered(
            lambda one: one.partner_id == attendance.partner_id
        ).sorted("start")
        return {
            "position": attendance.session_id.series_position,
            "rhythm": series.rhythm,
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
