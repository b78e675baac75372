from datetime import timedelta

import psycopg2.errors

from odoo import http
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers import portal

from ..base import SESSIONS_URL
from .choice import BOOK_URL


class CustomerPortal(portal.CustomerPortal):
    """Confirming what was chosen, and booking it (R54, R61, R80).

    Booked is as the user: rights are checked where anybody's are.
    """

    def _get_coaching_done(self, done):
        if done == "booked":
            return request.env._(
                "Your session is booked. We look forward to seeing you."
            )
        return super()._get_coaching_done(done)

    def _render_coaching_confirm(self, choice, error="", typed=None):
        """Show what is going to be booked, see ``_prepare_coaching_confirmation``.

        :param str error: why it was refused; then other times can be chosen here, so
            that nothing typed is lost
        :param dict typed: what was written so far
        """
        return request.render(
            "coaching_portal.portal_book_confirm",
            self._prepare_coaching_layout_values(
                "coaching_book",
                error=error,
                typed=typed or {},
                days=self._prepare_coaching_other_times(choice) if error else [],
                **self._prepare_coaching_confirmation(choice),
            ),
        )

    def _prepare_coaching_confirmation(self, choice):
        """Return what is shown before it is booked; a hook."""
        booking_type, start = choice["booking_type"], choice["start"]
        session = request.env["coaching.session"]
        stop = start + timedelta(minutes=booking_type.duration_minutes)
        return {
            "booking_url": BOOK_URL,
            "when": session._describe_time(start, stop, choice["tz"]),
            "start": start.isoformat(timespec="minutes"),
            "times_url": self._get_coaching_book_url(choice, day=choice["day"]),
            "entitlement": self._prepare_coaching_entitlement(choice, start, stop),
            "questions": self._get_coaching_preparation(),
            **self._prepare_coaching_choice(choice),
        }

    def _prepare_coaching_entitlement(self, choice, start, stop):
        """Return what the client would attend with, as plain values (R119)."""
        coach = choice["coach"] or choice["coaches"][:1]
        # sudo: the client's own packages, and how much they may owe
        partner = request.env.user.partner_id.sudo()
        booking_type = choice["booking_type"]
        args = (partner, coach, start, stop)
        kind, packages = booking_type._preview_entitlement(*args)
        refusal = ""
        if kind in ("missing", "makeup"):
            refusal = booking_type._preview_attending(*args).refusal
        return {
            "kind": "missing" if refusal else kind,
            "message": refusal,
            "packages": [
                {**package._prepare_portal_badge(), "id": package.id}
                for package in packages
            ],
        }

    # === BOOKING === #

    @http.route(
        BOOK_URL,
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def portal_my_coaching_book_confirm(self, **post):
        """Book for the user alone, whatever else the form says."""
        choice = self._read_coaching_choice(**post)
        if not choice["start"]:
            return request.redirect(BOOK_URL)
        lost = self._get_lost_coach_message(choice)
        if lost:
            return self._render_coaching_confirm(choice, lost, post)
        try:
            with request.env.cr.savepoint():
                session = request.env["coaching.session"].book(
                    self._prepare_coaching_booking(choice, post)
                )
        except AccessError as error:
            return self._render_coaching_confirm(choice, str(error), post)
        except UserError as error:
            return self._refuse_coaching_booking(choice, error, post)
        return request.redirect(f"{SESSIONS_URL}/{session.id}?done=booked")

    def _refuse_coaching_booking(self, choice, error, post):
        """Say why, unless it is booked already: a second click changes nothing."""
        session = self._find_coaching_booked(choice)
        if session:
            return request.redirect(f"{SESSIONS_URL}/{session.id}?done=booked")
        if isinstance(error.__cause__, psycopg2.errors.ExclusionViolation):
            # somebody was faster, maybe the same user: look again at what there is
            raise ConcurrencyError(str(error)) from error
        return self._render_coaching_confirm(choice, str(error), post)

    def _find_coaching_booked(self, choice):
        """Return the session of the user that is just what they are booking."""
        attendance = request.env["coaching.attendance"].search(
            Domain.AND(
                [
                    self._get_coaching_client_domain(),
                    self._get_coaching_upcoming_domain(),
                    [("booking_type_id", "=", choice["booking_type"].id)],
                    [("start", "=", choice["start"])],
                    [("coach_id", "=", choice["coach"].id)] if choice["coach"] else [],
                ]
            ),
            limit=1,
        )
        return attendance.session_id

    def _prepare_coaching_booking(self, choice, post):
        """Return the values ``book`` takes; a hook."""
        return {
            "booking_type_id": choice["booking_type"].id,
            "coach_id": choice["coach"].id,
            "start": choice["start"],
            "partner_ids": request.env.user.partner_id.ids,
            "package_id": self._parse_coaching_id(post.get("package_id")) or False,
            "note": self._join_coaching_preparation(post),
        }

    def _get_coaching_preparation(self):
        """Return what a client is asked before a session (R80); a hook."""
        return {
            "focus": request.env._("What do you want to focus on?"),
            "questions": request.env._("Questions for your coach"),
            "background": request.env._("Background your coach should know"),
        }

    def _join_coaching_preparation(self, post):
        """Return what was written as one text, each answer below its question."""
        labels = self._get_coaching_preparation()
        answers = {name: str(post.get(name) or "").strip()[:5000] for name in labels}
        given = [(labels[name], answer) for name, answer in answers.items() if answer]
        if len(given) == 1 and answers.get("focus"):
            return answers["focus"]
        return "\n\n".join(f"{label}\n{answer}" for label, answer in given)
