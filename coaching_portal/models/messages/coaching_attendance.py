from odoo import models


class CoachingAttendance(models.Model):
    """What coach and client write about a session."""

    _inherit = "coaching.attendance"

    def _prepare_portal_contacts(self, tz):
        """Add what the coach's page needs to write to each client (R43)."""
        contacts = super()._prepare_portal_contacts(tz)
        talks = self._prepare_portal_talks(tz)
        # sudo: attendances of the coach's own session
        for attendance in self.sudo():
            draft = attendance.state == "no_show" and attendance._get_message_draft()
            contacts[attendance.id].update(
                messages=talks[attendance.id], draft=draft or ""
            )
        return contacts

    def _prepare_portal_talks(self, tz):
        """Return what coach and client wrote about each of these sessions (R43, R47).

        :param str tz: zone of the reader
        :return: dict of attendance id → list of messages, the earliest first
        """
        talks = {attendance.id: [] for attendance in self}
        moment = self.env["coaching.session"]._prepare_portal_moment
        # sudo: the log is staff's; of the reader's own sessions the messages
        lines = (
            self.env["coaching.session.log"]
            .sudo()
            .search(
                [("attendance_id", "in", self.ids), ("action", "=", "message")],
                order="id",
            )
        )
        for line in lines:
            talks[line.attendance_id.id].append(
                {
                    "mine": line.user_id == self.env.user,
                    "who": line.user_id.name,
                    "text": line.description,
                    "when": moment(line.date, tz),
                }
            )
        return talks
