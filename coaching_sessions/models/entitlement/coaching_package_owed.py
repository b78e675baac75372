from odoo import models
from odoo.fields import Domain


class CoachingPackage(models.Model):
    """A new package pays first for what its client owes."""

    _inherit = "coaching.package"

    def _get_people_domain(self):
        """Return who may draw on this package, as a domain on attendances."""
        self.ensure_one()
        people = Domain("partner_id", "=", self.partner_id.id)
        if self.sharing != "none":
            people |= Domain("partner_id", "in", self.member_ids.ids)
        if self.sharing == "household":
            household = self.partner_id.commercial_partner_id
            people |= Domain("partner_id.commercial_partner_id", "=", household.id)
        return people & Domain("company_id", "=", self.company_id.id)

    def _pay_owed(self):
        """Take the sessions that clients owe from these packages, oldest first.

        Also those before a package's first day: it is bought to pay for them. A
        session to come is held, one that took place is used.
        """
        packages = self.filtered(
            lambda package: not package.cancelled
            and package._has_left()
            and not package._is_over()
        ).sorted(
            lambda package: (package.start_date or package.purchase_date, package.id)
        )
        if not packages:
            return
        owed = self.env["coaching.attendance"].search(
            Domain("owed", "=", True)
            & Domain.OR(package._get_people_domain() for package in packages),
            order="start, id",
        )
        chosen = packages._choose_for_owed(owed)
        if not chosen:
            return
        reason = self.env._("Owed until now")
        scheduled, past = {}, {}
        for attendance, package in chosen.items():
            future = attendance.state == "scheduled"
            (scheduled if future else past)[attendance] = package
        owed.browse(attendance.id for attendance in chosen).write({"owed_slot": 0})
        moves = self.env["coaching.package.move"].create(
            self._prepare_claims(scheduled, "hold", reason)
            + self._prepare_claims(past, "use", reason)
        )
        moves._remember_claims()

    def _choose_for_owed(self, attendances):
        """Return which of these packages pays for which owed session.

        :return: dict of attendance → package
        """
        left = {package: package.remaining for package in self}
        chosen = {}
        for attendance in attendances:
            for package in self:
                if package._can_pay_owed(attendance, left[package]):
                    left[package] -= attendance._get_claim_quantity(package)
                    chosen[attendance] = package
                    break
        return chosen

    def _can_pay_owed(self, attendance, left):
        """Return whether this package can pay for an owed session.

        :param int left: what is left of it
        """
        self.ensure_one()
        return (
            self.company_id == attendance.company_id
            and self._is_for(attendance.partner_id)
            and self._is_for_type(attendance.booking_type_id)
            and not self._is_expired_on(attendance)
            and attendance._get_claim_quantity(self) <= left
        )
