from odoo import models


class CoachingPackage(models.Model):
    """What a package means for sessions that are planned, not booked yet."""

    _inherit = "coaching.package"

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
            "Package %(package)s of %(client)s has %(left)s, which the series uses up"
            " before. Sell another package, or let the series end earlier.",
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
