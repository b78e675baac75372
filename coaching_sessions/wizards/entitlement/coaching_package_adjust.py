from odoo import fields, models


class CoachingPackageAdjust(models.TransientModel):
    """Dialog that adds to a client's package, or takes from it."""

    _name = "coaching.package.adjust"
    _description = "Adjust a Package"
    _inherit = ["coaching.dialog.mixin"]

    package_id = fields.Many2one(
        comodel_name="coaching.package", required=True, readonly=True
    )
    unit = fields.Selection(related="package_id.unit", related_sudo=False)
    left_text = fields.Char(related="package_id.left_text", related_sudo=False)
    quantity = fields.Integer(
        string="Change",
        required=True,
        help="In the unit of the package: sessions or minutes. Negative: take from"
        " the package.",
    )
    reason = fields.Char(required=True)

    def action_adjust(self):
        """Adjust the package."""
        self.ensure_one()
        self.package_id.action_adjust(self.quantity, self.reason)
        return {"type": "ir.actions.act_window_close"}
