from odoo import models


class CoachingRemunerationLine(models.Model):
    """By what sessions were paid."""

    _inherit = "coaching.remuneration.line"

    def _get_used_terms(self):
        """Return by which line each session was paid last, also if it was taken back.

        So that what is corrected and corrected back earns what it did. A group is paid
        on one client's line: another client's takes over its rate.

        :return: dict of (session, coach) → line
        """
        return {
            (line.session_id, line.coach_id): line
            for line in self.sorted("id")
            if line.rule_id and not (line.reversal_of_id or line.refund_of_id)
        }
