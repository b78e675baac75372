from odoo import api, models


class CoachingDialogMixin(models.AbstractModel):
    """Dialogs take the records they are about from their caller.

    Dialogs must not reveal the names of records that the caller may not read.
    """

    _name = "coaching.dialog.mixin"
    _description = "Coaching Dialog"
    _inherit = ["coaching.target.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        dialogs = super().create(vals_list)
        dialogs._check_targets()
        return dialogs

    def write(self, vals):
        result = super().write(vals)
        self._check_targets()
        return result
