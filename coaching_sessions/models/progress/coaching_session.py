from odoo import api, fields, models

from ..base.groups import COACH_GROUP


class CoachingSession(models.Model):
    """Notes, goals and next steps on the session's form (R75, R92-R96)."""

    _inherit = "coaching.session"

    note_ids = fields.One2many(
        comodel_name="coaching.note",
        inverse_name="session_id",
        string="Notes",
        readonly=True,
        groups=COACH_GROUP,
    )
    # computed per user and without a search: nothing to read or to guess for others
    private_note_ids = fields.Many2many(
        comodel_name="coaching.private.note",
        string="Only for you",
        compute="_compute_private_note_ids",
        groups=COACH_GROUP,
    )
    goal_ids = fields.Many2many(
        comodel_name="coaching.goal",
        string="Goals",
        compute="_compute_goal_ids",
        groups=COACH_GROUP,
    )
    action_item_ids = fields.One2many(
        comodel_name="coaching.action.item",
        inverse_name="session_id",
        string="Next steps",
        readonly=True,
        groups=COACH_GROUP,
    )

    @api.depends_context("uid")
    def _compute_private_note_ids(self):
        notes = self.env["coaching.private.note"].search(
            # also as superuser only one's own
            [("session_id", "in", self.ids), ("author_id", "=", self.env.uid)]
        )
        by_session = notes.grouped("session_id")
        for session in self:
            session.private_note_ids = by_session.get(session._origin, notes.browse())

    @api.depends("attendance_ids.goal_ids")
    def _compute_goal_ids(self):
        for session in self:
            session.goal_ids = session.attendance_ids.goal_ids
