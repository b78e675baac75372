from odoo import api, fields, models
from odoo.tools import format_date

from ...tools.local_time import to_local

KINDS = {
    "handed_over": "Client handed over",
    "took_over": "Client taken over",
    "nudge": "Nothing booked (client)",
    "nudge_coach": "Nothing booked (coach)",
}


class CoachingNotification(models.Model):
    """Emails about client and coach: handed over, nothing booked (R67)."""

    _inherit = "coaching.notification"

    engagement_id = fields.Many2one(
        comodel_name="coaching.engagement",
        is_subject=True,
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    kind = fields.Selection(
        selection_add=list(KINDS.items()),
        ondelete=dict.fromkeys(KINDS, "cascade"),
    )

    @api.model
    def _queue_hand_over(self, engagement):
        """Tell the client and the new coach, each in their own email.

        :param engagement: ``coaching.engagement`` of the new coach
        """
        client, coach = engagement.partner_id, engagement.coach_id.partner_id
        rows = [("handed_over", client, False)]
        rows.append(("took_over", coach, engagement.hand_over_note))
        self._queue_rows(
            [
                {
                    "engagement_id": engagement.id,
                    "company_id": engagement.company_id.id,
                    "partner_id": partner.id,
                    "kind": kind,
                    "message": message,
                }
                for kind, partner, message in rows
                if partner.email and partner != self.env.user.partner_id
            ]
        )

    @api.model
    def _queue_nudges(self, engagements):
        """Remind clients and coaches that nothing is booked."""
        self._queue_rows(
            [
                {
                    "engagement_id": engagement.id,
                    "company_id": engagement.company_id.id,
                    "partner_id": partner.id,
                    "kind": kind,
                    "session_start": engagement.nudged_for_id.start,
                }
                for engagement in engagements
                for kind, partner in (
                    ("nudge", engagement.partner_id),
                    ("nudge_coach", engagement.coach_id.partner_id),
                )
                if partner.email
            ]
        )

    @api.model
    def _get_templates(self):
        own = {kind: f"coaching_sessions.mail_template_{kind}" for kind in KINDS}
        return {**super()._get_templates(), **own}

    @api.model
    def _get_checks(self):
        return {
            **super()._get_checks(),
            "handed_over": "_is_handed_over",
            "took_over": "_is_handed_over",
            "nudge": "_is_nudge_due",
            "nudge_coach": "_is_nudge_due",
        }

    def _is_handed_over(self):
        engagement = self.engagement_id
        return engagement.state == "active" and bool(engagement.handed_over_from_id)

    def _is_nudge_due(self):
        return self.engagement_id._is_nudge_due()

    def _get_last_session_date(self):
        """Return the day of the last session as the reader writes it."""
        self.ensure_one()
        if not self.session_start:
            return ""
        day = to_local(self.session_start, self.engagement_id.coach_id.tz).date()
        return format_date(self.env, day)
