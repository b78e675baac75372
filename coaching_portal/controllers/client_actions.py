from datetime import datetime, timedelta

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from odoo.addons.coaching_sessions.tools.arguments import is_reasonable
from odoo.addons.portal.controllers import portal

from ..tools.local_time import to_utc
from .client import SESSIONS_URL
from .coach import COACH_URL

# within it, the same once more was a second tap
SECOND_TAP = timedelta(minutes=1)


class CustomerPortal(portal.CustomerPortal):
    """Moving a session, writing to the coach, and saying that something is not right.

    Everything is done as the user himself: his rights are checked where anybody's
    are. What was typed comes back with the page when it is refused.
    """

    def _get_coaching_done(self, done):
        """Return what the page says after something was done."""
        return {
            "booked": request.env._("Your session is booked. We look forward to it."),
            "moved": request.env._("Your session has a new time."),
            "sent": request.env._("Your message is on its way."),
            "disputed": request.env._("Thank you. We look into it and write to you."),
            "withdrawn": request.env._("You took it back."),
        }.get(done, "")

    def _act_on_coaching_session(self, session_id, failed, action, **typed):
        """Do something with the user's own session, and go back to its page.

        :param str failed: the form that is shown again when it is refused
        :param action: function of the attendance; returns what was done
        :param typed: what the user wrote
        """
        attendance = self._find_coaching_attendance(session_id)
        if not attendance:
            return request.redirect("/my")
        try:
            with request.env.cr.savepoint():
                done = action(attendance)
        except AccessError:
            return request.redirect("/my")
        except UserError as error:
            return self._render_coaching_session(
                attendance, error=str(error), failed=failed, typed=typed
            )
        return request.redirect(f"{SESSIONS_URL}/{session_id}?done={done}")

    def _parse_coaching_time(self, value, tz):
        """Return what a browser's clock says as naive UTC.

        :param str value: of an input of type datetime-local
        :param str tz: zone the page shows times in
        """
        try:
            moment = datetime.fromisoformat(str(value or ""))
            if moment.tzinfo or not is_reasonable(moment):
                raise ValueError
        except ValueError:
            raise UserError(
                request.env._("Choose the day and the time it should be moved to.")
            ) from None
        return to_utc(moment, tz)

    def _is_coaching_second_tap(self, attendance, moment):
        """Return whether the user has moved his session there just now.

        Who taps twice reads what the first tap has done.
        """
        # sudo: the user's own
        known = attendance.sudo()
        since = known.session_id._now() - (known.scheduled_at or datetime.min)
        return bool(
            moment == known.session_id.start
            and known.session_id.move_count
            and since < SECOND_TAP
        )

    @http.route(
        f"{SESSIONS_URL}/<int:session_id>/move",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_my_coaching_session_move(
        self, session_id, start="", slot="", reason="", **kw
    ):
        """Move the user's own session to another time (R46, R50).

        To one of those shown, or to another one as his clock says.
        """

        def move(attendance):
            session = attendance.session_id
            tz = self._get_coaching_tz(attendance.coach_id)
            moment = session._parse_time(
                str(slot) if slot else self._parse_coaching_time(start, tz)
            )
            if not self._is_coaching_second_tap(attendance, moment):
                session.action_reschedule(moment, reason=str(reason or "").strip())
            return "moved"

        return self._act_on_coaching_session(
            session_id, "move", move, start=start, slot=slot, reason=reason
        )

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
        f"{SESSIONS_URL}/<int:session_id>/dispute",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_my_coaching_session_dispute(
        self, session_id, claim="", outcome_code="", **kw
    ):
        """Say that the outcome is not right (rank 13)."""

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
        """Say that the coach did not come (rank 15)."""

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
        """Write to a client about a session that the user gives (R43)."""
        session = self._find_coaching_session(session_id)
        attendance = self._choose_coaching_client(session.attendance_ids, attendance_id)
        if not attendance:
            return request.redirect("/my")
        try:
            with request.env.cr.savepoint():
                attendance.action_send_message(str(body or ""))
        except AccessError:
            return request.redirect("/my")
        except UserError as error:
            return self._render_coaching_close_out(
                session,
                attendance_id,
                message_error=str(error),
                message_typed={"id": attendance.id, "body": body},
            )
        return request.redirect(
            f"{COACH_URL}/{session.id}?sent={attendance.id}#client-{attendance.id}"
        )
