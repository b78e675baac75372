from odoo import fields, models


class CoachingCoach(models.Model):
    """The sessions of a coach."""

    _inherit = "coaching.coach"

    upcoming_count = fields.Integer(string="Upcoming count", compute="_compute_counts")
    awaiting_count = fields.Integer(
        string="Awaiting updates",
        compute="_compute_counts",
        help="Past sessions that are not closed out yet.",
    )

    def _compute_counts(self):
        now = fields.Datetime.now()
        sessions = self.env["coaching.session"]
        domain = [("coach_id", "in", self.ids), ("state", "=", "scheduled")]
        upcoming = dict(
            sessions._read_group(
                [*domain, ("stop", ">", now)], ["coach_id"], ["__count"]
            )
        )
        awaiting = dict(
            sessions._read_group(
                [*domain, ("stop", "<=", now)], ["coach_id"], ["__count"]
            )
        )
        for coach in self:
            coach.upcoming_count = upcoming.get(coach, 0)
            coach.awaiting_count = awaiting.get(coach, 0)

    def action_view_sessions(self):
        """Open the sessions of this coach."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_session_action"
        )
        action["domain"] = [("coach_id", "=", self.id)]
        action["context"] = {}
        if self.env.context.get("awaiting"):
            action["context"] = {"search_default_awaiting": 1}
        return action
