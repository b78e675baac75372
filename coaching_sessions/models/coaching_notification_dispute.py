from odoo import fields, models

from .coaching_notification import TEMPLATES

TEMPLATES.update(
    dispute_opened="coaching_sessions.mail_template_dispute_opened",
    dispute_settled="coaching_sessions.mail_template_dispute_settled",
)


class CoachingNotification(models.Model):
    """Mails about disputes: to who settles them, and back to the client."""

    _inherit = "coaching.notification"

    kind = fields.Selection(
        selection_add=[
            ("dispute_opened", "Dispute opened"),
            ("dispute_settled", "Dispute settled"),
        ],
        ondelete={"dispute_opened": "cascade", "dispute_settled": "cascade"},
    )

    def _is_still_true(self):
        if self.kind == "dispute_opened":
            return self.attendance_id.is_disputed
        if self.kind == "dispute_settled":
            return True
        return super()._is_still_true()

    def _get_dispute(self):
        """Return the dispute that this mail is about: the client's latest."""
        self.ensure_one()
        return self.attendance_id.dispute_ids.sorted("id")[-1:]
