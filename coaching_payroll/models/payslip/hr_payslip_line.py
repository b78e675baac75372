from odoo import api, models


class HrPayslipLine(models.Model):
    """Lines of a payslip that has paid sessions never change."""

    _inherit = "hr.payslip.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.slip_id._check_not_paid()
        return lines

    def write(self, vals):
        self.slip_id._check_not_paid()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_paid(self):
        self.slip_id._check_not_paid()
