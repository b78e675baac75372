from odoo import http
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers import portal

PROPOSALS_URL = "/my/coaching/proposals"


class CustomerPortal(portal.CustomerPortal):
    """What was proposed, and answering it (R51, R99-R101)."""

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
        """Return what waits for the user's answer, for the top of their lists."""
        proposals = self._search_coaching(
            "coaching.proposal", self._get_coaching_to_answer_domain(), limit=10
        )
        return proposals._prepare_portal_rows(tz)

    def _prepare_coaching_layout_values(self, page_name, **values):
        if page_name in ("coaching_sessions", "coaching_coach"):
            values["to_answer"] = self._get_coaching_to_answer(self._get_coaching_tz())
        return super()._prepare_coaching_layout_values(page_name, **values)

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
        mine = self._get_coaching_client_domain() | self._get_coaching_coach_domain()
        is_open = Domain("state", "=", "open")
        proposals = self._search_coaching(
            "coaching.proposal", mine & is_open, limit=20
        ) | self._search_coaching("coaching.proposal", mine & ~is_open, limit=20)
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

    # === ANSWERING === #

    def _answer_coaching_proposal(self, proposal_id, answer, **typed):
        """Do something with a proposal as the user, and show what came of it."""
        proposal = self._find_coaching_proposal(proposal_id)
        if not proposal:
            return request.redirect("/my")

        def do():
            answer(proposal)
            return request.redirect(f"{PROPOSALS_URL}/{proposal_id}")

        return self._try_coaching(
            do,
            lambda error: self._render_coaching_proposal(
                proposal, error=error, typed=typed
            ),
        )

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
        # the id of the terms that were shown
        terms = self._parse_coaching_id(terms_accepted) or False
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
