from datetime import time

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_time, posix_to_ldml
from odoo.tools.misc import babel_locale_parse, get_lang

from ...tools.arguments import parse_time
from ...tools.local_time import format_city, to_local


class CoachingSession(models.Model):
    """Times as callers pass them, and as people read them.

    The one place that says how times look in sentences, dialogs and emails: as set on
    the reader's language, without seconds.
    """

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
        """Return a moment as the reader writes it: weekday, date and time.

        :param datetime moment: naive UTC
        :param str tz: time zone of the reader, the user's by default
        :return: text, empty for no moment
        """
        if not moment:
            return ""
        tz = tz or self.env.context.get("tz") or self.env.user.tz or "UTC"
        local = to_local(moment, tz)
        clock = self._format_clock(local.hour * 60 + local.minute)
        return f"{self._format_weekday(local.date())}, {clock}"

    @api.model
    def _format_weekday(self, day):
        """Return a date as the reader writes it, after its weekday."""
        weekday = format_date(self.env, day, date_format="EEE")
        return f"{weekday} {format_date(self.env, day)}"

    @api.model
    def _format_zone(self, tz):
        """Return a time zone as people call it, by its city: “New York”."""
        return format_city(tz, babel_locale_parse(get_lang(self.env).code))

    @api.model
    def _format_clock(self, minutes):
        """Return a time of day as the reader writes it.

        :param int minutes: after midnight, local time
        """
        hour, minute = divmod(minutes, 60)
        language = get_lang(self.env)
        pattern = posix_to_ldml(
            language.time_format, locale=babel_locale_parse(language.code)
        )
        return format_time(
            self.env,
            time(hour % 24, minute),
            time_format=pattern.replace(":ss", ""),
        )
