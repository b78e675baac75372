from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers import portal

SESSIONS_URL = "/my/coaching/sessions"


class CustomerPortal(portal.CustomerPortal):
    """A client's sessions (R68-R77, R118, R119) and how he cancels them."""

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
            can_book=bool(self._get_coaching_types()),
            rows=attendances._prepare_portal_rows(tz),
            makeup_count=self._count_coaching(
                "coaching.makeup",
                self._get_coaching_client_domain()
                & request.env["coaching.makeup"]._get_portal_domain(),
            ),
            tz=tz.replace("_", " "),
            pager=pager,
            default_url=SESSIONS_URL,
            searchbar_filters=filters,
            filterby=filterby,
            searchbar_sortings=sortings,
            sortby=sortby,
            grouped=sortby == "date" and filterby == "all",
        )
        return request.render("coaching_portal.portal_my_sessions", values)

    def _find_coaching_attendance(self, session_id):
        """Return the user's own attendance of a session, the latest one."""
        if session_id > 2**31 - 1:
            return request.env["coaching.attendance"]
        return self._find_coaching(
            "coaching.attendance",
            self._get_coaching_client_domain(),
            Domain("session_id", "=", session_id),
            order="id desc",
        )

    def _render_coaching_session(self, attendance, day=None, **values):
        tz = self._get_coaching_tz(attendance.coach_id)
        proposals = attendance._get_open_proposals()
        (row,) = attendance._prepare_portal_rows(tz)
        return request.render(
            "coaching_portal.portal_my_session",
            self._prepare_coaching_layout_values(
                "coaching_session",
                row=row,
                series=attendance._prepare_portal_series(tz),
                cancellation=attendance._prepare_portal_cancellation(tz),
                moving=attendance._prepare_portal_moving(tz, day),
                proposals=proposals._prepare_portal_rows(tz),
                hint=attendance._prepare_portal_hint(),
                objection=attendance._prepare_portal_dispute(tz),
                messages=attendance._prepare_portal_talks(tz)[attendance.id],
                terms=attendance._prepare_portal_terms(),
                again_url=attendance._get_portal_again_url(tz),
                **values,
            ),
        )

    @http.route(
        f"{SESSIONS_URL}/<int:session_id>",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def portal_my_coaching_session(
        self, session_id, cancelled=None, done=None, day=None, **kw
    ):
        attendance = self._find_coaching_attendance(session_id)
        if not attendance:
            return request.redirect("/my")
        return self._render_coaching_session(
            attendance,
            day=self._parse_coaching_day(day),
            just_cancelled=cancelled,
            done=self._get_coaching_done(done),
        )

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
        """Cancel the user's own place in a session, on the terms he was shown."""
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
                    "While this page was open, the terms for cancelling changed."
                    " Please read again what it leads to."
                ),
                reason=reason,
            )
        try:
            with request.env.cr.savepoint():
                attendance.session_id.action_cancel(reason=str(reason or "").strip())
        except AccessError:
            return request.redirect("/my")
        except UserError as error:
            return self._render_coaching_session(
                attendance, error=str(error), reason=reason
            )
        return request.redirect(f"{SESSIONS_URL}/{session_id}?cancelled=1")
