from odoo import api, fields, models

KINDS = {"ask": "Did your session take place?", "remind": "Reminder to close out"}


class CoachingNotification(models.Model):
    """Asking coaches by email whether a session took place (R11, R12)."""

    _inherit = "coaching.notification"

    kind = fields.Selection(
        selection_add=list(KINDS.items()), ondelete=dict.fromkeys(KINDS, "cascade")
    )

    @api.model
    def _get_templates(self):
        own = {kind: f"coaching_sessions.mail_template_{kind}" for kind in KINDS}
        return {**super()._get_templates(), **own}

    @api.model
    def _get_checks(self):
        return {
            **super()._get_checks(),
            **dict.fromkeys(KINDS, "_is_awaiting_update"),
        }

    def _describe_outcome(self):
        """Return what follows for the client from a missed session; a hook.

        :return: list of sentences in the reader's language
        """
        self.ensure_one()
        return []

    def _is_awaiting_update(self):
        session = self.session_id
        return (
            session.state == "scheduled"
            and session.stop <= session._now()
            and session.start == self.session_start
        )
