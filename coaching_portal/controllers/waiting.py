from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from odoo.addons.portal.controllers import portal

WAITING_URL = "/my/coaching/waiting"
# more than anybody's page needs
MAX_ROWS = 50


class CustomerPortal(portal.CustomerPortal):
    """What a client waits for, and joining and leaving the list (rank 20)."""

    def _render_coaching_waiting(self, **values):
        waiting = request.env["coaching.waiting"]
        entries = waiting
        if waiting.has_access("read"):
            entries = waiting.search(
                self._get_coaching_client_domain(), order="id desc", limit=MAX_ROWS
            )
        return request.render(
            "coaching_portal.portal_my_waiting",
            self._prepare_coaching_layout_values(
                "coaching_waiting",
                rows=entries._prepare_portal_rows(),
                choices=waiting._prepare_portal_choices(),
                tz=self._get_coaching_tz().replace("_", " "),
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
        # who found no time to book comes with what he looked for
        typed = {"type": str(type), "coach": str(coach)} if type else None
        return self._render_coaching_waiting(joined=joined, typed=typed)

    @http.route(
        f"{WAITING_URL}/join", type="http", auth="user", methods=["POST"], website=True
    )
    def portal_my_coaching_waiting_join(self, **post):
        """Put the user on the waiting list; what he typed stays when it is refused."""
        weekdays = request.httprequest.form.getlist("weekdays")
        try:
            with request.env.cr.savepoint():
                request.env["coaching.waiting"].join(
                    {
                        "booking_type_id": self._read_coaching_id(post, "type"),
                        "coach_id": self._read_coaching_id(post, "coach"),
                        "date_from": str(post.get("date_from") or ""),
                        "date_to": str(post.get("date_to") or ""),
                        "weekdays": [int(d) for d in weekdays if d in set("0123456")],
                        "hour_from": self._read_coaching_hour(post.get("hour_from")),
                        "hour_to": self._read_coaching_hour(post.get("hour_to")),
                    }
                )
        except AccessError:
            return request.redirect("/my")
        except UserError as error:
            return self._render_coaching_waiting(
                error=str(error), typed={**post, "weekdays": weekdays}
            )
        return request.redirect(f"{WAITING_URL}?joined=1")

    def _read_coaching_id(self, post, name):
        """Return an id of the form, 0 for none; isdecimal: int() takes other digits."""
        value = str(post.get(name) or "")[:10]
        return int(value) if value.isdecimal() else 0

    def _read_coaching_hour(self, value):
        """Return what an input of type time says as hours, None for nothing.

        :raise UserError: for what is no time
        """
        if not value:
            return None
        hour, _colon, minute = str(value)[:5].partition(":")
        if not (hour.isdecimal() and minute.isdecimal()):
            raise UserError(request.env._("Choose hours from 0 to 24."))
        return int(hour) + int(minute) / 60

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
        try:
            with request.env.cr.savepoint():
                entry.action_leave()
        except AccessError:
            return request.redirect("/my")
        except UserError as error:
            return self._render_coaching_waiting(error=str(error))
        return request.redirect(WAITING_URL)
