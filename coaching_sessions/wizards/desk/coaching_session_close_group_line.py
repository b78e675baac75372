from odoo import api, fields, models


class CoachingSessionCloseGroupLine(models.TransientModel):
    """One client of a group, with how it went."""

    _name = "coaching.session.close.group.line"
    _description = "Client of a Group Session to Close Out"
    _inherit = ["coaching.dialog.mixin"]

    dialog_id = fields.Many2one(
        comodel_name="coaching.session.close.group", required=True, ondelete="cascade"
    )
    attendance_id = fields.Many2one(
        comodel_name="coaching.attendance", required=True, readonly=True
    )
    partner_id = fields.Many2one(related="attendance_id.partner_id")
    outcome_id = fields.Many2one(
        comodel_name="coaching.outcome",
        domain="[('id', 'in', allowed_outcome_ids)]",
    )
    allowed_outcome_ids = fields.Many2many(
        string="Outcomes to choose from",
        comodel_name="coaching.outcome",
        compute="_compute_allowed_outcome_ids",
    )
    note = fields.Char(string="What happened")
    consequences = fields.Text(
        string="What will happen", compute="_compute_consequences"
    )

    @api.depends("attendance_id")
    def _compute_allowed_outcome_ids(self):
        for line in self:
            line.allowed_outcome_ids = line.attendance_id._get_possible_outcomes()

    @api.depends("attendance_id", "outcome_id")
    def _compute_consequences(self):
        for line in self:
            attendance, outcome = line.attendance_id, line.outcome_id
            line.consequences = (
                "\n".join(attendance._get_consequences(outcome)) if outcome else False
            )
