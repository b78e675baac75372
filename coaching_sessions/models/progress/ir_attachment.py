from odoo import api, models
from odoo.exceptions import UserError


class IrAttachment(models.Model):
    """Private notes have no files: administrators could read those (R95)."""

    _inherit = "ir.attachment"

    @api.model
    def _get_text_only_models(self):
        """Return the models that private notes are written in; a hook."""
        return {"coaching.private.note"}

    @api.model_create_multi
    def create(self, vals_list):
        text_only = self._get_text_only_models()
        for vals in vals_list:
            model = vals.get("res_model") or self.env.context.get("default_res_model")
            if model in text_only and not vals.get("res_field"):
                raise UserError(
                    self.env._(
                        "Private notes are text only: remove images and files from the"
                        " note, then save it."
                    )
                )
        return super().create(vals_list)
