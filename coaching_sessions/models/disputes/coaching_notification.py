from odoo import api, fields, models


class CoachingNotification(models.Model):
    """Emails about disputes: to who settles them, and back to the client."""

    _inherit = "coaching.notification"

    kind = fields.Selection(
        selection_add=[
            ("dispute_opened", "Dispute opened"),
            ("dispute_settled", "Dispute settled"),
        ],
        ondelete={"dispute_opened": "cascade", "dispute_settled": "cascade"},
    )

    @api.model
    def _get_templates(self):
        return {
            **super()._get_templates(),
            "dispute_opened": "coaching_sessions.mail_template_dispute_opened",
            "dispute_settled": "coaching_sessions.mail_template_dispute_settled",
        }

    @api.model
    def _get_checks(self):
        return {**super()._get_checks(), "dispute_opened": "_is_disputed"}

    def _is_disputed(self):
        return self.attendance_id.is_disputed

    def _get_dispute(self):
        """Return the dispute that this email is about: the client's latest."""
        self.ensure_one()
        return self.attendance_id.dispute_ids.sorted("id")[-1:]
