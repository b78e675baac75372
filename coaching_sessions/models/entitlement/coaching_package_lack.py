from odoo import api, models
from odoo.fields import Domain


class CoachingPackage(models.Model):
    """What people are told where no package pays for a session."""

    _inherit = "coaching.package"

    @api.model
    def _get_no_package_message(self, attendance):
        short = self._find_short(attendance)
        if short:
            return short._get_short_message(attendance)
        if not self._is_asked_by(attendance.partner_id):
            return super()._get_no_package_message(attendance)
        return self.env._(
            "You have no package with a session left for “%(booking_type)s” on that"
            " day. Choose another day, or ask your coach for a new package.",
            booking_type=attendance.booking_type_id.name,
        )

    @api.model
    def _is_asked_by(self, partner):
        """Return whether it is the client who reads the sentence."""
        return self.env.user.share and self.env.user.partner_id == partner

    @api.model
    def _find_short(self, attendance):
        """Return the package that has too little left, the fullest one, if any.

        :param attendance: ``coaching.attendance``, planned or new
        """
        candidates = self.search(
            self._get_usable_domain(attendance.partner_id)
            & Domain("company_id", "=", attendance.company_id.id)
            & Domain("cancelled", "=", False)
            & Domain("remaining", ">", 0)
        )
        return candidates.filtered(
            lambda package: (
                package._get_shortage(attendance) > 0
                and package._is_usable(
                    attendance, package.remaining + package._get_shortage(attendance)
                )
            )
        ).sorted(lambda package: package._get_shortage(attendance))[:1]

    def _get_shortage(self, attendance):
        """Return how much more this package would need for a session, in its unit."""
        self.ensure_one()
        return attendance._get_claim_quantity(self) - self.remaining

    def _get_short_message(self, attendance):
        """Return how much a session takes, how much is left, and what to do."""
        self.ensure_one()
        values = {
            "booking_type": attendance.booking_type_id.name,
            "needed": self._describe_quantity(attendance._get_claim_quantity(self)),
            "package": self.name,
            "left": self._describe_left(),
        }
        if self._is_asked_by(attendance.partner_id):
            return self.env._(
                "“%(booking_type)s” needs %(needed)s, and your package %(package)s"
                " has %(left)s. Choose something that needs less, or ask your coach"
                " for a new package.",
                **values,
            )
        return self.env._(
            "“%(booking_type)s” needs %(needed)s, and package %(package)s of"
            " %(client)s has %(left)s. Sell a package, or choose a booking type that"
            " needs less.",
            client=attendance.partner_id.name,
            **values,
        )

    @api.model
    def _get_lack_message(self, attendance):
        """Return why nothing the client has pays for a type on any day to come.

        :param attendance: what a booking now would create
        :return: sentence, empty where there is a package with enough left
        """
        packages = self._find_candidates(attendance).filtered(
            lambda package: (
                package._is_for_type(attendance.booking_type_id)
                and not package._is_expired_on(attendance)
            )
        )
        if packages:
            return ""
        short = self._find_short(attendance)
        if short:
            return short._get_short_message(attendance)
        return self.env._(
            "You have no package with a session left for “%(booking_type)s”. Ask your"
            " coach for a new package before you choose a time.",
            booking_type=attendance.booking_type_id.name,
        )

    def _get_uncovered_message(self, attendance, chosen):
        """Return why none of these packages holds a session of a series.

        :param attendance: planned ``coaching.attendance``
        :param dict chosen: planned attendance → package, of the whole series
        """
        theirs = self.filtered(
            lambda package: package._is_for(attendance.partner_id)
            and package._is_for_type(attendance.booking_type_id)
        )
        if not theirs:
            return self._get_no_package_message(attendance)
        package = theirs._choose_to_ask_about(attendance)
        reason = package._get_unusable_reason(attendance)
        if reason:
            return reason
        taken = sum(
            planned._get_claim_quantity(package)
            for planned, other in chosen.items()
            if other == package
        )
        if not taken:
            return package._get_nothing_left_message()
        return self.env._(
            "Package %(package)s of %(client)s has %(left)s, not enough for the"
            " whole series. Sell another package, or end the series earlier.",
            package=package.name,
            client=attendance.partner_id.name,
            left=package._describe_left(),
        )

    def _choose_to_ask_about(self, attendance):
        """Return the package that a client would think of on the day of a session.

        The one that is valid then and lasts longest, else the one that begins next,
        else the one that was over last.

        :param attendance: planned ``coaching.attendance``
        """
        valid = self.filtered(lambda package: package._is_valid_on(attendance))
        to_come = self.filtered(lambda package: package._begins_after(attendance))
        return valid[-1:] or to_come.sorted("start_date")[:1] or self[-1:]
