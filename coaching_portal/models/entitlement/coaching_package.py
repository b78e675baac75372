from odoo import fields, models
from odoo.tools.misc import format_amount

STATE_BADGES = {
    "active": "success",
    "exhausted": "muted",
    "expired": "warning",
    "cancelled": "muted",
}


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
            "left": self._describe_left(),
            "start": self._get_portal_start(),
            "expires_soon": self.expires_soon,
            "expiry": self.env["coaching.session"]._format_day(self.expiry_date),
        }

    def _prepare_portal_rows(self):
        """Return what a client reads of their packages (R120)."""
        states = dict(self._fields["state"]._description_selection(self.env))
        reader = self.env.user.partner_id
        rows = []
        # sudo: found by the client's own rules; the order line and the product are
        # read for price and name of what was bought
        for package in self.sudo():
            rows.append(
                {
                    **package._prepare_portal_badge(),
                    "state": {
                        "label": states[package.state],
                        "badge": STATE_BADGES[package.state],
                    },
                    "active": package.state == "active",
                    "unit": package.unit,
                    "remaining": package.remaining,
                    "granted": package.granted,
                    "taken": package.sessions_taken,
                    "used": package.used,
                    "held": package.held,
                    "expired": package.expired,
                    "refunded": package.refunded,
                    "purchased": self.env["coaching.session"]._format_day(
                        package.purchase_date
                    ),
                    "price": package._get_portal_price(reader),
                    "owner": package.partner_id != reader and package.partner_id.name,
                    "people": package._get_portal_people(reader),
                    "days_left": package._get_portal_days_left(),
                    "used_percent": package._get_share(package.used),
                    "held_percent": package._get_share(package.held),
                    "remaining_percent": package._get_share(package.remaining),
                }
            )
        return rows

    def _get_portal_start(self):
        """Return the first day while it is to come, else nothing."""
        self.ensure_one()
        begun = not self.start_date or self.start_date <= fields.Date.context_today(
            self
        )
        return (
            "" if begun else self.env["coaching.session"]._format_day(self.start_date)
        )

    def _get_portal_days_left(self):
        """Return the days until the last one when it is near, else None (R121)."""
        self.ensure_one()
        if not self.expires_soon:
            return None
        return (self.expiry_date - fields.Date.context_today(self)).days

    def _get_portal_price(self, reader):
        """Return what a package cost, to whoever bought it."""
        self.ensure_one()
        if not self.sale_line_id or self.partner_id != reader:
            return ""
        return format_amount(self.env, self.price_total, self.currency_id)

    def _get_portal_people(self, reader):
        """Return who else can book with a package, to whoever owns it."""
        self.ensure_one()
        if self.sharing == "none" or self.partner_id != reader:
            return ""
        names = self.member_ids.mapped("name")
        if self.sharing == "household":
            household = self.partner_id.commercial_partner_id.name
            names = [
                self.env._("everyone in %(household)s", household=household),
                *names,
            ]
        return ", ".join(names)

    def _get_share(self, count):
        """Return a number of sessions as a percentage of the whole package."""
        self.ensure_one()
        return round(100 * count / self.granted) if self.granted else 0
