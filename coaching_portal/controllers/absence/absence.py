from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers import portal

from ..base import COACH_URL

ABSENCE_URL = f"{COACH_URL}/absence"
FIELDS = ("coach_id", "date_from", "date_to", "mode", "reason", "message")


class CustomerPortal(portal.CustomerPortal):
    """A coach is not available for some days (rank 24)."""

    def _find_coaching_coaches(self):
        """Return the user as a coach, once for each company they work for."""
        return self._search_coaching(
            "coaching.coach", Domain("user_id", "=", request.env.uid), order="id"
        )

    @http.route(
        ABSENCE_URL,
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def portal_my_coaching_absence(self, **kw):
        coaches = self._find_coaching_coaches()
        if not coaches:
            return request.redirect("/my")
        # sudo: the clock of the user as a coach
        today = str(self._get_coaching_today(coaches.sudo()[0].tz))
        typed = dict.fromkeys(FIELDS, "")
        typed.update(mode="cancel", date_from=today, date_to=today)
        return self._render_coaching_absence(coaches, coaches[0], typed)

    @http.route(ABSENCE_URL, type="http", auth="user", methods=["POST"], website=True)
    def portal_my_coaching_absence_send(self, seen="", **post):
        """Show what will happen; do it once that was seen."""
        done_url = self._get_coaching_done_url(str(seen))
        if done_url:
            return request.redirect(done_url)
        coaches = self._find_coaching_coaches()
        typed = self._parse_coaching_texts(post, FIELDS)
        coach = coaches.filtered(lambda one: str(one.id) == typed["coach_id"])
        if not typed["coach_id"]:
            coach = coaches[:1]
        if not coach:
            return request.redirect("/my")
        response, values = self._see_coaching_plan(
            seen,
            look=lambda: coach._plan_portal_absence(typed),
            do=lambda _plan: self._do_coaching_absence(coach, typed, seen),
        )
        return response or self._render_coaching_absence(
            coaches, coach, typed, **values
        )

    @http.route(
        f"{ABSENCE_URL}/back", type="http", auth="user", methods=["POST"], website=True
    )
    def portal_my_coaching_back(self, coach_id="", date_from="", **post):
        """End time off, as the user: their rights are checked as anybody's."""
        coach = self._find_coaching_coaches().filtered(
            lambda one: str(one.id) == coach_id
        )
        if not coach:
            return request.redirect("/my")
        try:
            with request.env.cr.savepoint():
                result = coach.action_back(date_from)
        except UserError as problem:
            return self._redirect_with_coaching_flash(COACH_URL, [], [str(problem)])
        done = [request.env._("You can be booked again.")]
        if result["restored"]:
            done.append(
                request.env._(
                    "Sessions that will take place after all: %(count)s",
                    count=len(result["restored"]),
                )
            )
        return self._redirect_with_coaching_flash(COACH_URL, done)

    def _do_coaching_absence(self, coach, typed, seen):
        """Do it as the user, and go on to their list, which says what was done."""
        result = coach.action_absent(
            typed["date_from"],
            typed["date_to"],
            mode=typed["mode"],
            reason=typed["reason"],
            message=typed["message"],
        )
        done, failed = coach._describe_portal_absence(typed, result)
        return self._redirect_with_coaching_flash(COACH_URL, done, failed, seen)

    def _render_coaching_absence(self, coaches, coach, typed, **values):
        # sudo: names and clocks of the user as a coach
        known = coaches.sudo()
        return request.render(
            "coaching_portal.portal_coach_absence",
            self._prepare_coaching_layout_values(
                "coaching_absence",
                typed=typed,
                away=[
                    {**time_off, "coach_id": one.id}
                    for one in known
                    for time_off in one._describe_time_off()
                ],
                zone=request.env["coaching.session"]._format_zone(coach.sudo().tz),
                coaches=[
                    {"value": str(one.id), "label": one.company_id.name}
                    for one in known
                ],
                **values,
            ),
        )
