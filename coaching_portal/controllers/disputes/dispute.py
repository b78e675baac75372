from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers import portal

from ..base import SESSIONS_URL


class CustomerPortal(portal.CustomerPortal):
    """Saying that the outcome is wrong, or that the coach did not attend."""

    def _get_coaching_done(self, done):
        known = {
            "disputed": request.env._(
                "Thank you. We will look into it and write to you."
            ),
            "withdrawn": request.env._("You have withdrawn it."),
        }
        return known.get(done) or super()._get_coaching_done(done)

    def _prepare_coaching_session_values(self, attendance, tz, asked):
        return {
            **super()._prepare_coaching_session_values(attendance, tz, asked),
            "objection": attendance._prepare_portal_dispute(tz),
        }

    @http.route(
        f"{SESSIONS_URL}/<int:session_id>/dispute",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_my_coaching_session_dispute(
        self, session_id, claim="", outcome_code="", **kw
    ):
        """Dispute the outcome (rank 13)."""

        def dispute(attendance):
            attendance.action_dispute(str(claim or ""), str(outcome_code or ""))
            return "disputed"

        return self._act_on_coaching_session(
            session_id, "dispute", dispute, claim=claim, outcome_code=outcome_code
        )

    @http.route(
        f"{SESSIONS_URL}/<int:session_id>/report",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_my_coaching_session_report(self, session_id, note="", **kw):
        """Report that the coach did not attend (rank 15)."""

        def report(attendance):
            attendance.action_report_coach_no_show(str(note or ""))
            return "disputed"

        return self._act_on_coaching_session(session_id, "report", report, note=note)

    @http.route(
        f"{SESSIONS_URL}/<int:session_id>/withdraw",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_my_coaching_session_withdraw(self, session_id, **kw):
        """Take back what is disputed at the moment."""

        def withdraw(attendance):
            attendance.dispute_ids.filtered(
                lambda dispute: dispute.state == "open"
            ).action_withdraw()
            return "withdrawn"

        return self._act_on_coaching_session(session_id, "withdraw", withdraw)
