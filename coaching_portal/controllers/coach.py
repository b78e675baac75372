from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers import portal

COACH_URL = "/my/coaching/coach"


class CustomerPortal(portal.CustomerPortal):
    """The sessions a coach gives, and closing them out (R11, R14, R15, R29-R33).

    Written as the user himself: his rights are checked where anybody's are.
    """

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

    @http.route(
        [COACH_URL, f"{COACH_URL}/page/<int:page>"],
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def portal_my_coaching_coach(
        self, page=1, filterby=None, saved=None, next=None, **kw
    ):
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
        saved = self._find_coaching_session(saved)
        values = self._prepare_coaching_layout_values(
            "coaching_coach",
            rows=sessions._prepare_portal_coach_rows(tz),
            saved=saved._prepare_portal_coach_rows(tz),
            following=self._find_coaching_session(next)._prepare_portal_coach_rows(tz),
            awaiting_count=self._count_coaching(
                "coaching.session",
                self._get_coaching_coach_domain()
                & Domain("awaiting_update", "=", True),
            ),
            tz=tz.replace("_", " "),
            pager=pager,
            default_url=COACH_URL,
            searchbar_filters=filters,
            filterby=filterby,
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
        """Return a session that the user gives, or an empty one."""
        try:
            session_id = int(session_id or 0)
        except ValueError:
            session_id = 0
        return self._find_coaching(
            "coaching.session", self._get_coaching_coach_domain(), session_id
        )

    def _choose_coaching_client(self, attendances, attendance_id):
        """Return the attendance with an id from the browser, or an empty one."""
        return attendances.filtered(
            lambda attendance: str(attendance.id) == attendance_id
        )

    def _render_coaching_close_out(self, session, client=None, **values):
        tz = self._get_coaching_tz(session.coach_id)
        (row,) = session._prepare_portal_coach_rows(tz)
        attendances = session.attendance_ids.sorted("id")
        chosen = attendances
        if len(attendances) > 1:
            chosen = self._choose_coaching_client(attendances, client)
        return request.render(
            "coaching_portal.portal_coach_session",
            self._prepare_coaching_layout_values(
                "coaching_close_out",
                row=row,
                series=session._prepare_portal_series(tz),
                clients=attendances._prepare_portal_coach_rows(tz, chosen),
                contacts=attendances._prepare_portal_contacts(tz),
                proposals=session._get_open_proposals()._prepare_portal_rows(tz),
                **values,
            ),
        )

    @http.route(
        f"{COACH_URL}/<int:session_id>",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def portal_my_coaching_coach_session(
        self, session_id, client=None, sent=None, **kw
    ):
        session = self._find_coaching_session(session_id)
        if not session:
            return request.redirect("/my")
        return self._render_coaching_close_out(session, client, message_sent=sent)

    @http.route(
        f"{COACH_URL}/<int:session_id>/close",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_my_coaching_coach_close(self, session_id, attendance_id=None, **post):
        """Record what became of one client's session, or correct it (R2-R8, R30-R36).

        Everything that was answered, or nothing: then all of it stands there again.
        """
        session = self._find_coaching_session(session_id)
        attendance = self._choose_coaching_client(session.attendance_ids, attendance_id)
        if not attendance:
            return request.redirect("/my")
        following, error = False, request.env._("Choose what happened.")
        if post.get("outcome_code"):
            following, error = self._close_out_coaching(attendance, post)
        if error:
            typed = {
                "outcome_code": "",
                "note": "",
                **post,
                "id": attendance.id,
                "goal_ids": request.httprequest.form.getlist("goal_ids"),
            }
            return self._render_coaching_close_out(
                session, attendance_id, error=error, typed=typed
            )
        return self._redirect_after_closing(session, following)

    def _close_out_coaching(self, attendance, post):
        """Close out as the user, all or nothing.

        :return: (id of the session that was booked or False, what was wrong in words)
        """
        try:
            with request.env.cr.savepoint():
                result = attendance.action_close_out(
                    self._read_coaching_answers(attendance, post)
                )
        except AccessError:
            return False, request.env._(
                "Only the coach of a session or a manager can do this."
            )
        except UserError as error:
            return False, str(error)
        return result["next_session_id"], ""

    def _read_coaching_answers(self, attendance, post):
        """Return the answers of the form, see ``action_close_out``.

        :raise UserError: for times that are none
        """
        tz = self._get_coaching_tz(attendance.coach_id)
        answers = {
            name: str(post.get(name) or "").strip()
            for name in (
                "outcome_code",
                "note",
                "shared_note",
                "private_note",
                "next_step",
                "next_step_date",
                "continue_wish",
                "slot_wish",
                "wish_note",
            )
        }
        if post.get("notice_at"):
            answers["notice_at"] = self._parse_coaching_time(post["notice_at"], tz)
        if answers["continue_wish"] != "no":
            answers["reserve_slot"] = bool(post.get("reserve_slot"))
            if post.get("next_start_other"):
                answers["next_start"] = self._parse_coaching_time(
                    post["next_start_other"], tz
                )
            elif post.get("next_start"):
                answers["next_start"] = post["next_start"]
        if post.get("goals_asked"):
            goal_ids = request.httprequest.form.getlist("goal_ids")
            # checkboxes send ids; isdecimal, since int() takes no other digits
            answers["goal_ids"] = [
                int(value[:18]) for value in goal_ids if value.isdecimal()
            ]
        return answers

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
        error = ""
        try:
            with request.env.cr.savepoint():
                session.action_restore_slot()
        except AccessError:
            return request.redirect("/my")
        except UserError as problem:
            error = str(problem)
        if error:
            return self._render_coaching_close_out(session, error=error)
        return request.redirect(f"{COACH_URL}?saved={session.id}")

    @http.route(
        f"{COACH_URL}/<int:session_id>/complete",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_my_coaching_coach_complete(self, session_id, **kw):
        """Record that every client who is not closed out attended (R2, R11)."""
        session = self._find_coaching_session(session_id)
        if not session:
            return request.redirect("/my")
        attendances = session.attendance_ids.filtered(
            lambda attendance: attendance.state == "scheduled"
        )
        error = self._close_coaching(attendances, "completed")
        if error:
            return self._render_coaching_close_out(session, error=error)
        return self._redirect_after_closing(session)

    def _close_coaching(self, attendances, outcome_code, note=""):
        """Close out as the user, all or nothing; return what was wrong, in words."""
        try:
            with request.env.cr.savepoint():
                attendances.action_close(
                    str(outcome_code or ""), note=str(note or "").strip()
                )
        except AccessError:
            return request.env._(
                "Only the coach of a session or a manager can do this."
            )
        except UserError as error:
            return str(error)
        return ""

    def _redirect_after_closing(self, session, following=False):
        """Go on: to the next client of a group, else back to the list.

        :param int following: id of the session that was booked, to be named
        """
        if session.awaiting_update:
            return request.redirect(f"{COACH_URL}/{session.id}")
        query = f"saved={session.id}" + (f"&next={following}" if following else "")
        return request.redirect(f"{COACH_URL}?{query}")
