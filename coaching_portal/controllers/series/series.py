from odoo import http
from odoo.http import request

from odoo.addons.coaching_sessions.tools.local_time import to_local
from odoo.addons.portal.controllers import portal

from ..base import COACH_URL

# what is asked for each action
FIELDS = {
    "move": ("scope", "start", "reason", "message"),
    "cancel": ("scope", "who", "reason", "message"),
    "skip": ("reason",),
    "pause": ("date_from", "date_to", "reason", "message"),
    "resume": ("date_from",),
    "end": ("date_from", "reason", "message"),
}
SERIES_URL = f"{COACH_URL}/<int:session_id>/series/<any({','.join(FIELDS)}):action>"


class CustomerPortal(portal.CustomerPortal):
    """What a coach does with the series of a session (R109-R117).

    A form that is sent shows what will happen; sent again with that, it is done. Where
    it would lead to something else by then, it is shown anew.
    """

    def _prepare_coaching_session_values(self, attendance, tz, asked):
        return {
            **super()._prepare_coaching_session_values(attendance, tz, asked),
            "series": attendance._prepare_portal_series(tz),
        }

    def _prepare_coaching_close_out_values(self, session, tz, asked):
        return {
            **super()._prepare_coaching_close_out_values(session, tz, asked),
            "series": session._prepare_portal_series(tz),
        }

    @http.route(
        SERIES_URL,
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def portal_my_coaching_coach_series(self, session_id, action, **kw):
        session = self._find_coaching_session(session_id)
        if not session or action not in session._get_portal_series_actions():
            return request.redirect("/my")
        return self._answer_coaching_series(session, action, {})

    @http.route(SERIES_URL, type="http", auth="user", methods=["POST"], website=True)
    def portal_my_coaching_coach_series_send(self, session_id, action, seen="", **post):
        """Show what will happen; do it once that was seen."""
        done_url = self._get_coaching_done_url(str(seen))
        if done_url:
            return request.redirect(done_url)
        session = self._find_coaching_session(session_id)
        # sudo: whether the user's own session is part of a series
        if not session.sudo().series_id:
            return request.redirect("/my")
        return self._answer_coaching_series(session, action, post, str(seen))

    def _answer_coaching_series(self, session, action, post, seen=""):
        """Do it if that was seen, else show the form with what will happen."""
        tz = self._get_coaching_tz(session.coach_id)
        typed = self._read_coaching_series(session, action, post)

        def look():
            if not post and action != "skip":
                return {}
            if "start" in typed:
                typed["moment"] = self._parse_coaching_time(typed["start"], tz)
            return session._plan_portal_series(action, typed, tz)

        def do(plan):
            done, failed = self._do_coaching_series(session, action, typed, plan)
            url = f"{COACH_URL}/{session.id}"
            return self._redirect_with_coaching_flash(url, done, failed, seen)

        response, values = self._see_coaching_plan(seen, look, do)
        return response or self._render_coaching_series(
            session, action, tz, typed=typed, **values
        )

    def _read_coaching_series(self, session, action, post):
        """Return the answers of the form, with what it begins with."""
        typed = self._parse_coaching_texts(post, FIELDS[action])
        if post:
            return typed
        # sudo: the clock of the user's own series
        series = session.sudo().series_id
        tz = self._get_coaching_tz(session.coach_id)
        if "scope" in typed:
            typed["scope"] = next(
                (one["value"] for one in session._get_portal_scopes()), ""
            )
        if "who" in typed:
            typed["who"] = "coach"
        if "start" in typed:
            local = to_local(session.start, tz)
            typed["start"] = local.isoformat(timespec="minutes")
        if "date_from" in typed:
            typed["date_from"] = str(self._get_coaching_today(series.tz))
        return typed

    def _render_coaching_series(self, session, action, tz, **values):
        (row,) = session._prepare_portal_coach_rows(tz)
        # sudo: when the user's own series comes up, and on which clock
        series = session.sudo().series_id
        return request.render(
            "coaching_portal.portal_coach_series",
            self._prepare_coaching_layout_values(
                "coaching_series",
                row=row,
                action=action,
                fields=FIELDS[action],
                scopes=session._get_portal_scopes(),
                sides=[
                    {
                        "value": "coach",
                        "label": request.env._("I can't hold these sessions"),
                    },
                    {"value": "client", "label": request.env._("The client cancels")},
                ],
                rhythm=series.rhythm,
                series_zone=request.env["coaching.session"]._format_zone(series.tz),
                **values,
            ),
        )

    # === DOING === #

    def _do_coaching_series(self, session, action, typed, plan):
        """Do it as the user.

        :return: what was done and what could not be, as two lists of sentences
        """
        done, failed = getattr(self, f"_do_coaching_series_{action}")(
            session, typed, plan
        )
        # what the database refuses is refused here, with its sentence
        request.env.flush_all()
        return [done], failed

    def _do_coaching_series_move(self, session, typed, plan):
        result = session.action_move_series(
            typed["moment"],
            typed["scope"],
            reason=typed["reason"],
            message=typed["message"],
            on_conflict="skip" if plan["skip"] else "refuse",
        )
        count = session._count_portal_sessions(result["moved"])
        return (
            request.env._("You moved %(sessions)s.", sessions=count),
            [one["reason"] for one in result["not_moved"]],
        )

    def _do_coaching_series_cancel(self, session, typed, plan):
        result = session.action_cancel_series(
            typed["scope"],
            typed["reason"],
            message=typed["message"],
            by_client=typed["who"] == "client",
        )
        return result["message"], []

    def _do_coaching_series_skip(self, session, typed, plan):
        session.action_skip(typed["reason"])
        return request.env._("This session is skipped; the series continues."), []

    def _do_coaching_series_pause(self, session, typed, plan):
        result = session.series_id.action_pause(
            typed["date_from"], typed["date_to"], typed["reason"], typed["message"]
        )
        count = session._count_portal_sessions(result["cancelled"])
        if typed["date_to"]:
            return (
                request.env._(
                    "The series is paused on these days: %(sessions)s cancelled.",
                    sessions=count,
                ),
                [],
            )
        return (
            request.env._(
                "The series is paused until you resume it: %(sessions)s cancelled.",
                sessions=count,
            ),
            [],
        )

    def _do_coaching_series_resume(self, session, typed, plan):
        result = session.series_id.action_resume(typed["date_from"])
        count = session._count_portal_sessions(result["booked"])
        # why is said with each of them, in the list of the series
        failed = result["not_booked"] and [
            request.env._(
                "Not booked: %(sessions)s. See the series below for the reasons.",
                sessions=session._count_portal_sessions(result["not_booked"]),
            )
        ]
        return (
            request.env._("The series continues: %(sessions)s booked.", sessions=count),
            failed or [],
        )

    def _do_coaching_series_end(self, session, typed, plan):
        result = session.series_id.action_end(
            typed["date_from"], typed["reason"], typed["message"]
        )
        count = session._count_portal_sessions(result["cancelled"])
        return (
            request.env._(
                "The series has ended: %(sessions)s cancelled.", sessions=count
            ),
            [],
        )
