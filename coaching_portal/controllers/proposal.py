from datetime import date

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.coaching_sessions.tools.arguments import is_reasonable
from odoo.addons.portal.controllers import portal

from .client import SESSIONS_URL
from .coach import COACH_URL

PROPOSALS_URL = "/my/coaching/proposals"


class CustomerPortal(portal.CustomerPortal):
    """Asking for another time, offering some, and answering (R51, R99-R101)."""

    def _get_coaching_done(self, done):
        if done == "asked":
            return request.env._(
                "Your coach is asked. Until there is an answer, your session stays"
                " where it is."
            )
        return super()._get_coaching_done(done)

    def _get_coaching_counters(self):
        return {
            **super()._get_coaching_counters(),
            "coaching_proposal_count": (
                "coaching.proposal",
                self._get_coaching_to_answer_domain(),
                None,
            ),
        }

    def _get_coaching_to_answer_domain(self):
        """Return the proposals that wait for the user's answer."""
        asked = Domain("kind", "=", "ask")
        mine = (asked & self._get_coaching_coach_domain()) | (
            ~asked & self._get_coaching_client_domain()
        )
        now = request.env["coaching.session"]._now()
        return mine & Domain("state", "=", "open") & Domain("deadline", ">", now)

    def _get_coaching_to_answer(self, tz):
        """Return what waits for the user's answer, for the top of his lists."""
        proposals = request.env["coaching.proposal"]
        if not proposals.has_access("read"):
            return []
        domain = self._get_coaching_to_answer_domain()
        return proposals.search(domain, limit=10)._prepare_portal_rows(tz)

    def _prepare_coaching_layout_values(self, page_name, **values):
        if page_name in ("coaching_sessions", "coaching_coach"):
            values["to_answer"] = self._get_coaching_to_answer(self._get_coaching_tz())
        return super()._prepare_coaching_layout_values(page_name, **values)

    def _parse_coaching_day(self, value):
        """Return a day from the address bar, None for none that makes sense."""
        try:
            day = date.fromisoformat(str(value or ""))
        except ValueError:
            return None
        return day if is_reasonable(day) else None

    def _find_coaching_proposal(self, proposal_id):
        """Return a proposal of which the user is client or coach, or an empty one."""
        return self._find_coaching(
            "coaching.proposal",
            self._get_coaching_client_domain() | self._get_coaching_coach_domain(),
            proposal_id,
        )

    # === PAGES === #

    @http.route(
        PROPOSALS_URL,
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def portal_my_coaching_proposals(self, **kw):
        """What is open comes first, then the latest."""
        proposals = request.env["coaching.proposal"]
        if proposals.has_access("read"):
            mine = (
                self._get_coaching_client_domain() | self._get_coaching_coach_domain()
            )
            is_open = Domain("state", "=", "open")
            proposals = proposals.search(mine & is_open, limit=20)
            proposals |= proposals.search(mine & ~is_open, limit=20)
        rows = proposals._prepare_portal_rows(self._get_coaching_tz(proposals.coach_id))
        return request.render(
            "coaching_portal.portal_my_proposals",
            self._prepare_coaching_layout_values("coaching_proposals", proposals=rows),
        )

    @http.route(
        f"{PROPOSALS_URL}/<int:proposal_id>",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def portal_my_coaching_proposal(self, proposal_id, **kw):
        proposal = self._find_coaching_proposal(proposal_id)
        if not proposal:
            return request.redirect("/my")
        return self._render_coaching_proposal(proposal)

    def _render_coaching_proposal(self, proposal, **values):
        tz = self._get_coaching_tz(proposal.coach_id)
        (row,) = proposal._prepare_portal_rows(tz)
        return request.render(
            "coaching_portal.portal_my_proposal",
            self._prepare_coaching_layout_values(
                "coaching_proposal", proposal=row, **values
            ),
        )

    def _answer_coaching_proposal(self, proposal_id, answer, **typed):
        """Do something with a proposal as the user, and show what came of it."""
        proposal = self._find_coaching_proposal(proposal_id)
        if not proposal:
            return request.redirect("/my")
        try:
            with request.env.cr.savepoint():
                answer(proposal)
        except AccessError:
            return request.redirect("/my")
        except UserError as error:
            return self._render_coaching_proposal(
                proposal, error=str(error), typed=typed
            )
        return request.redirect(f"{PROPOSALS_URL}/{proposal_id}")

    @http.route(
        f"{PROPOSALS_URL}/<int:proposal_id>/accept",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_my_coaching_proposal_accept(
        self, proposal_id, start="", terms_accepted="", **kw
    ):
        """Take one of the times."""
        # the id of the terms that were shown; isdecimal: int() takes other digits too
        terms = str(terms_accepted)[:18]
        terms = int(terms) if terms.isdecimal() else False
        return self._answer_coaching_proposal(
            proposal_id,
            lambda proposal: proposal.action_accept(
                str(start or ""), terms_accepted=terms
            ),
        )

    @http.route(
        f"{PROPOSALS_URL}/<int:proposal_id>/decline",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_my_coaching_proposal_decline(self, proposal_id, reason="", **kw):
        """Take none of them."""
        reason = str(reason or "").strip()
        return self._answer_coaching_proposal(
            proposal_id, lambda proposal: proposal.action_refuse(reason), reason=reason
        )

    @http.route(
        f"{PROPOSALS_URL}/<int:proposal_id>/withdraw",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_my_coaching_proposal_withdraw(self, proposal_id, **kw):
        """Take back what the user proposed."""
        return self._answer_coaching_proposal(
            proposal_id, lambda proposal: proposal.action_withdraw()
        )

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
        """Choose times to offer to the client of a session that the user gives."""
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
        try:
            with request.env.cr.savepoint():
                proposal = session.action_propose(starts, message)
        except AccessError:
            return request.redirect("/my")
        except UserError as error:
            return self._render_coaching_offer(
                session, day, error=str(error), typed=message, chosen=starts
            )
        return request.redirect(f"{PROPOSALS_URL}/{proposal.id}")
