from odoo import http
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers import portal

PACKAGES_URL = "/my/coaching/packages"


class CustomerPortal(portal.CustomerPortal):
    """A client's packages and make-ups (R118-R120)."""

    @http.route(
        [PACKAGES_URL, f"{PACKAGES_URL}/page/<int:page>"],
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def portal_my_coaching_packages(self, page=1, **kw):
        client = self._get_coaching_client_domain()
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
        makeups = request.env["coaching.makeup"]
        if makeups.has_access("read"):
            makeups = makeups.search(
                client & makeups._get_portal_domain(),
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
            tz=tz.replace("_", " "),
        )
        return request.render("coaching_portal.portal_my_package", values)
