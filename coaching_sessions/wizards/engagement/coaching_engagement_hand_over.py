from odoo import api, fields, models


class CoachingEngagementHandOver(models.TransientModel):
    """Dialog that hands a client over to another coach (R67)."""

    _name = "coaching.engagement.hand.over"
    _description = "Hand Over a Client"
    _inherit = ["coaching.dialog.mixin"]

    engagement_id = fields.Many2one(
        comodel_name="coaching.engagement",
        string="Client",
        required=True,
        readonly=True,
    )
    # a selection: coaches have no access to the records of other coaches
    coach_key = fields.Selection(
        selection="_get_coach_options", string="New coach", required=True
    )
    note = fields.Text(string="For the new coach")
    share_history = fields.Boolean(
        string="Sessions so far", default=True, help="When, what and how it ended."
    )
    share_notes = fields.Boolean(
        string="What happened and shared notes",
        help="Private notes are never included.",
    )
    share_goals = fields.Boolean(string="Goals")
    end = fields.Boolean(
        string="End coaching with the current coach",
        help="The client is removed from that coach's list, and reserved slots"
        " become free.",
    )

    @api.model
    def _get_coach_options(self):
        """Return the coaches there are, by name."""
        engagement_id = self.env.context.get("default_engagement_id")
        engagement = self.env["coaching.engagement"].browse(
            engagement_id if isinstance(engagement_id, int) else ()
        )
        # whose client somebody is, is not read off the list either
        engagement = engagement.exists()._filtered_access("read")
        # sudo: colleagues' names are no secret; the rest of their records is
        coaches = (
            self.env["coaching.coach"]
            .sudo()
            .search([("company_id", "in", self.env.companies.ids)])
        )
        coaches -= engagement.sudo().coach_id
        return [(str(coach.id), coach.name) for coach in coaches]

    def action_hand_over(self):
        """Hand the client over."""
        self.ensure_one()
        self.engagement_id.action_hand_over(
            int(self.coach_key),
            note=self.note or "",
            share_notes=self.share_notes,
            share_goals=self.share_goals,
            share_history=self.share_history,
            end=self.end,
        )
        return {"type": "ir.actions.act_window_close"}
