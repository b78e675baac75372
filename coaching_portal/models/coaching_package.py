from odoo import fields, models
from odoo.tools.misc import format_amount

STATE_BADGES = {
    "active": "success",
    "exhausted": "muted",
    "expired": "warning",
    "cancelled": "muted",
}
# Days before the last one from which a client is reminded of it.
EXPIRY_NOTICE = 21


class CoachingPackage(models.Model):
    _inherit = "coaching.package"

    def _prepare_portal_badge(self):
        """Return what a session's page says of the package (R118, R119)."""
        if not self:
            return {}
        self.ensure_one()
        return {
            "url": f"/my/coaching/packages/{self.id}",
            "name": self.product_id.name or self.name,
            "number": self.name,
            "remaining": self.remaining,
            "granted": self.granted,
            "expiry": self.env["coaching.session"]._format_day(self.expiry_date),
        }

    def _prepare_portal_rows(self):
        """Return what a client reads of his packages (R120)."""
        states = dict(self._fields["state"]._description_selection(self.env))
        today = fields.Date.context_today(self)
        rows = []
        # sudo: found by the client's own rules; the order line and the product are
        # read for price and name of what he bought
        for package in self.sudo():
            expiry = package.expiry_date
            days_left = (expiry - today).days if expiry else None
            rows.append(
                {
                    **package._prepare_portal_badge(),
                    "state": {
                        "label": states[package.state],
                        "badge": STATE_BADGES[package.state],
                    },
                    "active": package.state == "active",
                    "used": package.used,
                    "held": package.held,
                    "expired": package.expired,
                    "refunded": package.refunded,
                    "purchased": self.env["coaching.session"]._format_day(
                        package.purchase_date
                    ),
                    "price": format_amount(
                        self.env, package.price_total, package.currency_id
                    )
                    if package.sale_line_id
                    else "",
                    "days_left": days_left
                    if package.state == "active"
                    and package.remaining
                    and days_left is not None
                    and days_left <= EXPIRY_NOTICE
                    else None,
                    "used_percent": package._get_share(package.used),
                    "held_percent": package._get_share(package.held),
                    "remaining_percent": package._get_share(package.remaining),
                }
            )
        return rows

    def _get_share(self, count):
        """Return a number of sessions as a percentage of the whole package."""
        self.ensure_one()
        return round(100 * count / self.granted) if self.granted else 0
