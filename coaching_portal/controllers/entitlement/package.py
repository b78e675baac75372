from odoo import http
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers import portal

PACKAGES_URL = "/my/coaching/packages"


class CustomerPortal(portal.CustomerPortal):
    """A client's packages and make-ups (R118-R120)."""

    def _get_coaching_counters(self):
        return {
            **super()._get_coaching_counters(),
            "coaching_package_count": (
                "coaching.package",
                self._get_coaching_package_domain(),
                1,
            ),
        }

    def _get_coaching_package_domain(self):
        """Return the packages the user may draw on, their own and shared ones."""
        return request.env["coaching.package"]._get_usable_domain(
            request.env.user.partner_id
        )

    def _get_coaching_makeup_domain(self):
        """Return the make-ups that the user can use."""
        usable = request.env["coaching.makeup"]._get_portal_domain()
        return self._get_coaching_client_domain() & usable

    def _prepare_coaching_layout_values(self, page_name, **values):
        if page_name == "coaching_sessions":
            values["makeup_count"] = self._count_coaching(
                "coaching.makeup", self._get_coaching_makeup_domain()
            )
        return super()._prepare_coaching_layout_values(page_name, **values)

    @http.route(
        [PACKAGES_URL, f"{PACKAGES_URL}/page/<int:page>"],
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def portal_my_coaching_packages(self, page=1, **kw):
        usable = self._get_coaching_package_domain()
        active = Domain("state", "in", ["active"])
        other = Domain("state", "in", ["exhausted", "expired", "cancelled"])
        packages, pager = self._get_coaching_page(
            "coaching.package",
            [
                (usable & active, "expiry_date NULLS LAST, id"),
                (usable & other, "purchase_date desc, id desc"),
            ],
            PACKAGES_URL,
            page,
        )
        makeups = self._search_coaching(
            "coaching.makeup",
            self._get_coaching_makeup_domain(),
            order="expiry_date NULLS LAST, id",
        )
        # sudo: the name of the coach's zone, for a reader who has none
        coach = makeups.sudo().attendance_id[:1].coach_id
        values = self._prepare_coaching_layout_values(
            "coaching_packages",
            rows=packages._prepare_portal_rows(),
            makeups=makeups._prepare_portal_rows(self._get_coaching_tz(coach)),
            pager=pager,
        )
        return request.render("coaching_portal.portal_my_packages", values)

    @http.route(
        f"{PACKAGES_URL}/<int:package_id>",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def portal_my_coaching_package(self, package_id, **kw):
        package = self._find_coaching(
            "coaching.package", self._get_coaching_package_domain(), package_id
        )
        if not package:
            return request.redirect("/my")
        (row,) = package._prepare_portal_rows()
        # sudo: the name of the coach's zone, for a reader who has none
        coach = package.sudo().attendance_ids[:1].coach_id
        tz = self._get_coaching_tz(coach)
        values = self._prepare_coaching_layout_values(
            "coaching_package",
            row=row,
            lines=package.move_ids._prepare_portal_rows(tz),
            tz=request.env["coaching.session"]._format_zone(tz),
        )
        return request.render("coaching_portal.portal_my_package", values)
