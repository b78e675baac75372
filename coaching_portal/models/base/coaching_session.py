from odoo import models
from odoo.tools import format_date
from odoo.tools.misc import babel_locale_parse, get_lang

from odoo.addons.coaching_sessions.tools.local_time import (
    describe_span,
    format_city,
    format_span,
    to_local,
)


class CoachingSession(models.Model):
    """Days, times and numbers in the reader's words: templates never get records."""

    _inherit = "coaching.session"

    def _format_day(self, day):
        """Return a date in the reader's format, nothing for none."""
        return format_date(self.env, day) if day else ""

    def _describe_time(self, start, stop, tz):
        """Return the parts of a time in the reader's zone, language and formats.

        See ``describe_span``; short dates and clocks are as in sentences and emails.
        """
        locale = babel_locale_parse(get_lang(self.env).code)
        begin, end = to_local(start, tz), to_local(stop, tz)
        hours = [
            self._format_clock(moment.hour * 60 + moment.minute)
            for moment in (begin, end)
        ]
        return {
            **describe_span(start, stop, tz, locale),
            "short_date": self._format_day(begin.date()),
            "start": hours[0],
            "stop": hours[1],
            "time": format_span(*hours),
            "zone": format_city(tz, locale),
        }

    def _prepare_portal_moment(self, moment, tz, full=False):
        """Return a moment as text: day and time in the reader's zone.

        :param datetime moment: naive UTC
        :param str tz: zone of the reader
        :param bool full: with the weekday, and the month in full
        """
        parts = self._describe_time(moment, moment, tz)
        return f"{parts['date' if full else 'short_date']}, {parts['start']}"

    def _count_portal_sessions(self, count):
        """Return a number of sessions in words."""
        if count == 1:
            return self.env._("one session")
        return self.env._("%(count)s sessions", count=count)

    def _prepare_portal_plan_row(self, start, stop, tz, label, badge, note=""):
        """Return a time of a plan: of what is shown before anything is done."""
        return {
            "time": self._describe_time(start, stop, tz),
            "state": {"label": label, "badge": badge},
            "note": note,
        }
