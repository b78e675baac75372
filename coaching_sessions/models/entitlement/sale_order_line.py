from odoo import api, fields, models
from odoo.exceptions import UserError

from ..time.locks import touch

MAX_QUANTITY = 1_000_000


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # one, or one for each month; see the unique index of the package
    coaching_package_ids = fields.One2many(
        comodel_name="coaching.package",
        inverse_name="sale_line_id",
        string="Packages",
        readonly=True,
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        # a line added to an order that is confirmed already
        lines.order_id.filtered(
            lambda order: order.state == "sale"
        )._grant_coaching_packages()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if "product_uom_qty" in vals or "product_id" in vals:
            self.order_id.filtered(
                lambda order: order.state == "sale"
            )._grant_coaching_packages()
        return result

    def _grant_coaching_packages(self):
        """Grant what was sold, once a line, however often the order is confirmed.

        :return: the packages of these lines
        """
        # sudo: whoever may sell a package grants it, also without access to coaching
        lines = self.sudo().filtered(
            lambda line: line.coaching_package_ids
            or (line.product_id.coaching_package and not line.display_type)
        )
        lines.filtered(
            lambda line: not line.coaching_package_ids
        )._grant_one_at_a_time()
        for line in lines:
            line._check_coaching_product()
            quantity = line._get_coaching_quantity()
            if line.coaching_package_ids:
                line.coaching_package_ids._follow_quantity_sold(
                    line._get_coaching_client(), quantity, line.order_id.name
                )
            elif quantity:
                self.env["coaching.package"].sudo()._grant_all(
                    line._prepare_coaching_packages(), quantity, line.order_id.name
                )
        return lines.coaching_package_ids

    def _grant_one_at_a_time(self):
        """Change these lines, so that of two who grant at once one has to look again.

        The first day of months may differ between the two, and with it what the unique
        index of packages knows them by.
        """
        self.flush_recordset()
        touch(self)

    def _check_coaching_product(self):
        """Raise when the product of a line counts otherwise than what it granted.

        :raise UserError: saying how to proceed
        """
        self.ensure_one()
        product, packages = self.product_id, self.coaching_package_ids
        granted = packages.product_id
        if not (product.coaching_package and granted) or product == granted:
            return
        if (
            set(packages.mapped("unit")) != {product.coaching_unit}
            or granted.coaching_period != product.coaching_period
        ):
            raise UserError(
                self.env._(
                    "%(product)s has a different unit than package %(package)s,"
                    " which this line granted. Set the quantity of the line to zero"
                    " and add another line.",
                    product=product.display_name,
                    package=packages[0].name,
                )
            )

    def _get_coaching_quantity(self):
        """Return what each package of this line grants, in its unit.

        1 stands for any number of packages without limit.

        :raise UserError: when the quantity makes no whole number of sessions
        """
        self.ensure_one()
        product = self.product_id
        if not product.coaching_package:
            return 0
        packages = self.product_uom_id._compute_quantity(
            self.product_uom_qty, product.uom_id, round=False
        )
        if product.coaching_unit == "unlimited":
            return int(packages > 0)
        quantity = packages * product.coaching_session_count
        if quantity < 0 or quantity > MAX_QUANTITY or round(quantity, 6) % 1:
            raise UserError(
                self.env._(
                    "%(product)s: %(sessions)s sessions can't be granted. Choose a"
                    " quantity that gives a whole number of sessions.",
                    product=product.display_name,
                    sessions=quantity,
                )
                if product.coaching_unit == "sessions"
                else self.env._(
                    "%(product)s: %(minutes)s minutes can't be granted. Choose a"
                    " quantity that gives a whole number of minutes.",
                    product=product.display_name,
                    minutes=quantity,
                )
            )
        return round(quantity)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_package(self):
        if self.sudo().coaching_package_ids:
            raise UserError(
                self.env._(
                    "This line granted a package, whose history must be kept. Leave"
                    " the order cancelled, or set the quantity to zero."
                )
            )

    def _prepare_coaching_packages(self):
        """Return the values of the packages that this line grants: one, or one a month.

        :return: list of dict
        """
        self.ensure_one()
        months = self.product_id.coaching_validity_months
        start = self.order_id.coaching_start_date
        first = start or fields.Date.context_today(self)
        Package = self.env["coaching.package"]
        if self.product_id.coaching_period == "month":
            periods = Package._get_monthly_periods(first, months)
        else:
            periods = [(start, Package._get_expiry_date(first, months))]
        return [
            {
                **self._prepare_coaching_package_values(),
                "start_date": start,
                "expiry_date": expiry,
            }
            for start, expiry in periods
        ]

    def _prepare_coaching_package_values(self):
        """Return the values that all packages of this line have; a hook."""
        self.ensure_one()
        product = self.product_id
        return {
            "partner_id": self._get_coaching_client().id,
            "company_id": self.company_id.id,
            "product_id": product.id,
            "booking_type_ids": product.coaching_booking_type_ids.ids,
            "unit": product.coaching_unit,
            "sharing": product.coaching_sharing,
            "sale_line_id": self.id,
            "purchase_date": fields.Date.context_today(self),
        }

    def _get_coaching_client(self):
        """Return who attends the sessions: the order's customer."""
        self.ensure_one()
        return self.order_id.partner_id
