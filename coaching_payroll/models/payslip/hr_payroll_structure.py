from odoo import fields, models


class HrPayrollStructure(models.Model):
    """A structure may be of every company, as its rules and their categories may."""

    _inherit = "hr.payroll.structure"

    company_id = fields.Many2one(
        required=False, ondelete="restrict", help="Empty: every company can use it."
    )

    def init(self):
        """Give the structure that is shipped to every company, again and again.

        When payroll itself is loaded, a company is required, and Odoo fills in the main
        one.
        """
        super().init()
        self.env.cr.execute(
            """
            UPDATE hr_payroll_structure AS structure
               SET company_id = NULL
              FROM ir_model_data AS data, ir_model_data AS main
             WHERE data.module = 'coaching_payroll'
               AND data.name = 'hr_payroll_structure_coaching'
               AND data.res_id = structure.id
               AND main.module = 'base' AND main.name = 'main_company'
               AND structure.company_id = main.res_id
            """
        )
