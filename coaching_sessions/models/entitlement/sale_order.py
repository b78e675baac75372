from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    coaching_package_ids = fields.One2many(
        comodel_name="coaching.package",
        compute="_compute_coaching_package_ids",
        string="Packages",
    )
    coaching_package_count = fields.Integer(
        string="Number of packages", compute="_compute_coaching_package_ids"
    )

    coaching_start_date = fields.Date(
        string="Packages valid from",
        copy=False,
        help="First day on which the packages of this order can be used; months count"
        " from this day. Empty: the day they are granted.",
    )

    coaching_sells_packages = fields.Boolean(
        string="Sells packages", compute="_compute_coaching_sells_packages"
    )

    @api.depends("order_line.product_id.coaching_package")
    def _compute_coaching_sells_packages(self):
        for order in self:
            order.coaching_sells_packages = any(
                order.order_line.product_id.mapped("coaching_package")
            )

    def _compute_coaching_package_ids(self):
        for order in self:
            packages = order.order_line.coaching_package_ids
            order.coaching_package_ids = packages
            order.coaching_package_count = len(packages)

    def _action_confirm(self):
        result = super()._action_confirm()
        self._grant_coaching_packages()
        return result

    def _action_cancel(self):
        # sudo: whoever may cancel the order takes back what it granted
        self.order_line.sudo().coaching_package_ids._take_back(
            self.env._("Sales order cancelled")
        )
        return super()._action_cancel()

    def _grant_coaching_packages(self):
        """Grant the packages of confirmed orders, or of paid ones where so set."""
        orders = self.filtered(
            lambda order: order.state == "sale"
            and (
                order.company_id.coaching_grant_on == "confirmed"
                or order._is_coaching_paid()
            )
        )
        return orders.order_line._grant_coaching_packages()

    def _is_coaching_paid(self):
        """Return whether the customer has paid the whole order."""
        self.ensure_one()
        if self.currency_id.compare_amounts(self.amount_paid, self.amount_total) >= 0:
            return True
        invoices = self.invoice_ids.filtered(lambda move: move.state == "posted")
        invoiced = sum(invoices.mapped("amount_total_in_currency_signed"))
        return (
            bool(invoices)
            and self.currency_id.compare_amounts(invoiced, self.amount_total) >= 0
            and all(
                move.payment_state in ("paid", "in_payment", "reversed")
                for move in invoices
            )
        )

    def action_view_coaching_packages(self):
        """Open the packages that this order granted."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_package_action"
        )
        packages = self.coaching_package_ids
        action["domain"] = [("id", "in", packages.ids)]
        action["context"] = {}
        if len(packages) == 1:
            action["views"] = [(False, "form")]
            action["res_id"] = packages.id
        return action
