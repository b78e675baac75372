import contextlib

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

CONFIRM_URL = "/coaching/confirm/<int:attendance_id>/<int:when>/<string:token>"
HEADERS = {
    "X-Robots-Tag": "noindex, nofollow",
    # the address is a secret: neither kept nor told to the pages linked to
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


class CoachingReconfirm(http.Controller):
    """“Yes, I will come”: a link in the reminder, without signing in (rank 26).

    Opening it changes nothing: email programs and virus scanners open links, too.
    """

    @http.route(
        CONFIRM_URL,
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
        readonly=True,
    )
    def coaching_reconfirm(self, attendance_id, when, token, **kw):
        attendance = self._find_coaching_attendance(attendance_id, when, token)
        if not attendance:
            return request.not_found()
        row = attendance._prepare_reconfirm_values(when)
        request.update_context(lang=row["lang"])
        response = request.render("coaching_portal.reconfirm", {"row": row})
        response.headers.update(HEADERS)
        return response

    @http.route(
        CONFIRM_URL,
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def coaching_reconfirm_yes(self, attendance_id, when, token, **kw):
        attendance = self._find_coaching_attendance(attendance_id, when, token)
        if not attendance:
            return request.not_found()
        if attendance._get_reconfirm_time() == when:
            # it may have begun or been cancelled meanwhile: the page says so
            with contextlib.suppress(UserError):
                attendance._reconfirm()
        return request.redirect(request.httprequest.path)

    def _find_coaching_attendance(self, attendance_id, when, token):
        return request.env["coaching.attendance"]._find_by_reconfirm_token(
            attendance_id, when, token
        )
