from odoo import fields, models


class CoachingPackageExtend(models.TransientModel):
    """Dialog that lets a package be used longer (R122)."""

    _name = "coaching.package.extend"
    _description = "Extend a Package"
    _inherit = ["coaching.dialog.mixin"]

    package_id = fields.Many2one(
        comodel_name="coaching.package", required=True, readonly=True
    )
    expiry_date = fields.Date(
        related="package_id.expiry_date", related_sudo=False, string="Valid until"
    )
    date = fields.Date(string="Extend until", required=True)
    reason = fields.Char(required=True)

    def action_extend(self):
        """Extend the package."""
        self.ensure_one()
        self.package_id.action_extend(self.date, self.reason)
        return {"type": "ir.actions.act_window_close"}
