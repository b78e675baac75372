from datetime import datetime, timedelta

from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers import portal

from ..base import SESSIONS_URL

# within it, the same once more was a second tap
SECOND_TAP = timedelta(minutes=1)


class CustomerPortal(portal.CustomerPortal):
    """Moving a session (R46, R50)."""

    def _get_coaching_done(self, done):
        if done == "moved":
            return request.env._("Your session has a new time.")
        return super()._get_coaching_done(done)

    def _prepare_coaching_session_values(self, attendance, tz, asked):
        day = self._parse_coaching_day(asked.get("day"))
        return {
            **super()._prepare_coaching_session_values(attendance, tz, asked),
            "moving": attendance._prepare_portal_moving(tz, day),
            "hint": attendance._prepare_portal_hint(),
        }

    def _is_coaching_second_tap(self, attendance, moment):
        """Return whether the user has moved the session there just now.

        A second tap shows what the first one did.
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

        To one of those shown, or to another one as their clock says.
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
