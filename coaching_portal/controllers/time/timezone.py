from collections import defaultdict

import pytz

from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers import portal


class CustomerPortal(portal.CustomerPortal):
    """The zone that a reader wants to read times in (R83)."""

    def _prepare_coaching_zone_values(self, tz):
        """Return what ``coaching_portal.timezone`` shows, and chooses from."""
        return {
            "tz": tz,
            "tz_label": request.env["coaching.session"]._format_zone(tz),
            "zones": self._prepare_coaching_zones(),
        }

    def _prepare_coaching_zones(self):
        """Return all zones by region, each by its city in the reader's language."""
        regions = defaultdict(list)
        for zone in pytz.common_timezones:
            region = zone.partition("/")[0] if "/" in zone else request.env._("Other")
            label = request.env["coaching.session"]._format_zone(zone)
            regions[region].append({"value": zone, "label": label})
        return [
            {"label": region, "zones": sorted(zones, key=lambda zone: zone["label"])}
            for region, zones in regions.items()
        ]

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
