from odoo import api, fields, models
from odoo.exceptions import UserError

MAX_SESSIONS = 100_000


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # one at most, see the unique index of the package
    coaching_package_ids = fields.One2many(
        comodel_name="coaching.package",
        inverse_name="sale_line_id",
        string="Package",
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
        for line in lines:
            sessions = line._get_coaching_session_count()
            if line.coaching_package_ids:
                line.coaching_package_ids._settle_sold(
                    line._get_coaching_client(), sessions, line.order_id.name
                )
            elif sessions:
                self.env["coaching.package"].sudo()._grant(
                    line._prepare_coaching_package_values(),
                    sessions,
                    line.order_id.name,
                )
        return lines.coaching_package_ids

    def _get_coaching_session_count(self):
        """Return the sessions that this line grants, in whole sessions.

        :raise UserError: when the quantity makes no whole number of sessions
        """
        self.ensure_one()
        product = self.product_id
        if not product.coaching_package:
            return 0
        packages = self.product_uom_id._compute_quantity(
            self.product_uom_qty, product.uom_id, round=False
        )
        sessions = packages * product.coaching_session_count
        if sessions < 0 or sessions > MAX_SESSIONS or round(sessions, 6) % 1:
            raise UserError(
                self.env._(
                    "%(product)s: %(sessions)s sessions can't be granted. Choose a"
                    " quantity that makes a whole number of sessions.",
                    product=product.display_name,
                    sessions=sessions,
                )
            )
        return round(sessions)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_package(self):
        if self.sudo().coaching_package_ids:
            raise UserError(
                self.env._(
                    "The package that was granted with this line keeps its history."
                    " Leave the order cancelled, or set the quantity to zero."
                )
            )

    def _prepare_coaching_package_values(self):
        """Return the values of the package that this line grants."""
        self.ensure_one()
        product = self.product_id
        today = fields.Date.context_today(self)
        return {
            "partner_id": self._get_coaching_client().id,
            "company_id": self.company_id.id,
            "product_id": product.id,
            "booking_type_ids": product.coaching_booking_type_ids.ids,
            "sale_line_id": self.id,
            "purchase_date": today,
            "expiry_date": self.env["coaching.package"]._get_expiry_date(
                today, product.coaching_validity_months
            ),
        }

    def _get_coaching_client(self):
        """Return who attends the sessions: the order's customer."""
        self.ensure_one()
        return self.order_id.partner_id
