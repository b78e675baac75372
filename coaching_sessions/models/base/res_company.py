from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _fetch_coaching(self):
        """Read what coaching asks companies for, and not their hundred other fields.

        To be called first where people wait for the answer.
        """
        names = [
            name
            for name, field in self._fields.items()
            if name.startswith("coaching_") and field.store and field.column_type
        ]
        # sudo: settings, which are not told to anybody here
        self.sudo().fetch([*names, "currency_id"])
