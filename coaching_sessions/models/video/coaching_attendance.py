from odoo import api, fields, models


class CoachingAttendance(models.Model):
    """A client joins a session on video."""

    _inherit = "coaching.attendance"

    can_join = fields.Boolean(string="Can join", compute="_compute_join")
    join_url = fields.Char(string="Video link", compute="_compute_join")

    @api.depends("state", "session_id.can_join", "session_id.join_url")
    @api.depends_context("uid")
    def _compute_join(self):
        for attendance in self:
            session = attendance.session_id
            taking_part = attendance.state == "scheduled"
            attendance.can_join = taking_part and session.can_join
            attendance.join_url = taking_part and session.join_url

    def action_join(self):
        """Join the session on video, see ``coaching.session.action_join`` (R88)."""
        self.ensure_one()
        self.check_access("read")
        return self.session_id.action_join()

    def _get_ics_description(self):
        lines = super()._get_ics_description()
        meeting = self.session_id._get_video_meeting()
        if not meeting.join_url:
            return lines
        details = meeting._get_details()
        lines.append(self.env._("Join: %(link)s", link=details["url"]))
        if details["meeting_id"]:
            lines.append(
                self.env._("Meeting ID: %(number)s", number=details["meeting_id"])
            )
        if details["password"]:
            lines.append(self.env._("Passcode: %(code)s", code=details["password"]))
        return [*lines, *details["dial_in"]]
