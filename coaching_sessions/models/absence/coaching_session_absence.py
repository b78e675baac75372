from odoo import models
from odoo.exceptions import UserError

from .coaching_proposal import ABSENT


class CoachingSession(models.Model):
    """What becomes of a session whose coach is not there."""

    _inherit = "coaching.session"

    def _cancel_for_absence(self, reason):
        """Cancel for all clients, as cancelled by the coach; the caller tells them."""
        for session in self:
            session._check_to_come()
        attendances = self._get_scheduled_attendances()
        attendances._close("coach_emergency", note=reason, quiet=True)

    def _get_offered_instead(self, start, stop):
        """Return those of these whose client has other times to choose from already.

        Only if the coach is there at each of these times.

        :param datetime start: of the absence, naive UTC
        :param datetime stop: naive UTC
        """
        proposals = self.env["coaching.proposal"].search(
            [
                ("session_id", "in", self.ids),
                ("kind", "=", ABSENT),
                ("state", "=", "open"),
                ("deadline", ">", self._now()),
            ]
        )
        return proposals.filtered(
            lambda proposal: proposal.hold_ids
            and not any(
                hold.start < stop and start < hold.stop for hold in proposal.hold_ids
            )
        ).session_id

    def _offer_instead(self, after, message):
        """Offer the next free times for a session that can't take place.

        :param datetime after: naive UTC, from when on the coach is there again
        :raise UserError: when there are none
        """
        self.ensure_one()
        starts = self._find_next_starts(after)
        if not starts:
            raise UserError(
                self.env._(
                    "%(coach)s is not free for %(session)s.",
                    coach=self.coach_id.name,
                    session=self.display_name,
                )
            )
        # they have just been found free, and are held by the constraint
        self._propose(starts, message, kind=ABSENT, tell=False, checked=True)
