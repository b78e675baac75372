from odoo import api, fields, models

from ..base.groups import COACH_GROUP


class CoachingSession(models.Model):
    """How many clients of a session object, for the form."""

    _inherit = "coaching.session"

    dispute_ids = fields.One2many(
        comodel_name="coaching.dispute",
        inverse_name="session_id",
        readonly=True,
        groups=COACH_GROUP,
    )
    dispute_count = fields.Integer(compute="_compute_dispute_count", groups=COACH_GROUP)
    is_disputed = fields.Boolean(
        string="Disputed", compute="_compute_dispute_count", groups=COACH_GROUP
    )

    @api.depends("dispute_ids.state")
    def _compute_dispute_count(self):
        for session in self:
            session.dispute_count = len(session.dispute_ids)
            session.is_disputed = "open" in session.dispute_ids.mapped("state")

    def action_open_message(self):
        """Open the dialog that writes to the client of this session."""
        self.ensure_one()
        return self.attendance_id.action_open_message()

    def action_view_disputes(self):
        """Open what clients object to in this session."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_dispute_action"
        )
        action["domain"] = [("session_id", "=", self.id)]
        action["context"] = {}
        return action
