from odoo import api, models


class CoachingNotification(models.Model):
    """Whether an email still is true as it is sent; one that is not is dropped."""

    _inherit = "coaching.notification"

    @api.model
    def _get_checks(self):
        """Return what says of each kind whether it still is true; a hook.

        :return: dict of kind → name of a method that takes nothing and returns bool
        """
        return {
            "booked": "_is_at_that_time",
            "moved": "_is_at_that_time",
            "cancelled": "_is_cancelled",
            "no_show": "_is_missed",
        }

    def _is_still_true(self):
        """Return whether what the email says is so now."""
        self.ensure_one()
        check = self._get_checks().get(self.kind)
        return not check or getattr(self, check)()

    def _is_at_that_time(self):
        """Return whether the session is to take place when it was to begin then."""
        attendance = self.attendance_id
        return (
            attendance.state == "scheduled" and attendance.start == self.session_start
        )

    def _is_cancelled(self):
        return not self.attendance_id._is_blocking()

    def _is_missed(self):
        return self.attendance_id.state == "no_show"
