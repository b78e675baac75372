from odoo import models

from ...tools.arguments import without_defaults
from ...tools.booking_request import BookingRequest


class CoachingBookingType(models.Model):
    """What clients would attend it with, told before it is booked (R119, R135)."""

    _inherit = "coaching.booking.type"

    def _needs_package(self, company):
        """Return whether clients have to pay with a package (R128, R132).

        The booking type may allow to attend without, whatever the company's rule.

        :param company: ``res.company`` of the coach
        """
        self.ensure_one()
        return self.package_required and company.coaching_package_required

    def _preview_attending(self, partner, coach, start, stop, **wish):
        """Return what a client would attend with, as booking decides it.

        :param partner: ``res.partner``
        :param coach: ``coaching.coach``, whose company and day count
        :param datetime start: naive UTC
        :param datetime stop: naive UTC
        :param wish: ``package``, ``missed`` and ``without_package``, as of a booking
        :return: ``Attending``
        """
        planned = self._plan_attendance(partner, coach, start, stop)
        return planned._choose_attending(**wish)[planned]

    def _preview_entitlement(self, partner, coach, start, stop):
        """Return what a client can choose from to attend with.

        :return: ``(kind, packages)``: the kind of ``Attending``, and with ``package``
            those that fit, first the one that booking takes
        """
        planned = self._plan_attendance(partner, coach, start, stop)
        attending = planned._choose_attending()[planned]
        packages = planned.env["coaching.package"]
        if attending.kind == "package":
            packages = packages._find_candidates(planned).filtered(
                lambda package: package._is_usable(planned)
            )
        return attending.kind, packages

    def _preview_lack(self, partner, coach, start, stop):
        """Return why a client can't book this on any day, before they look for one.

        :return: sentence, empty where they can
        """
        planned = self._plan_attendance(partner, coach, start, stop)
        if planned._choose_attending()[planned].kind != "missing":
            return ""
        return planned.env["coaching.package"]._get_lack_message(planned)

    def _plan_attendance(self, partner, coach, start, stop):
        """Return an attendance that is not saved, to be asked what it would take."""
        self.ensure_one()
        # sudo: booking looks as superuser, too; only what the client has is told
        booking_type = without_defaults(self.sudo())
        env = booking_type.env
        return env["coaching.attendance"]._plan(
            BookingRequest(
                booking_type=booking_type,
                coach=coach.with_env(env),
                partners=partner.with_env(env),
                start=start,
                stop=stop,
            )
        )
