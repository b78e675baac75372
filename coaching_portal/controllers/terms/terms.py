from odoo.http import request

from odoo.addons.portal.controllers import portal


class CustomerPortal(portal.CustomerPortal):
    """The terms under which a session is booked (R53, R54)."""

    def _prepare_coaching_session_values(self, attendance, tz, asked):
        return {
            **super()._prepare_coaching_session_values(attendance, tz, asked),
            "terms": attendance._prepare_portal_terms(),
        }

    def _prepare_coaching_confirmation(self, choice):
        coach = choice["coach"] or choice["coaches"][:1]
        return {
            **super()._prepare_coaching_confirmation(choice),
            "terms": choice["booking_type"]._get_booking_terms(
                coach.company_id or request.env.company, request.env.user.partner_id
            ),
        }

    def _prepare_coaching_booking(self, choice, post):
        """Add the terms that were accepted: those that were shown."""
        terms_id = self._parse_coaching_id(post.get("terms_id"))
        accepted = post.get("terms_accepted") and terms_id
        return {
            **super()._prepare_coaching_booking(choice, post),
            "terms_accepted": accepted or False,
        }
