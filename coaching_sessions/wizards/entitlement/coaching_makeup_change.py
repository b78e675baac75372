from odoo import Command, api, fields, models


class CoachingMakeupChange(models.TransientModel):
    """Dialog in which staff grants, extends or revokes make-ups, with a reason."""

    _name = "coaching.makeup.change"
    _description = "Make-ups by Staff"
    _inherit = ["coaching.dialog.mixin"]

    action = fields.Selection(
        selection=[("grant", "Grant"), ("extend", "Extend"), ("revoke", "Revoke")],
        required=True,
        default="grant",
    )
    makeup_ids = fields.Many2many(
        string="Make-ups", comodel_name="coaching.makeup", readonly=True
    )
    partner_id = fields.Many2one(comodel_name="res.partner", string="Client")
    expiry_date = fields.Date(string="Valid until")
    reason = fields.Char(required=True)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if values.get("action") == "grant":
            values.setdefault(
                "expiry_date",
                self.env["coaching.makeup"]._get_expiry_in(self.env.company),
            )
        elif self.env.context.get("active_model") == "coaching.makeup":
            makeup_ids = self.env.context.get("active_ids") or []
            values.setdefault("makeup_ids", [Command.set(makeup_ids)])
        return values

    def action_confirm(self):
        """Do what the dialog says."""
        self.ensure_one()
        if self.action == "grant":
            self.env["coaching.makeup"].action_grant(
                self.partner_id.id, self.reason, self.expiry_date
            )
        elif self.action == "extend":
            self.makeup_ids.action_extend(self.expiry_date, self.reason)
        else:
            self.makeup_ids.action_revoke(self.reason)
        return {"type": "ir.actions.act_window_close"}
