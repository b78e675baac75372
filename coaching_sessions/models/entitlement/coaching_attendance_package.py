from math import ceil

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class CoachingAttendance(models.Model):
    """What a client attends with: a make-up, a package, nothing, or on credit."""

    _inherit = "coaching.attendance"

    sessions_deducted = fields.Integer(
        readonly=True,
        default=1,
        help="Sessions this takes from a package, as it was when it was booked.",
    )
    package_id = fields.Many2one(
        comodel_name="coaching.package",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
    )
    package_remaining = fields.Integer(related="package_id.remaining")
    package_expiry_date = fields.Date(related="package_id.expiry_date")
    claim_move_id = fields.Many2one(
        comodel_name="coaching.package.move",
        string="Hold or use",
        readonly=True,
        ondelete="restrict",
        help="The line of the package's ledger that stands for this session now.",
    )
    claim_count = fields.Integer(readonly=True, default=0)
    package_left = fields.Char(related="package_id.left_text")
    package_expires_soon = fields.Boolean(related="package_id.expires_soon")

    def _post_consequences(self):
        # after the make-ups: nothing is drawn from a package for what they made up
        result = super()._post_consequences()
        self.env["coaching.package"]._post_for(self)
        return result

    def _take_entitlement(self, package, missed, without_package=False):
        """Take what each client attends with: a make-up, a package, or nothing.

        :param package: ``coaching.package`` to draw on, or empty to choose
        :param missed: ``coaching.attendance`` to make up for, or empty to choose
        :param bool without_package: leave packages alone, where none is needed
        :raise UserError: when a client has nothing to attend with but needs it
        """
        booking_type = self.booking_type_id
        if booking_type.is_makeup:
            for attendance in self:
                self.env["coaching.makeup"]._use_for(attendance, missed)
            return
        if missed:
            raise UserError(
                self.env._(
                    "“%(booking_type)s” is not for make-ups. Choose a make-up booking"
                    " type.",
                    booking_type=booking_type.name,
                )
            )
        if without_package:
            self._check_without_package(package)
            return
        if not booking_type.package_required and not package:
            return
        self.env["coaching.package"]._hold_for(self, package)

    def _needs_package(self):
        """Return whether these clients have to pay with a package (R128, R132).

        The booking type may allow to attend without, whatever the company's rule.
        """
        return (
            self.booking_type_id.package_required
            and self.company_id.coaching_package_required
        )

    def _check_without_package(self, package):
        """Raise unless these clients can proceed without a package (R135)."""
        if package:
            raise UserError(
                self.env._("Choose a package, or to proceed without one, not both.")
            )
        if self._needs_package():
            raise UserError(
                self.env._(
                    "“%(booking_type)s” needs a package. Choose a booking type that"
                    " needs none, or let the booking draw on the client's package.",
                    booking_type=self.booking_type_id.name,
                )
            )

    def _attend_without_package(self):
        """Let a client without a package attend, where he may; else raise."""
        self.ensure_one()
        if not self.company_id.coaching_package_required:
            return
        # sudo: how far this client may go is a manager's setting
        limit = self.partner_id.sudo().coaching_owed_limit
        if not self._owe(limit):
            raise UserError(self.env["coaching.package"]._get_no_package_message(self))

    def _get_claim_quantity(self, package):
        """Return what this session takes from a package, in the package's unit (R127).

        :param package: ``coaching.package``
        """
        return self._get_quantity_in(package.unit)

    def _get_quantity_in(self, unit):
        """Return what this session takes from a package of some unit.

        Minutes as it was booked for, begun ones count.

        :param str unit: one of the package's units
        """
        self.ensure_one()
        if unit == "unlimited" or not self.sessions_deducted:
            return 0
        if unit == "minutes":
            return ceil((self.stop - self.start).total_seconds() / 60)
        return self.sessions_deducted

    def _keep_entitlement(self):
        """Make what these clients attend with fit a new time, or raise.

        What is held follows the length of the session, and the month it is in.
        """
        for attendance in self.filtered("claim_move_id"):
            package, claim = attendance.package_id, attendance.claim_move_id
            quantity = attendance._get_claim_quantity(package)
            if claim.quantity != -quantity or not package._is_valid_on(attendance):
                package._hold_anew(attendance)
        self._check_still_valid()

    def _check_still_valid(self):
        """Raise when what these clients attend with is over on the session's day."""
        for attendance in self:
            package, makeup = attendance.package_id, attendance.used_makeup_id
            if package and not package._is_valid_on(attendance):
                package._check_usable(attendance)
            if makeup and makeup._is_expired_on(attendance):
                raise UserError(
                    self.env._(
                        "The make-up of %(client)s can be used until %(date)s. Choose"
                        " an earlier time.",
                        client=attendance.partner_id.name,
                        date=format_date(self.env, makeup.expiry_date),
                    )
                )
