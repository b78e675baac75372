from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers import portal

from ..base import COACH_URL, SESSIONS_URL


class CustomerPortal(portal.CustomerPortal):
    """Client and coach write to each other about a session (R43, R47)."""

    def _get_coaching_done(self, done):
        if done == "sent":
            return request.env._("Your message will be sent shortly.")
        return super()._get_coaching_done(done)

    def _prepare_coaching_session_values(self, attendance, tz, asked):
        return {
            **super()._prepare_coaching_session_values(attendance, tz, asked),
            "messages": attendance._prepare_portal_talks(tz)[attendance.id],
        }

    def _prepare_coaching_close_out_values(self, session, tz, asked):
        return {
            **super()._prepare_coaching_close_out_values(session, tz, asked),
            "message_sent": asked.get("sent"),
        }

    @http.route(
        f"{SESSIONS_URL}/<int:session_id>/message",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_my_coaching_session_message(self, session_id, body="", **kw):
        """Write to the coach about a session (R47)."""

        def send(attendance):
            attendance.action_send_message(str(body or ""))
            return "sent"

        return self._act_on_coaching_session(session_id, "message", send, body=body)

    @http.route(
        f"{COACH_URL}/<int:session_id>/message",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_my_coaching_coach_message(
        self, session_id, attendance_id=None, body="", **kw
    ):
        """Write to a client about a session that the user holds (R43)."""
        session = self._find_coaching_session(session_id)
        attendance = self._choose_coaching_client(session.attendance_ids, attendance_id)
        if not attendance:
            return request.redirect("/my")

        def send():
            attendance.action_send_message(str(body or ""))
            return request.redirect(
                f"{COACH_URL}/{session.id}?sent={attendance.id}#client-{attendance.id}"
            )

        return self._try_coaching(
            send,
            lambda error: self._render_coaching_close_out(
                session,
                {"client": attendance_id},
                message_error=error,
                message_typed={"id": attendance.id, "body": body},
            ),
        )
