from odoo import api, fields, models


class CoachingNotification(models.Model):
    """The mail that the last day of a package is near (R123)."""

    _inherit = "coaching.notification"

    package_id = fields.Many2one(
        comodel_name="coaching.package",
        is_subject=True,
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    kind = fields.Selection(
        selection_add=[("package_expiring", "Package expires soon")],
        ondelete={"package_expiring": "cascade"},
    )

    @api.model
    def _get_templates(self):
        return {
            **super()._get_templates(),
            "package_expiring": "coaching_sessions.mail_template_package_expiring",
        }

    @api.model
    def _get_checks(self):
        return {
            **super()._get_checks(),
            "package_expiring": "_is_package_expiring",
        }

    def _is_package_expiring(self):
        # one that was extended since is told about anew when it is time
        return self.package_id.expiry_notified and self.package_id.expires_soon
