from math import ceil

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class CoachingAttendance(models.Model):
    """The package that a client attends with, and what the session takes from it."""

    _inherit = "coaching.attendance"

    sessions_deducted = fields.Integer(
        string="Sessions deducted",
        readonly=True,
        default=1,
        help="Sessions deducted from the package, as set at booking.",
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
        help="The current ledger line of the package for this session.",
    )
    claim_count = fields.Integer(
        string="Number of holds and uses", readonly=True, default=0
    )
    package_left = fields.Char(related="package_id.left_text")
    package_expires_soon = fields.Boolean(related="package_id.expires_soon")

    def _post_consequences(self):
        # after the make-ups: nothing is drawn from a package for what they made up
        result = super()._post_consequences()
        self.env["coaching.package"]._post_for(self)
        return result

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
                        "The make-up of %(client)s is valid until %(date)s. Choose"
                        " an earlier time.",
                        client=attendance.partner_id.name,
                        date=format_date(self.env, makeup.expiry_date),
                    )
                )
