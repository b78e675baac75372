from odoo import api, models
from odoo.exceptions import AccessError


class CoachingSharedMixin(models.AbstractModel):
    """Configuration that, without a company, counts for all of them.

    Who manages some of the companies must not change what the others live by.
    """

    _name = "coaching.shared.mixin"
    _description = "Shared Coaching Configuration"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._check_may_change_shared()
        return records

    def write(self, vals):
        self._check_may_change_shared()
        result = super().write(vals)
        self._check_may_change_shared()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shared(self):
        self._check_may_change_shared()

    def _check_may_change_shared(self):
        """Raise when the user changes what counts in companies they can't access."""
        if self.env.su or all(record.company_id for record in self):
            return
        # sudo: how many companies there are
        companies = self.env["res.company"].sudo().search_count([])
        if companies > len(self.env.user.company_ids):
            raise AccessError(
                self.env._(
                    "This record applies to every company. Add one for your company"
                    " instead."
                )
            )
