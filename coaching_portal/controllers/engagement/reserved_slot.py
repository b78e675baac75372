from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers import portal

from ..base import COACH_URL


class CustomerPortal(portal.CustomerPortal):
    """The reserved slot that closing out has removed (R64)."""

    @http.route(
        f"{COACH_URL}/<int:session_id>/restore",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_my_coaching_coach_restore(self, session_id, **kw):
        """Put back the reserved slot that closing out has removed (R64)."""
        session = self._find_coaching_session(session_id)
        if not session:
            return request.redirect("/my")

        def restore():
            session.action_restore_slot()
            return request.redirect(f"{COACH_URL}?saved={session.id}")

        return self._try_coaching(
            restore, lambda error: self._render_coaching_close_out(session, error=error)
        )
