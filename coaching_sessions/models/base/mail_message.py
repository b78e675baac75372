from odoo import api, models


class MailMessage(models.Model):
    """Nobody from outside writes into the chatter of ours, by whatever way."""

    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        if vals_list:
            default = self.env.context.get("default_model")
            self.env["mail.thread"]._check_coaching_chatter(
                *(vals.get("model", default) for vals in vals_list)
            )
        return super().create(vals_list)

    def write(self, vals):
        """Odoo lets who is told of a message, or its author, change what it says."""
        if not self.env.su and self.env.user.share:
            # sudo: the names of models only, to refuse
            names = self.sudo().mapped("model")
            self.env["mail.thread"]._check_coaching_chatter(*names)
        return super().write(vals)
