from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers import portal

from ..base import COACH_URL, SESSIONS_URL
from .proposal import PROPOSALS_URL


class CustomerPortal(portal.CustomerPortal):
    """A client asks for another time, a coach offers some (R51, R99-R101)."""

    def _get_coaching_done(self, done):
        if done == "asked":
            return request.env._(
                "Your coach has been asked. Until there is an answer, your session"
                " keeps its time."
            )
        return super()._get_coaching_done(done)

    def _prepare_coaching_session_values(self, attendance, tz, asked):
        proposals = attendance._get_open_proposals()
        return {
            **super()._prepare_coaching_session_values(attendance, tz, asked),
            "proposals": proposals._prepare_portal_rows(tz),
        }

    def _prepare_coaching_close_out_values(self, session, tz, asked):
        proposals = session._get_open_proposals()
        return {
            **super()._prepare_coaching_close_out_values(session, tz, asked),
            "proposals": proposals._prepare_portal_rows(tz),
        }

    @http.route(
        f"{SESSIONS_URL}/<int:session_id>/ask",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_my_coaching_session_ask(self, session_id, slot="", reason="", **kw):
        """Ask the coach to move the user's own session (R51)."""

        def ask(attendance):
            attendance.session_id.action_ask_reschedule(
                str(slot or ""), str(reason or "").strip()
            )
            return "asked"

        return self._act_on_coaching_session(
            session_id, "move", ask, start="", slot=slot, reason=reason
        )

    # === OFFERING === #

    @http.route(
        f"{COACH_URL}/<int:session_id>/offer",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def portal_my_coaching_coach_offer(self, session_id, day=None, **kw):
        """Choose times to offer to the client of a session that the user holds."""
        session = self._find_coaching_session(session_id)
        if not session:
            return request.redirect("/my")
        return self._render_coaching_offer(session, day)

    def _render_coaching_offer(self, session, day=None, **values):
        tz = self._get_coaching_tz(session.coach_id)
        (row,) = session._prepare_portal_coach_rows(tz)
        return request.render(
            "coaching_portal.portal_coach_offer",
            self._prepare_coaching_layout_values(
                "coaching_close_out",
                row=row,
                offer=session._prepare_portal_slots(
                    tz, self._parse_coaching_day(day), apart=True
                ),
                **values,
            ),
        )

    @http.route(
        f"{COACH_URL}/<int:session_id>/propose",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_my_coaching_coach_propose(self, session_id, message="", day=None, **kw):
        """Offer the client other times (R99-R101)."""
        session = self._find_coaching_session(session_id)
        if not session:
            return request.redirect("/my")
        starts = request.httprequest.form.getlist("slot")
        message = str(message or "").strip()

        def propose():
            proposal = session.action_propose(starts, message)
            return request.redirect(f"{PROPOSALS_URL}/{proposal.id}")

        return self._try_coaching(
            propose,
            lambda error: self._render_coaching_offer(
                session, day, error=error, typed=message, chosen=starts
            ),
        )
