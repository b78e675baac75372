from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers import portal

from ..base import SESSIONS_URL


class CustomerPortal(portal.CustomerPortal):
    """How a client cancels a session (R6, R29)."""

    def _prepare_coaching_session_values(self, attendance, tz, asked):
        return {
            **super()._prepare_coaching_session_values(attendance, tz, asked),
            "cancellation": attendance._prepare_portal_cancellation(tz),
            "just_cancelled": asked.get("cancelled"),
        }

    @http.route(
        f"{SESSIONS_URL}/<int:session_id>/cancel",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_my_coaching_session_cancel(
        self, session_id, outcome_code="", reason="", **kw
    ):
        """Cancel the user's own place in a session, on the terms that were shown."""
        attendance = self._find_coaching_attendance(session_id)
        if not attendance:
            return request.redirect("/my")
        tz = self._get_coaching_tz(attendance.coach_id)
        cancellation = attendance._prepare_portal_cancellation(tz)
        if not cancellation:
            return request.redirect(f"{SESSIONS_URL}/{session_id}")
        if cancellation["outcome_code"] != outcome_code:
            return self._render_coaching_session(
                attendance,
                error=request.env._(
                    "The cancellation terms have changed while this page was open."
                    " Please review the result before you confirm."
                ),
                reason=reason,
            )

        def cancel():
            attendance.session_id.action_cancel(reason=str(reason or "").strip())
            return request.redirect(f"{SESSIONS_URL}/{session_id}?cancelled=1")

        return self._try_coaching(
            cancel,
            lambda error: self._render_coaching_session(
                attendance, error=error, reason=reason
            ),
        )
