from odoo import api, models


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model
    def _get_text_only_models(self):
        # the dialog that closes out asks for a private note
        return super()._get_text_only_models() | {"coaching.session.close"}
