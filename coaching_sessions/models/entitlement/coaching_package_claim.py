from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date


class CoachingPackage(models.Model):
    """What sessions take from packages: holds, uses, and who may draw on which."""

    _inherit = "coaching.package"

    # === CHOOSING === #

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

    @api.model
    def _hold_for(self, attendances, package=None):
        """Hold what a booking takes from each client's package.

        :param attendances: new ``coaching.attendance`` of one session
        :param package: the package to draw on, else the one that expires first
        :raise UserError: when a client has none that fits but needs it, saying why
        """
        if package:
            package._check_usable(attendances)
        candidates = package or self._find_candidates(attendances)
        chosen = candidates._choose_for(attendances)
        for attendance in attendances:
            if attendance not in chosen:
                attendance._attend_without_package()
        claiming = {}
        for attendance, candidate in chosen.items():
            if attendance.sessions_deducted:
                claiming[attendance] = candidate
            else:
                attendance.package_id = candidate
        self._claim(claiming, "hold")

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
                "Package %(package)s can be used from %(date)s on, which is after the"
                " session. Choose a later time, or another package.",
                date=format_date(self.env, self.start_date),
                **values,
            )
        if self._is_expired_on(attendance):
            return self.env._(
                "Package %(package)s expires on %(date)s, before the session. Extend"
                " it, or choose another.",
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

    # === POSTING === #

    @api.model
    def _claim(self, chosen, kind):
        """Post a hold or use for attendances and remember it on them.

        :param dict chosen: attendance → package
        """
        moves = self.env["coaching.package.move"].create(
            self._prepare_claims(chosen, kind)
        )
        moves._remember_claims()

    @api.model
    def _prepare_claims(self, chosen, kind, reason=""):
        """Return the values of a hold or use for each attendance.

        :param dict chosen: attendance → package
        """
        return [
            {
                "package_id": package.id,
                "attendance_id": attendance.id,
                "company_id": attendance.company_id.id,
                "unit": package.unit,
                "kind": kind,
                "quantity": -attendance._get_claim_quantity(package),
                "claim_number": attendance.claim_count + 1,
                "reason": reason or False,
            }
            for attendance, package in chosen.items()
        ]

    @api.model
    def _post_for(self, attendances):
        """Post what closed attendances mean for their packages (R16-R27, R124-R127).

        A hold ends; what is used is used once; what a correction sends back is
        released once. What nobody paid for yet is owed, or not any more.
        """
        attendances.filtered("booked_on_credit")._post_owed()
        deducted = attendances.filtered(
            lambda attendance: attendance.package_id and attendance.sessions_deducted
        )
        to_end = deducted.claim_move_id.filtered(
            lambda move: move.kind == "hold" or not move.attendance_id.uses_session
        )
        to_use = deducted.filtered(
            lambda attendance: attendance.uses_session
            and (
                not attendance.claim_move_id or attendance.claim_move_id.kind == "hold"
            )
        )
        reversals = [
            move._prepare_reversal_values(move.attendance_id.outcome_id.name)
            for move in to_end
        ]
        uses = self._prepare_claims(
            {attendance: attendance.package_id for attendance in to_use}, "use"
        )
        expiries = to_use.package_id._prepare_expiry_corrections(reversals + uses)
        # a hold ends before its use begins, so that the last session can be used
        moves = self.env["coaching.package.move"].create(reversals + expiries + uses)
        (to_end.attendance_id - to_use).write({"claim_move_id": False})
        moves.filtered(
            lambda move: move.kind == "use" and not move.reversal_of_id
        )._remember_claims()

    def _hold_anew(self, attendance):
        """End a hold and take another one that fits the session's new time.

        From this package, or, of one sold by the month, from that of the session's
        month (R45).

        :raise UserError: when there is none with enough left
        """
        self.ensure_one()
        claim = attendance.claim_move_id
        package = self
        if not self._is_valid_on(attendance):
            package = self.sale_line_id.coaching_package_ids.filtered(
                lambda sibling: not sibling.cancelled
                and sibling._is_valid_on(attendance)
            )[:1]
            (package or self)._check_usable(attendance)
        moves = self.env["coaching.package.move"].create(
            [
                claim._prepare_reversal_values(self.env._("Moved")),
                *self._prepare_claims({attendance: package}, "hold"),
            ]
        )
        moves[1:]._remember_claims()
