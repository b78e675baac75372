from odoo import fields, models


class CoachingPackageTransfer(models.TransientModel):
    """Dialog that transfers part of a package to another client."""

    _name = "coaching.package.transfer"
    _description = "Transfer a Package"
    _inherit = ["coaching.dialog.mixin"]

    package_id = fields.Many2one(
        comodel_name="coaching.package", required=True, readonly=True
    )
    unit = fields.Selection(related="package_id.unit", related_sudo=False)
    left_text = fields.Char(related="package_id.left_text", related_sudo=False)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="To client", required=True
    )
    quantity = fields.Integer(
        required=True, help="In the unit of the package: sessions or minutes."
    )
    reason = fields.Char(required=True)

    def action_transfer(self):
        """Transfer, and open the other client's package where that may be read."""
        self.ensure_one()
        given = self.package_id.action_transfer(
            self.partner_id.id, self.quantity, self.reason
        )
        if not given.has_access("read"):
            return {"type": "ir.actions.act_window_close"}
        return {
            "type": "ir.actions.act_window",
            "res_model": "coaching.package",
            "res_id": given.id,
            "view_mode": "form",
        }
