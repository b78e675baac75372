from odoo import fields, models


class CoachingRemunerationLine(models.Model):
    """By what sessions were paid."""

    _inherit = "coaching.remuneration.line"

    lacks_rule = fields.Boolean(
        string="Without a rule",
        readonly=True,
        help="No remuneration rule applied when this was worked out.",
    )

    def _get_used_terms(self):
        """Return by which line each session was paid last, also if it was taken back.

        So that what is corrected and corrected back earns what it did. A group is paid
        on one client's line: another client's takes over its rate. What was found to
        have no rule since, when it was recomputed, is paid by none.

        :return: dict of (session, coach) → line
        """
        used = {}
        for line in self.sorted("id"):
            if line.reversal_of_id or line.refund_of_id:
                continue
            if line.rule_id:
                used[line.session_id, line.coach_id] = line
            elif line.lacks_rule:
                used.pop((line.session_id, line.coach_id), None)
        return used
