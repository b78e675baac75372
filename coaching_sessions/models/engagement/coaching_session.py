from odoo import api, fields, models

from ..base.groups import COACH_GROUP


class CoachingSession(models.Model):
    """What a session shows of client and coach working together (R63, R64, R76)."""

    _inherit = "coaching.session"

    engagement_id = fields.Many2one(
        comodel_name="coaching.engagement",
        string="Client and coach",
        compute="_compute_engagement_id",
        groups=COACH_GROUP,
    )
    client_session_count = fields.Integer(
        string="Sessions with this client",
        compute="_compute_engagement_id",
        groups=COACH_GROUP,
    )
    client_last_session = fields.Datetime(
        string="Last session with this client",
        compute="_compute_engagement_id",
        groups=COACH_GROUP,
    )
    removed_slot_ids = fields.One2many(
        comodel_name="coaching.reserved.slot",
        inverse_name="removed_by_session_id",
        string="Removed slots",
        readonly=True,
        groups=COACH_GROUP,
    )
    removed_slot_id = fields.Many2one(
        comodel_name="coaching.reserved.slot",
        string="Last removed slot",
        compute="_compute_removed_slot_id",
        groups=COACH_GROUP,
        help="The reserved slot that was removed when this session was closed out.",
    )
    removed_slot_message = fields.Char(
        string="Removed slot", compute="_compute_removed_slot_id", groups=COACH_GROUP
    )

    @api.depends("attendance_id")
    def _compute_engagement_id(self):
        for session in self:
            engagement = session.attendance_id.engagement_id
            session.engagement_id = engagement
            session.client_session_count = engagement.session_count
            session.client_last_session = engagement.last_session

    @api.depends("removed_slot_ids.state")
    def _compute_removed_slot_id(self):
        for session in self:
            removed = session.removed_slot_ids.filtered(
                lambda slot: slot.state == "removed"
            )
            session.removed_slot_id = removed.sorted("removed_at")[-1:]
            session.removed_slot_message = session.removed_slot_id.removal_message

    def action_restore_slot(self):
        """Restore the reserved slot that this close-out has removed (R64).

        :return: True
        :raise UserError: when the coach keeps that time for somebody else by now
        :raise AccessError: unless the user is the coach or a manager
        """
        self._check_staff()
        # sudo: rights were checked, and are again on the slots
        removed = self.sudo().removed_slot_id
        return removed.with_env(self.env).action_restore()

    @api.model
    def _check_known_clients(self, request):
        """Let coaches also book for clients who were handed over to them."""
        if not self.env.user.share:
            return
        # sudo: reading whom the user works with
        engagements = (
            self.env["coaching.engagement"]
            .sudo()
            .search(
                [
                    ("coach_id", "=", request.coach.id),
                    ("partner_id", "in", request.partners.ids),
                ]
            )
        )
        if request.partners - engagements.partner_id:
            super()._check_known_clients(request)

    @api.model
    def _post_move(self, moves):
        result = super()._post_move(moves)
        given = [move for move in moves if move.changes_coach]
        if given:
            # also of who is no longer in a group: all that happens is the new coach's
            attendances = self._get_moving(given).attendance_ids
            self.env["coaching.engagement"]._ensure_for(attendances)
        return result
