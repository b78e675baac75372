from odoo import api, fields, models
from odoo.tools import SQL

from ..base.groups import COACH_GROUP


class CoachingSession(models.Model):
    """How many clients of a session object, and what waits until that is settled."""

    _inherit = "coaching.session"

    dispute_ids = fields.One2many(
        string="Disputes",
        comodel_name="coaching.dispute",
        inverse_name="session_id",
        readonly=True,
        groups=COACH_GROUP,
    )
    dispute_count = fields.Integer(
        string="Number of disputes",
        compute="_compute_dispute_count",
        groups=COACH_GROUP,
    )
    is_disputed = fields.Boolean(
        string="Disputed", compute="_compute_dispute_count", groups=COACH_GROUP
    )

    @api.depends("dispute_ids.state")
    def _compute_dispute_count(self):
        for session in self:
            session.dispute_count = len(session.dispute_ids)
            session.is_disputed = "open" in session.dispute_ids.mapped("state")

    @api.model
    def _get_held_back_condition(self):
        # a client says that no coach came: people look at it
        return SQL(
            "%s OR COALESCE(attendance.is_disputed, FALSE)",
            super()._get_held_back_condition(),
        )

    def action_view_disputes(self):
        """Open what clients object to in this session."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_dispute_action"
        )
        action["domain"] = [("session_id", "=", self.id)]
        action["context"] = {}
        return action
