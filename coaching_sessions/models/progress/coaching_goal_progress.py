from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.database import make_append_only
from .coaching_goal import GOAL_STATES


class CoachingGoalProgress(models.Model):
    """How far a goal was, when, and who said so (R97, R145). Append-only."""

    _name = "coaching.goal.progress"
    _description = "Goal Progress"
    _order = "id desc"
    _rec_name = "date"

    goal_id = fields.Many2one(
        comodel_name="coaching.goal",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="goal_id.company_id", store=True, precompute=True
    )
    attendance_id = fields.Many2one(
        comodel_name="coaching.attendance",
        string="Session",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    percent = fields.Integer(string="Progress (%)", readonly=True, aggregator="avg")
    state = fields.Selection(
        string="Status", selection=GOAL_STATES, required=True, readonly=True
    )
    note = fields.Text(readonly=True, help="The client sees it.")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Who",
        required=True,
        readonly=True,
        ondelete="restrict",
        default=lambda self: self.env.uid,
    )
    date = fields.Datetime(
        string="When",
        required=True,
        readonly=True,
        default=lambda self: self.env["coaching.session"]._now(),
    )

    _check_percent = models.Constraint(
        "CHECK (percent BETWEEN 0 AND 100)", "Progress is a number from 0 to 100."
    )

    def init(self):
        super().init()
        make_append_only(self.env.cr, self._table)

    def write(self, vals):
        if vals:
            raise UserError(
                self.env._(
                    "The history of a goal can't change. Record new progress instead."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("The history of a goal can't be deleted."))
