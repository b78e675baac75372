from odoo import Command, api, fields, models

from ...models.entitlement.coaching_package import SHARING


class CoachingPackageShare(models.TransientModel):
    """Dialog that says who else can book with a package."""

    _name = "coaching.package.share"
    _description = "Share a Package"
    _inherit = ["coaching.dialog.mixin"]

    package_id = fields.Many2one(
        comodel_name="coaching.package", required=True, readonly=True
    )
    sharing = fields.Selection(selection=SHARING, string="Usable by", required=True)
    member_ids = fields.Many2many(comodel_name="res.partner", string="Chosen people")
    reason = fields.Char(required=True)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        package = self.env["coaching.package"].browse(values.get("package_id"))
        if package:
            package.check_access("read")
            values.setdefault("sharing", package.sharing)
            values.setdefault("member_ids", [Command.set(package.member_ids.ids)])
        return values

    def action_share(self):
        """Share the package as the dialog says."""
        self.ensure_one()
        self.package_id.action_share(self.sharing, self.member_ids.ids, self.reason)
        return {"type": "ir.actions.act_window_close"}
