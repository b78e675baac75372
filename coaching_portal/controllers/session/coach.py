from odoo import http
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers import portal

from ..base import COACH_URL


class CustomerPortal(portal.CustomerPortal):
    """The list of the sessions a coach holds (R11, R31, R32)."""

    def _get_coaching_counters(self):
        coach = self._get_coaching_coach_domain()
        return {
            **super()._get_coaching_counters(),
            "coaching_awaiting_count": (
                "coaching.session",
                coach & Domain("awaiting_update", "=", True),
                None,
            ),
            "coaching_coach_count": (
                "coaching.coach",
                Domain("user_id", "=", request.env.uid),
                1,
            ),
        }

    def _get_coaching_coach_filters(self):
        return {
            "all": {"label": request.env._("All")},
            "awaiting": {"label": request.env._("To close out")},
            "upcoming": {"label": request.env._("Upcoming")},
            "past": {"label": request.env._("Closed")},
        }

    def _get_coaching_coach_segments(self, filterby):
        """Return what the coach's list is made of, see ``_get_coaching_page``."""
        coach = self._get_coaching_coach_domain()
        segments = {
            "awaiting": (coach & Domain("awaiting_update", "=", True), "stop, id"),
            "upcoming": (coach & self._get_coaching_upcoming_domain(), "start, id"),
            "past": (coach & Domain("state", "!=", "scheduled"), "start desc, id desc"),
        }
        if filterby in segments:
            return [segments[filterby]]
        return list(segments.values())

    def _prepare_coaching_coach_values(self, tz, asked):
        """Return what the coach's list says above it; a hook.

        :param str tz: zone of the reader
        :param dict asked: what the address bar says, unchecked
        """
        return {}

    @http.route(
        [COACH_URL, f"{COACH_URL}/page/<int:page>"],
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def portal_my_coaching_coach(self, page=1, filterby=None, **asked):
        if not self._is_coaching_coach():
            return request.redirect("/my")
        filters = self._get_coaching_coach_filters()
        filterby = self._choose_coaching(filterby, filters)
        sessions, pager = self._get_coaching_page(
            "coaching.session",
            self._get_coaching_coach_segments(filterby),
            COACH_URL,
            page,
            {"filterby": filterby},
        )
        tz = self._get_coaching_tz(sessions.coach_id)
        values = self._prepare_coaching_layout_values(
            "coaching_coach",
            rows=sessions._prepare_portal_coach_rows(tz),
            awaiting_count=self._count_coaching(
                "coaching.session",
                self._get_coaching_coach_domain()
                & Domain("awaiting_update", "=", True),
            ),
            tz=request.env["coaching.session"]._format_zone(tz),
            pager=pager,
            default_url=COACH_URL,
            searchbar_filters=filters,
            filterby=filterby,
            **self._prepare_coaching_coach_values(tz, asked),
        )
        return request.render("coaching_portal.portal_coach_sessions", values)

    @http.route(
        f"{COACH_URL}/confirm/<int:session_id>",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def portal_my_coaching_coach_confirm(self, session_id, **kw):
        """Land at the card of a session, on whatever page of the list it is (R13).

        An address of its own: what follows a # gets lost while signing in.
        """
        session = self._find_coaching_session(session_id)
        if not session:
            return request.redirect("/my")
        upcoming = session.state == "scheduled" and not session.awaiting_update
        filterby = "upcoming" if upcoming else "all"
        return request.redirect(
            self._get_coaching_page_url(
                session,
                self._get_coaching_coach_segments(filterby),
                COACH_URL,
                filterby,
            )
        )

    def _is_coaching_coach(self):
        return bool(
            self._count_coaching(
                "coaching.coach", Domain("user_id", "=", request.env.uid), 1
            )
        )

    def _find_coaching_session(self, session_id):
        """Return a session that the user holds, or an empty one."""
        return self._find_coaching(
            "coaching.session",
            self._get_coaching_coach_domain(),
            self._parse_coaching_id(session_id),
        )

    def _choose_coaching_client(self, attendances, attendance_id):
        """Return the attendance with an id from the browser, or an empty one."""
        return attendances.filtered(
            lambda attendance: str(attendance.id) == attendance_id
        )
