from odoo import http
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers import portal

from ..base import SESSIONS_URL


class CustomerPortal(portal.CustomerPortal):
    """A session for the client's own calendar (R102)."""

    @http.route(
        f"{SESSIONS_URL}/<int:session_id>/session.ics",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_my_coaching_session_ics(self, session_id, **kw):
        attendance = self._find_coaching_attendance(session_id)
        if not attendance or not attendance._is_blocking():
            return request.redirect("/my")
        # sudo: the client's own session; the entry names only client and coach
        content = attendance.sudo()._get_ics("PUBLISH")
        return request.make_response(
            content,
            headers=[
                ("Content-Type", "text/calendar; charset=utf-8"),
                ("Content-Disposition", content_disposition("session.ics")),
            ],
        )
