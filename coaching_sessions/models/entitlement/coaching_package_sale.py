from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.exceptions import UserError


class CoachingPackage(models.Model):
    """How packages come to be, and follow the order line that sold them."""

    _inherit = "coaching.package"

    @api.model
    def _grant(self, vals, quantity, reason=""):
        """Create a package with its first line.

        :param dict vals: values of the package, without counters
        :param int quantity: sessions or minutes; of no meaning without limit
        :param str reason: where they come from
        :return: ``coaching.package``
        """
        return self._grant_all([vals], quantity, reason)

    @api.model
    def _grant_all(self, vals_list, quantity, reason=""):
        """Create packages with their first lines, and settle what clients owe.

        :param list vals_list: values of each package, see ``_grant``
        :return: ``coaching.package``
        """
        packages = self.create(vals_list)
        packages._post_lines("grant", quantity, reason)
        packages._pay_owed()
        return packages

    def _post_lines(self, kind, quantity, reason=""):
        """Post a line that belongs to no session, the same to each package."""
        return self.env["coaching.package.move"].create(
            [
                {
                    "package_id": package.id,
                    "kind": kind,
                    "quantity": 0 if package.unit == "unlimited" else quantity,
                    "reason": reason,
                }
                for package in self
            ]
        )

    def _post_line(self, kind, quantity, reason=""):
        """Post a line that belongs to no session."""
        self.ensure_one()
        return self._post_lines(kind, quantity, reason)

    def _get_booked(self):
        """Return the attendances to come that hold something of these packages."""
        return self.env["coaching.attendance"].search(
            [
                ("package_id", "in", self.ids),
                ("state", "=", "scheduled"),
                ("claim_move_id", "!=", False),
            ]
        )

    def _take_back(self, reason=""):
        """Cancel a package: what is left of it goes, what was used stays (R103).

        :raise UserError: while sessions are booked on it
        """
        for package in self.filtered(lambda package: not package.cancelled):
            booked = package._get_booked()
            if booked:
                raise UserError(
                    self.env._(
                        "Package %(package)s still has sessions booked (%(count)s)."
                        " Cancel them first.",
                        count=len(booked),
                        package=package.name,
                    )
                )
            if package.remaining:
                package._post_line("refund", -package.remaining, reason)
            package.cancelled = True

    def _follow_quantity_sold(self, partner, quantity, reason=""):
        """Make packages hold what their order line sells, bringing back cancelled ones.

        Of several, months that are over stay as they were.

        :param partner: client they are sold to
        :param int quantity: sessions or minutes sold, of each
        :param str reason: where they come from
        :raise UserError: when more was taken already than is sold now
        """
        for package in self:
            if len(self) > 1 and package._is_over():
                package.cancelled = False
            else:
                package._follow_one_sold(partner, quantity, reason)
        self._pay_owed()

    def _follow_one_sold(self, partner, quantity, reason):
        """Make one package hold it, see ``_follow_quantity_sold``."""
        self.ensure_one()
        if self.partner_id != partner:
            if self.sessions_taken:
                raise UserError(
                    self.env._(
                        "%(client)s has already used package %(package)s. Sell"
                        " %(other)s a package with a new order.",
                        client=self.partner_id.name,
                        package=self.name,
                        other=partner.name,
                    )
                )
            self.partner_id = partner
        if self.unit == "unlimited" and not quantity:
            # nothing is counted that could be taken back
            self._take_back(reason)
            return
        self.cancelled = False
        if self.unit == "unlimited":
            return
        # searched: the user may have read only some of the lines
        sold = self.env["coaching.package.move"].search(
            [("package_id", "=", self.id), ("kind", "in", ("grant", "refund"))]
        )
        missing = quantity - sum(sold.mapped("quantity"))
        given_back = min(max(missing, 0), self.refunded) if missing > 0 else missing
        if given_back:
            self._post_line("refund", given_back, reason)
        if missing - given_back > 0:
            self._post_line("grant", missing - given_back, reason)

    @api.model
    def _get_expiry_date(self, start, months):
        """Return the last day of a package, None for one that never expires.

        :param date start: first day
        :param int months: validity, 0 for no end
        """
        return start + relativedelta(months=months, days=-1) if months else None

    @api.model
    def _get_monthly_periods(self, start, months):
        """Return first and last day of each of some months, without gap or overlap.

        Counted from the first day and not from the month before: who buys on the 31st
        has the end of each month, not the 28th for ever.

        :param date start: first day
        :param int months: how many
        :return: list of (first day, last day)
        """
        starts = [start + relativedelta(months=month) for month in range(months + 1)]
        return [
            (first, following - relativedelta(days=1))
            for first, following in zip(starts, starts[1:], strict=False)
        ]
