from odoo import Command, models
from odoo.exceptions import AccessError, UserError

from ...tools.arguments import parse_ids, parse_integer, parse_text
from .coaching_package import SHARING

ADJUST_GROUP = "coaching_sessions.group_coaching_adjust"


class CoachingPackage(models.Model):
    """What staff change by hand: a right of its own, always with a reason."""

    _inherit = "coaching.package"

    def _check_adjust(self, reason):
        """Return self as superuser and the reason, if the user may change packages.

        :raise AccessError: unless the user may read it and has the right to adjust
        :raise UserError: without a reason, or for a package that is cancelled
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(ADJUST_GROUP):
            raise AccessError(
                self.env._(
                    "You need the right to adjust and transfer packages. Ask your"
                    " administrator."
                )
            )
        reason = parse_text(self.env, reason).strip()
        if not reason:
            raise UserError(self.env._("Enter a reason; it is kept in the ledger."))
        # sudo: the right was checked; nobody writes packages by hand
        package = self.sudo()
        if package.cancelled:
            raise UserError(
                self.env._(
                    "Package %(package)s is cancelled. Confirm its sales order again"
                    " first.",
                    package=package.name,
                )
            )
        return package, reason

    def _check_enough(self, quantity):
        """Raise unless so much is left, in the package's unit."""
        self.ensure_one()
        if self.unit == "unlimited":
            raise UserError(
                self.env._(
                    "Package %(package)s is unlimited, so its balance can't change."
                    " Extend or share it instead.",
                    package=self.name,
                )
            )
        if quantity > self.remaining:
            raise UserError(
                self.env._(
                    "%(quantity)s can't be taken from package %(package)s: %(left)s.",
                    quantity=self._describe_quantity(quantity),
                    package=self.name,
                    left=self._describe_left(),
                )
            )

    def action_adjust(self, quantity, reason):
        """Add to a client's package, or take from it.

        :param int quantity: sessions or minutes, as the package counts; negative to
            take, never more than is left
        :param str reason: why, kept in the ledger
        :return: True
        :raise UserError: for less than nothing, without reason, or when it is over
        :raise AccessError: without the right to adjust packages
        """
        package, reason = self._check_adjust(reason)
        quantity = parse_integer(self.env, quantity)
        if not quantity:
            raise UserError(self.env._("Enter how much to add or take."))
        package._check_enough(-quantity)
        if quantity > 0 and package._is_over():
            raise UserError(
                self.env._(
                    "Package %(package)s is expired. Extend it first.",
                    package=package.name,
                )
            )
        package._post_line("adjust", quantity, reason)
        package._pay_owed()
        return True

    def action_transfer(self, partner_id, quantity, reason):
        """Transfer part of a package to another client, as a package of their own.

        It keeps its dates, what it can be used for, and its unit; the ledgers of both
        name the other.

        :param int partner_id: id of the other client's contact
        :param int quantity: sessions or minutes, as the package counts
        :param str reason: why, kept in both ledgers
        :return: ``coaching.package`` of the other client
        :raise UserError: when so much is not left, or to nobody else
        :raise AccessError: without the right to adjust packages
        """
        package, reason = self._check_adjust(reason)
        quantity = parse_integer(self.env, quantity)
        partner = self.env["res.partner"].browse(parse_integer(self.env, partner_id))
        if not partner.exists() or partner == package.partner_id:
            raise UserError(self.env._("Choose a different client."))
        partner.check_access("read")
        if quantity <= 0:
            raise UserError(self.env._("Enter how much to transfer."))
        package._check_enough(quantity)
        given = package.create(package._prepare_transfer_values(partner))
        package._post_line(
            "adjust",
            -quantity,
            self.env._(
                "To %(client)s, package %(package)s: %(reason)s",
                client=partner.name,
                package=given.name,
                reason=reason,
            ),
        )
        given._post_line(
            "grant",
            quantity,
            self.env._(
                "From %(client)s, package %(package)s: %(reason)s",
                client=package.partner_id.name,
                package=package.name,
                reason=reason,
            ),
        )
        given._pay_owed()
        return self.browse(given.id)

    def _prepare_transfer_values(self, partner):
        """Return the values of the package that a part of this one becomes."""
        self.ensure_one()
        return {
            "partner_id": partner.id,
            "company_id": self.company_id.id,
            "product_id": self.product_id.id,
            "booking_type_ids": self.booking_type_ids.ids,
            "unit": self.unit,
            "purchase_date": self.purchase_date,
            "start_date": self.start_date,
            "expiry_date": self.expiry_date,
            "origin_id": self.id,
        }

    def action_share(self, sharing, member_ids=(), reason=""):
        """Say who else can book with a package.

        What they have booked stays booked when it is not shared any more.

        :param str sharing: ``none``, ``members`` (the chosen people) or ``household``
            (all of the client's company or household, and the chosen people)
        :param list member_ids: ids of contacts
        :param str reason: why, kept in the ledger
        :return: True
        :raise UserError: for a way of sharing there is not, or without a reason
        :raise AccessError: without the right to adjust packages
        """
        package, reason = self._check_adjust(reason)
        if parse_text(self.env, sharing) not in dict(SHARING):
            raise UserError(
                self.env._(
                    "Unknown way of sharing “%(value)s”. Choose one of: %(values)s.",
                    value=sharing,
                    values=", ".join(dict(SHARING)),
                )
            )
        chosen = self.env["res.partner"].browse(parse_ids(self.env, member_ids))
        if chosen.exists() != chosen:
            raise UserError(self.env._("Choose contacts that exist."))
        members = chosen - package.partner_id
        members.check_access("read")
        if sharing == "none":
            members = members.browse()
        package.write({"sharing": sharing, "member_ids": [Command.set(members.ids)]})
        package._post_line("share", 0, package._describe_sharing(reason))
        package._pay_owed()
        return True

    def _describe_sharing(self, reason):
        """Return who can use a package and why, for its ledger."""
        self.ensure_one()
        labels = dict(self._fields["sharing"]._description_selection(self.env))
        return self.env._(
            "Usable by: %(people)s. %(reason)s",
            people=", ".join([labels[self.sharing], *self.member_ids.mapped("name")]),
            reason=reason,
        )
