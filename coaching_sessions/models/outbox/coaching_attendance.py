from odoo import models


class CoachingAttendance(models.Model):
    """Who is told about a client's session by email."""

    _inherit = "coaching.attendance"

    def _post_booking(self, request):
        result = super()._post_booking(request)
        if not request.quiet:
            self.env["coaching.notification"]._queue(self, "booked")
        return result

    def _get_recipients(self, kind):
        """Return who is told about this attendance by email.

        :param str kind: kind of ``coaching.notification``
        """
        self.ensure_one()
        recipients = self.partner_id
        if kind != "no_show" and self.coach_id.user_id != self.env.user:
            recipients |= self.coach_id.partner_id
        return recipients.filtered("email")

    def _is_given_up(self):
        """Return whether the client comes no more, and took no place again."""
        self.ensure_one()
        if self._is_blocking():
            return False
        return not self.session_id.attendance_ids.filtered(
            lambda one: one.partner_id == self.partner_id and one._is_blocking()
        )
