from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _post_process(self):
        """Grant packages that wait for a payment made online."""
        result = super()._post_process()
        # sudo: the payer need not have access to the order's packages
        done = self.sudo().filtered(lambda transaction: transaction.state == "done")
        done.sale_order_ids._grant_coaching_packages()
        return result
