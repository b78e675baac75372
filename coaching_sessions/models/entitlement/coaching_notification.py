from odoo import api, fields, models
from odoo.tools import format_date


class CoachingNotification(models.Model):
    """The last day of a package is near (R123), and what became of a missed session."""

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

    def _describe_returned(self):
        """Return what became of what was returned, and until when it can be used."""
        reader = self.with_context(lang=self.partner_id.lang or self.env.lang)
        return reader.attendance_id._describe_returned()

    def _describe_outcome(self):
        sentences = super()._describe_outcome()
        reader = self.with_context(lang=self.partner_id.lang or self.env.lang)
        attendance = reader.attendance_id
        if attendance.uses_session and attendance.package_id:
            sentences.append(
                reader.env._(
                    "The session counts against package %(name)s.",
                    name=attendance.package_id.name,
                )
            )
        makeup = attendance.makeup_id
        if makeup.state == "issued" and makeup.expiry_date:
            sentences.append(
                reader.env._(
                    "You can make up for it with one free session until %(date)s.",
                    date=format_date(reader.env, makeup.expiry_date),
                )
            )
        elif makeup.state == "issued":
            sentences.append(
                reader.env._("You can make up for it with one free session.")
            )
        return sentences
