from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from odoo.addons.portal.controllers import portal

from ..base import COACH_URL


class CustomerPortal(portal.CustomerPortal):
    """The coach's page of a session, and closing out with one tap (R2, R11, R14)."""

    def _prepare_coaching_coach_values(self, tz, asked):
        saved = self._find_coaching_session(asked.get("saved"))
        return {
            **super()._prepare_coaching_coach_values(tz, asked),
            "saved": saved._prepare_portal_coach_rows(tz),
        }

    def _prepare_coaching_close_out_values(self, session, tz, asked):
        """Return what the coach's page of a session shows; a hook.

        :param str tz: zone of the reader
        :param dict asked: what the address bar says, unchecked: ``client``
        """
        (row,) = session._prepare_portal_coach_rows(tz)
        attendances = session.attendance_ids.sorted("id")
        chosen = attendances
        if len(attendances) > 1:
            chosen = self._choose_coaching_client(attendances, asked.get("client"))
        return {
            "row": row,
            "clients": attendances._prepare_portal_coach_rows(tz, chosen),
            "contacts": attendances._prepare_portal_contacts(tz),
        }

    def _render_coaching_close_out(self, session, asked=None, **values):
        tz = self._get_coaching_tz(session.coach_id)
        return request.render(
            "coaching_portal.portal_coach_session",
            self._prepare_coaching_layout_values(
                "coaching_close_out",
                **self._prepare_coaching_close_out_values(session, tz, asked or {}),
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
    def portal_my_coaching_coach_session(self, session_id, **asked):
        session = self._find_coaching_session(session_id)
        if not session:
            return request.redirect("/my")
        return self._render_coaching_close_out(session, asked)

    @http.route(
        f"{COACH_URL}/<int:session_id>/complete",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_my_coaching_coach_complete(self, session_id, **kw):
        """Record that every client who is not closed out has completed it (R2, R11)."""
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

    def _close_coaching(self, attendances, outcome_code):
        """Close out as the user, all or nothing; return what was wrong, in words."""
        try:
            with request.env.cr.savepoint():
                attendances.action_close(outcome_code)
        except AccessError:
            return request.env._(
                "Only the coach of the session or a manager can do this."
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
