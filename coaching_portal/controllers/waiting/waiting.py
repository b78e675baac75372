from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers import portal

WAITING_URL = "/my/coaching/waiting"
# more than anybody's page needs
MAX_ROWS = 50


class CustomerPortal(portal.CustomerPortal):
    """What a client waits for, and joining and leaving the list (rank 20)."""

    def _render_coaching_waiting(self, **values):
        entries = self._search_coaching(
            "coaching.waiting",
            self._get_coaching_client_domain(),
            order="id desc",
            limit=MAX_ROWS,
        )
        return request.render(
            "coaching_portal.portal_my_waiting",
            self._prepare_coaching_layout_values(
                "coaching_waiting",
                rows=entries._prepare_portal_rows(),
                choices=entries._prepare_portal_choices(),
                tz=request.env["coaching.session"]._format_zone(
                    self._get_coaching_tz()
                ),
                **values,
            ),
        )

    @http.route(
        WAITING_URL,
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def portal_my_coaching_waiting(self, joined=None, type="", coach="", **kw):
        # who found no time to book comes with what they looked for
        typed = {"type": str(type), "coach": str(coach)} if type else None
        return self._render_coaching_waiting(joined=joined, typed=typed)

    @http.route(
        f"{WAITING_URL}/join", type="http", auth="user", methods=["POST"], website=True
    )
    def portal_my_coaching_waiting_join(self, **post):
        """Put the user on the waiting list; what was typed stays when it is refused."""
        weekdays = request.httprequest.form.getlist("weekdays")

        def join():
            request.env["coaching.waiting"].join(
                {
                    "booking_type_id": self._parse_coaching_id(post.get("type")),
                    "coach_id": self._parse_coaching_id(post.get("coach")),
                    "date_from": str(post.get("date_from") or ""),
                    "date_to": str(post.get("date_to") or ""),
                    "weekdays": [int(d) for d in weekdays if d in set("0123456")],
                    "hour_from": self._parse_coaching_hour(post.get("hour_from")),
                    "hour_to": self._parse_coaching_hour(post.get("hour_to")),
                }
            )
            return request.redirect(f"{WAITING_URL}?joined=1")

        return self._try_coaching(
            join,
            lambda error: self._render_coaching_waiting(
                error=error, typed={**post, "weekdays": weekdays}
            ),
        )

    @http.route(
        f"{WAITING_URL}/<int:entry_id>/leave",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_my_coaching_waiting_leave(self, entry_id, **kw):
        entry = self._find_coaching(
            "coaching.waiting", self._get_coaching_client_domain(), entry_id
        )
        if not entry:
            return request.redirect("/my")

        def leave():
            entry.action_leave()
            return request.redirect(WAITING_URL)

        return self._try_coaching(
            leave, lambda error: self._render_coaching_waiting(error=error)
        )
