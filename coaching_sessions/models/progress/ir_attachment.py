from odoo import api, models
from odoo.exceptions import UserError

# where private notes are written
TEXT_ONLY = ("coaching.private.note", "coaching.session.close")


class IrAttachment(models.Model):
    """Private notes have no files: administrators could read those (R95)."""

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            model = vals.get("res_model") or self.env.context.get("default_res_model")
            if model in TEXT_ONLY and not vals.get("res_field"):
                raise UserError(
                    self.env._(
                        "Private notes are text only: remove images and files from the"
                        " note, then save it."
                    )
                )
        return super().create(vals_list)
