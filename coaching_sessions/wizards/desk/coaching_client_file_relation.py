from odoo import models


class CoachingClientFile(models.TransientModel):
    """Coaches and disputes in the file of a client."""

    _inherit = "coaching.client.file"

    def _get_client_file_sheets(self, attendances):
        return [
            *super()._get_client_file_sheets(attendances),
            self._get_engagement_sheet(),
            self._get_dispute_sheet(attendances),
        ]

    def _get_engagement_sheet(self):
        env = self.env
        columns = [
            env._("Coach"),
            env._("Since"),
            env._("Status"),
            env._("Wants to continue"),
            env._("When to meet"),
            env._("Wishes"),
            env._("Why it ended"),
        ]
        rows = [
            [
                engagement.coach_id.name,
                engagement.start_date,
                self._get_label(engagement, "state"),
                self._get_label(engagement, "continue_wish"),
                self._get_label(engagement, "slot_wish"),
                engagement.wish_note,
                engagement.end_reason,
            ]
            for engagement in self._search_own("coaching.engagement")
        ]
        return self._make_sheet(env._("Coaches"), columns, rows)

    def _get_dispute_sheet(self, attendances):
        env = self.env
        disputes = env["coaching.dispute"].search(
            [("attendance_id", "in", attendances.ids)], order="id"
        )
        columns = [
            env._("Session"),
            env._("Opened on (%(zone)s)", zone=self._get_zone()),
            env._("About"),
            env._("Client's comment"),
            env._("Correct outcome"),
            env._("Status"),
            env._("Settled on (%(zone)s)", zone=self._get_zone()),
            env._("Settled by"),
            env._("Answer"),
        ]
        rows = [
            [
                dispute.session_id.name,
                self._to_zone(dispute.opened_at),
                self._get_label(dispute, "kind"),
                dispute.claim,
                dispute.wanted_outcome_id.name,
                self._get_label(dispute, "state"),
                self._to_zone(dispute.resolved_at),
                dispute.resolved_by_id.name,
                dispute.resolution,
            ]
            for dispute in disputes
        ]
        return self._make_sheet(env._("Disputes"), columns, rows)
