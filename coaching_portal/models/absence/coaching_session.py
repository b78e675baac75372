from odoo import models


class CoachingSession(models.Model):
    """A session whose coach is about to be away."""

    _inherit = "coaching.session"

    def _prepare_portal_absence_row(self, tz, offer, chosen):
        """Return the session with what becomes of it.

        Whole days are days of the coach's zone. A user who reads their list in another
        zone is told that time, too.

        :param str tz: zone of the coach
        :param bool offer: whether other times are offered where that can be
        :param bool chosen: whether its client chooses among other times already
        """
        self.ensure_one()
        if offer and chosen:
            label, badge = self.env._("Offered already"), "info"
        elif offer and self.seats == 1:
            label, badge = self.env._("Other times"), "info"
        else:
            label, badge = self.env._("Cancelled"), "muted"
        note, reader_tz = "", self.env.user.tz or tz
        if reader_tz != tz:
            note = self.env._(
                "%(moment)s, local time in %(zone)s",
                moment=self._prepare_portal_moment(self.start, reader_tz),
                zone=self._format_zone(reader_tz),
            )
        row = self._prepare_portal_plan_row(
            self.start, self.stop, tz, label, badge, note
        )
        return {**row, "who": self.client_names or self.booking_type_id.name}
