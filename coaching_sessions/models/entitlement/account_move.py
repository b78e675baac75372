from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _invoice_paid_hook(self):
        """Grant packages that wait for their payment."""
        result = super()._invoice_paid_hook()
        # sudo: whoever registers the payment need not have access to the order
        self.sudo().line_ids.sale_line_ids.order_id._grant_coaching_packages()
        return result
