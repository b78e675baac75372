import pytz

from odoo import http
from odoo.http import request

from odoo.addons.coaching_sessions.tools.local_time import format_zone
from odoo.addons.portal.controllers import portal


class CustomerPortal(portal.CustomerPortal):
    """The zone that a reader wants to read times in (R83)."""

    def _prepare_coaching_zone_values(self, tz):
        """Return what ``coaching_portal.timezone`` shows, and chooses from."""
        return {
            "tz": tz,
            "tz_label": format_zone(tz),
            "zones": pytz.common_timezones,
        }

    @http.route(
        "/my/coaching/timezone",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def portal_my_coaching_timezone(self, tz="", next="", **kw):
        """Keep the zone that the user wants to read times in (R83)."""
        if tz in pytz.common_timezones_set:
            # users may write this field of their own
            request.env.user.tz = tz
        return request.redirect(self._get_coaching_local_url(next))
