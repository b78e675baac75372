from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from odoo.addons.portal.controllers import portal

from ..base import COACH_URL

# what is written into the form, see ``action_close_out``
ANSWERS = (
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


class CustomerPortal(portal.CustomerPortal):
    """The form with which a coach closes out a session (R14, R15, R29-R36).

    Written as the user: rights are checked where anybody's are.
    """

    def _prepare_coaching_coach_values(self, tz, asked):
        following = self._find_coaching_session(asked.get("next"))
        return {
            **super()._prepare_coaching_coach_values(tz, asked),
            "following": following._prepare_portal_coach_rows(tz),
        }

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
                session, {"client": attendance_id}, error=error, typed=typed
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
                "Only the coach of the session or a manager can do this."
            )
        except UserError as error:
            return False, str(error)
        return result["next_session_id"], ""

    def _read_coaching_answers(self, attendance, post):
        """Return the answers of the form, see ``action_close_out``.

        :raise UserError: for times that are none
        """
        tz = self._get_coaching_tz(attendance.coach_id)
        answers = self._parse_coaching_texts(post, ANSWERS)
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
            answers["goal_ids"] = [self._parse_coaching_id(one) for one in goal_ids]
        return answers
