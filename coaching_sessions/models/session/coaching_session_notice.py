from odoo import fields, models

from ...tools.notice import get_deadline, get_notice_start, is_early
from ..catalog.coaching_outcome import EARLY_CODE, LATE_CODE


class CoachingSession(models.Model):
    """Until when something is in time; what that means is in ``tools/notice.py``."""

    _inherit = "coaching.session"

    notice_start = fields.Datetime(
        string="Notice counts from",
        readonly=True,
        copy=False,
        help="The client moved the session when it was too late to cancel. Notice for a"
        " cancellation still counts from this time.",
    )

    def _get_notice_start(self):
        """Return the start that the notice of a cancellation is counted to.

        Whoever moves a session when it is too late to cancel it gains nothing by that:
        the worse of both starts counts.
        """
        self.ensure_one()
        return get_notice_start(self.start, self.notice_start)

    def _is_early(self, moment=None):
        """Return whether cancelling at a moment is in time (R6, R49).

        :param datetime moment: naive UTC, now by default
        """
        self.ensure_one()
        hours = self.booking_type_id.cancel_notice_hours
        return is_early(moment or self._now(), self._get_notice_start(), hours)

    def _get_code_by_clock(self, moment=None):
        """Return the code of the outcome of a client's cancellation.

        :param datetime moment: when it was told, naive UTC; now by default
        """
        return EARLY_CODE if self._is_early(moment) else LATE_CODE

    def _get_cancel_deadline(self):
        """Return the moment from which on cancelling is late, naive UTC."""
        self.ensure_one()
        hours = self.booking_type_id.cancel_notice_hours
        return get_deadline(self._get_notice_start(), hours)

    def _get_reschedule_deadline(self):
        """Return the moment from which on it is too late for clients to move it."""
        self.ensure_one()
        return get_deadline(self.start, self.booking_type_id.reschedule_notice_hours)

    def _is_reschedule_early(self):
        """Return whether a client is in time to move it without being asked (R46)."""
        self.ensure_one()
        hours = self.booking_type_id.reschedule_notice_hours
        return is_early(self._now(), self.start, hours)
