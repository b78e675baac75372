from odoo import models


class CoachingSeriesGap(models.Model):
    """A time of a series without a session, as its coach reads it."""

    _inherit = "coaching.series.gap"

    def _get_portal_state(self):
        """Return label and badge colour."""
        self.ensure_one()
        if self.kind == "skipped":
            return {"label": self.env._("Skipped"), "badge": "muted"}
        if self.state == "ignored":
            return {"label": self.env._("Left out"), "badge": "muted"}
        if self.kind == "paused":
            return {"label": self.env._("Paused"), "badge": "warning"}
        return {"label": self.env._("Not booked"), "badge": "warning"}

    def _prepare_portal_row(self, tz):
        """Return what the series card shows of it.

        :param str tz: zone of the reader
        """
        self.ensure_one()
        return {
            "url": "",
            "current": False,
            "time": self.env["coaching.session"]._describe_time(
                self.start, self.stop, tz
            ),
            "state": self._get_portal_state(),
            "reason": self.reason,
        }
