from odoo import http
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers import portal

from ..base import MAX_ID, SESSIONS_URL


class CustomerPortal(portal.CustomerPortal):
    """A client's sessions (R68-R77, R118, R119): the list, and the page of one."""

    def _get_coaching_counters(self):
        client = self._get_coaching_client_domain()
        return {
            **super()._get_coaching_counters(),
            "coaching_upcoming_count": (
                "coaching.attendance",
                client & self._get_coaching_upcoming_domain(),
                None,
            ),
            "coaching_session_count": ("coaching.attendance", client, 1),
        }

    # === LIST === #

    def _get_coaching_session_filters(self):
        return {
            "all": {"label": request.env._("All")},
            "upcoming": {"label": request.env._("Upcoming")},
            "past": {"label": request.env._("Past and cancelled")},
        }

    def _get_coaching_session_sortings(self):
        return {
            "date": {"label": request.env._("Next first")},
            "newest": {"label": request.env._("Latest first")},
        }

    def _get_coaching_session_segments(self, filterby, sortby):
        """Return what a list of sessions is made of, see ``_get_coaching_page``."""
        client = self._get_coaching_client_domain()
        upcoming = self._get_coaching_upcoming_domain()
        latest = "start desc, id desc"
        segments = {
            "upcoming": (
                client & upcoming,
                latest if sortby == "newest" else "start, id",
            ),
            "past": (client & ~upcoming, latest),
        }
        if filterby in segments:
            return [segments[filterby]]
        if sortby == "newest":
            return [(client, latest)]
        return list(segments.values())

    @http.route(
        [SESSIONS_URL, f"{SESSIONS_URL}/page/<int:page>"],
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def portal_my_coaching_sessions(self, page=1, filterby=None, sortby=None, **kw):
        filters = self._get_coaching_session_filters()
        sortings = self._get_coaching_session_sortings()
        filterby = self._choose_coaching(filterby, filters)
        sortby = self._choose_coaching(sortby, sortings)
        attendances, pager = self._get_coaching_page(
            "coaching.attendance",
            self._get_coaching_session_segments(filterby, sortby),
            SESSIONS_URL,
            page,
            {"filterby": filterby, "sortby": sortby},
        )
        tz = self._get_coaching_tz(attendances.coach_id)
        values = self._prepare_coaching_layout_values(
            "coaching_sessions",
            rows=attendances._prepare_portal_rows(tz),
            tz=request.env["coaching.session"]._format_zone(tz),
            pager=pager,
            default_url=SESSIONS_URL,
            searchbar_filters=filters,
            filterby=filterby,
            searchbar_sortings=sortings,
            sortby=sortby,
            grouped=sortby == "date" and filterby == "all",
        )
        return request.render("coaching_portal.portal_my_sessions", values)

    # === PAGE === #

    def _find_coaching_attendance(self, session_id):
        """Return the user's own attendance of a session, the latest one."""
        if session_id > MAX_ID:
            return request.env["coaching.attendance"]
        return self._find_coaching(
            "coaching.attendance",
            self._get_coaching_client_domain(),
            Domain("session_id", "=", session_id),
            order="id desc",
        )

    def _prepare_coaching_session_values(self, attendance, tz, asked):
        """Return what the page of a client's session shows; a hook.

        :param str tz: zone of the reader
        :param dict asked: what the address bar says, unchecked
        """
        (row,) = attendance._prepare_portal_rows(tz)
        return {"row": row}

    def _render_coaching_session(self, attendance, asked=None, **values):
        tz = self._get_coaching_tz(attendance.coach_id)
        return request.render(
            "coaching_portal.portal_my_session",
            self._prepare_coaching_layout_values(
                "coaching_session",
                **self._prepare_coaching_session_values(attendance, tz, asked or {}),
                **values,
            ),
        )

    def _get_coaching_done(self, done):
        """Return what the page says after something was done; a hook.

        :param str done: what it was, as the address bar says
        """
        return ""

    @http.route(
        f"{SESSIONS_URL}/<int:session_id>",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def portal_my_coaching_session(self, session_id, done=None, **asked):
        attendance = self._find_coaching_attendance(session_id)
        if not attendance:
            return request.redirect("/my")
        return self._render_coaching_session(
            attendance, asked, done=self._get_coaching_done(done)
        )

    def _act_on_coaching_session(self, session_id, failed, action, **typed):
        """Do something with the user's own session, and go back to its page.

        :param str failed: the form that is shown again when it is refused
        :param action: function of the attendance; returns what was done
        :param typed: what the user wrote
        """
        attendance = self._find_coaching_attendance(session_id)
        if not attendance:
            return request.redirect("/my")
        return self._try_coaching(
            lambda: request.redirect(
                f"{SESSIONS_URL}/{session_id}?done={action(attendance)}"
            ),
            lambda error: self._render_coaching_session(
                attendance, error=error, failed=failed, typed=typed
            ),
        )
