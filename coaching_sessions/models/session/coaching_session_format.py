from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime, format_time

from ...tools.arguments import parse_time


class CoachingSession(models.Model):
    """Times as callers pass them, and as people read them."""

    _inherit = "coaching.session"

    @api.model
    def _parse_time(self, value, required=True):
        """Return a naive UTC datetime from what a caller gave.

        :raise UserError: when it is none, or carries a time zone
        """
        moment = parse_time(self.env, value)
        if required and not moment:
            raise UserError(
                self.env._("Enter the start in UTC, such as 2027-01-04 09:00:00.")
            )
        return moment

    @api.model
    def _format_time(self, moment, tz=None):
        """Return a naive UTC datetime as the user reads it.

        :param str tz: zone to tell it in, the user's by default
        """
        tz = tz or self.env.context.get("tz") or self.env.user.tz or "UTC"
        day = format_datetime(self.env, moment, tz=tz, dt_format="EEE d MMM y")
        return f"{day}, {format_time(self.env, moment, tz=tz, time_format='short')}"
