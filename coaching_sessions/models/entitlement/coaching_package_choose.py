from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date


class CoachingPackage(models.Model):
    """Who may draw on which package, for which sessions, and why not."""

    _inherit = "coaching.package"

    @api.model
    def _get_usable_domain(self, partners):
        """Return the packages that people may draw on, their own and shared ones."""
        households = partners.commercial_partner_id
        return (
            Domain("partner_id", "in", partners.ids)
            | (
                Domain("sharing", "!=", "none")
                & Domain("member_ids", "in", partners.ids)
            )
            | (
                Domain("sharing", "=", "household")
                & Domain("partner_id.commercial_partner_id", "in", households.ids)
            )
        )

    def _is_for(self, partner):
        """Return whether somebody may draw on this package."""
        self.ensure_one()
        if self.partner_id == partner:
            return True
        if self.sharing == "none":
            return False
        if partner in self.member_ids:
            return True
        household = self.partner_id.commercial_partner_id
        return self.sharing == "household" and (
            partner.commercial_partner_id == household
        )

    def _choose_for(self, attendances):
        """Return which of these packages each attendance would draw on.

        :return: dict of attendance → package, without those that none is left for
        """
        left = {package: package.remaining for package in self}
        chosen = {}
        for attendance in attendances:
            usable = self.filtered(
                lambda package, attendance=attendance: package._is_usable(
                    attendance, left[package]
                )
            )[:1]
            if usable:
                left[usable] -= attendance._get_claim_quantity(usable)
                chosen[attendance] = usable
        return chosen

    @api.model
    def _find_candidates(self, attendances):
        """Return the packages with something left, those that expire first first.

        :param attendances: of one session, so all as long and of one type
        """
        sample = attendances[0]
        enough = Domain("unit", "=", "unlimited")
        for unit in ("sessions", "minutes"):
            quantity = sample._get_quantity_in(unit)
            enough |= Domain("unit", "=", unit) & Domain("remaining", ">=", quantity)
        return self.search_fetch(
            self._get_usable_domain(attendances.partner_id)
            & Domain("company_id", "in", attendances.company_id.ids)
            & Domain("cancelled", "=", False)
            & enough,
            [
                "partner_id",
                "company_id",
                "cancelled",
                "start_date",
                "expiry_date",
                "sharing",
                "unit",
                "remaining",
            ],
            order="expiry_date NULLS LAST, id",
        )

    def _is_usable(self, attendance, left=None):
        """Return whether an attendance can be paid with this package.

        :param int left: what is left of it, where more is planned than is posted
        """
        self.ensure_one()
        left = self.remaining if left is None else left
        return (
            not self.cancelled
            and self.company_id == attendance.company_id
            and self._is_for(attendance.partner_id)
            and self._is_for_type(attendance.booking_type_id)
            and self._is_valid_on(attendance)
            and attendance._get_claim_quantity(self) <= left
        )

    def _is_for_type(self, booking_type):
        """Return whether a type of session can be paid with this package (R130)."""
        self.ensure_one()
        return not self.booking_type_ids or booking_type in self.booking_type_ids

    def _is_valid_on(self, attendance):
        """Return whether a package can be used on a session's day (coach's zone)."""
        self.ensure_one()
        return not (self._begins_after(attendance) or self._is_expired_on(attendance))

    def _begins_after(self, attendance):
        """Return whether the package begins after a session's day (coach's zone)."""
        self.ensure_one()
        return bool(self.start_date and self.start_date > attendance._get_local_date())

    def _is_expired_on(self, attendance):
        """Return whether the package is over on the day of a session (coach's zone)."""
        self.ensure_one()
        return bool(
            self.expiry_date and self.expiry_date < attendance._get_local_date()
        )

    def _check_usable(self, attendances):
        """Raise when attendances can't be paid with this package, saying why."""
        self.ensure_one()
        left = self.remaining
        for attendance in attendances:
            reason = self._get_unusable_reason(attendance)
            if reason:
                raise UserError(reason)
            left -= attendance._get_claim_quantity(self)
            if left < 0:
                raise UserError(self._get_nothing_left_message())

    def _get_unusable_reason(self, attendance):
        """Return why a package can't be used for a session, empty if it can be."""
        self.ensure_one()
        values = {"package": self.name, "client": attendance.partner_id.name}
        if not self._is_for(attendance.partner_id):
            return self.env._(
                "Package %(package)s does not belong to %(client)s. Choose one of the"
                " client's own, or share it.",
                **values,
            )
        if self.company_id != attendance.company_id:
            return self.env._(
                "Package %(package)s belongs to another company. Choose another.",
                **values,
            )
        if self.cancelled:
            return self.env._(
                "Package %(package)s is cancelled. Choose another.", **values
            )
        if self._begins_after(attendance):
            return self.env._(
                "Package %(package)s is valid from %(date)s, which is after the"
                " session. Choose a later time or another package.",
                date=format_date(self.env, self.start_date),
                **values,
            )
        if self._is_expired_on(attendance):
            return self.env._(
                "Package %(package)s is valid until %(date)s, which is before the"
                " session. Extend it, or choose another package.",
                date=format_date(self.env, self.expiry_date),
                **values,
            )
        if not self._is_for_type(attendance.booking_type_id):
            return self.env._(
                "Package %(package)s can't be used for “%(booking_type)s”. Choose"
                " another package or booking type.",
                booking_type=attendance.booking_type_id.name,
                **values,
            )
        return ""

    @api.model
    def _get_no_package_message(self, attendance):
        return self.env._(
            "%(client)s has no package with a session left for “%(booking_type)s” on"
            " that day. Sell a package, or choose a booking type that needs none.",
            client=attendance.partner_id.name,
            booking_type=attendance.booking_type_id.name,
        )
