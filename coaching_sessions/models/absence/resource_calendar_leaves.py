from odoo import api, models


class ResourceCalendarLeaves(models.Model):
    """Time off and holidays, whoever enters them: what is booked is looked at again."""

    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env["coaching.session"]._look_for_changes_soon()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env["coaching.session"]._look_for_changes_soon()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["coaching.session"]._look_for_changes_soon()
        return result
