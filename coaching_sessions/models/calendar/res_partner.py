from odoo import models


class ResPartner(models.Model):
    """A client or coach who is renamed, or made anonymous, is so in the calendar."""

    _inherit = "res.partner"

    def write(self, vals):
        renamed = self.browse()
        if "name" in vals:
            renamed = self.filtered(lambda partner: partner.name != vals["name"])
        result = super().write(vals)
        renamed._get_named_sessions()._follow_names()
        return result

    def _get_named_sessions(self):
        """Return the sessions whose events may name these people, also past ones."""
        # sudo: events follow whoever renames, who need not read sessions
        sessions = self.env["coaching.session"].sudo()
        if not self:
            return sessions
        return sessions.search(
            [
                ("event_id", "!=", False),
                "|",
                ("attendance_ids.partner_id", "in", self.ids),
                ("coach_id.partner_id", "in", self.ids),
            ]
        )
