from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.arguments import parse_text
from ..base.groups import MANAGER_GROUP


class CoachingSession(models.Model):
    """Booking under terms, and with the client's agreement (R48, R54, R57).

    ``book`` takes two more keys. ``terms_accepted``: True, or better the id of the
    terms that the client read. ``client_agreed``: True, or how the client agreed.

    In ``extra`` of the request they are ``terms_accepted`` and ``agreement``; once the
    rules are checked there are ``terms``, what it is booked under, and ``own``,
    whether a client books for themselves.
    """

    _inherit = "coaching.session"

    # of the one client, for the form
    agreed_at = fields.Datetime(related="attendance_id.agreed_at")
    agreed_by_id = fields.Many2one(
        related="attendance_id.agreed_by_id",
        groups="coaching_sessions.group_coaching_coach",
    )
    agreement_note = fields.Text(
        related="attendance_id.agreement_note",
        groups="coaching_sessions.group_coaching_coach",
    )
    terms_accepted = fields.Char(
        related="attendance_id.terms_accepted",
        groups="coaching_sessions.group_coaching_coach",
    )

    @api.model
    def _get_booking_keys(self):
        return super()._get_booking_keys() | {"terms_accepted", "client_agreed"}

    @api.model
    def _prepare_booking_extra(self, vals):
        return {
            **super()._prepare_booking_extra(vals),
            "terms_accepted": self._parse_terms(vals.get("terms_accepted")),
            "agreement": self._parse_agreement(vals.get("client_agreed")),
        }

    @api.model
    def _parse_terms(self, value):
        """Return False, True, or the id of the terms that were read."""
        if isinstance(value, bool) or not value:
            return bool(value)
        if isinstance(value, int) and 0 < value < 2**31:
            return value
        raise UserError(
            self.env._("Accept terms with True or with the ID of the terms.")
        )

    @api.model
    def _parse_agreement(self, value):
        """Return how the client agreed, an empty text for just yes, None for no."""
        if value is True:
            return ""
        return parse_text(self.env, value) or None

    @api.model
    def _check_request(self, request):
        # first, who is booked for may be named: not a client of another company
        request = super()._check_request(request)
        request = request.but(
            extra={
                "own": self._is_own_booking(request),
                "terms": request.booking_type._get_terms(request.coach.company_id),
            }
        )
        self._check_terms(request)
        self._check_agreement(request)
        return request

    @api.model
    def _is_own_booking(self, request):
        """Return whether clients book for themselves, and not as staff."""
        user = self.env.user
        return (
            request.partners == user.partner_id
            and request.coach.user_id != user
            and not user.has_group(MANAGER_GROUP)
        )

    @api.model
    def _check_terms(self, request):
        """Raise when clients book for themselves under terms they have not accepted.

        Staff is never held up: a client on the phone accepts the next time.
        """
        terms, accepted = request.extra["terms"], request.extra["terms_accepted"]
        if terms and accepted and accepted is not True and accepted != terms.id:
            raise UserError(
                self.env._(
                    "The terms have just changed. Read and accept “%(terms)s”, then"
                    " book again.",
                    terms=terms.display_name,
                )
            )
        if (
            request.extra["own"]
            and terms
            and not accepted
            and terms._get_missing(request.partners)
        ):
            raise UserError(
                self.env._(
                    "To book “%(booking_type)s”, read and accept “%(terms)s” first.",
                    booking_type=request.booking_type.name,
                    terms=terms.display_name,
                )
            )

    @api.model
    def _check_agreement(self, request):
        """Raise when staff books what needs the client's agreement, without it."""
        if (
            request.booking_type.agreement_required
            and not request.extra["own"]
            and request.extra["agreement"] is None
        ):
            raise UserError(
                self.env._(
                    "“%(booking_type)s” needs the agreement of %(client)s to this"
                    " session. Ask first, then tick that the client agreed.",
                    booking_type=request.booking_type.name,
                    client=", ".join(request.partners.mapped("name")),
                )
            )
