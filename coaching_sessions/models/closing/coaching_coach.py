from odoo import api, fields, models

from ..base.groups import COACH_GROUP


class CoachingCoach(models.Model):
    """How many sessions were due, and who missed them (rank 15, complaint 13).

    Cancelled sessions are neither due nor missed. Coach and client are counted apart:
    a session that the coach missed is no client's no-show.
    """

    _inherit = "coaching.coach"

    due_count = fields.Integer(
        string="Sessions due",
        compute="_compute_reliability",
        groups=COACH_GROUP,
        help="Closed out and not cancelled: completed, or missed by coach or client.",
    )
    missed_count = fields.Integer(
        string="Missed by the coach",
        compute="_compute_reliability",
        groups=COACH_GROUP,
    )
    no_show_count = fields.Integer(
        string="No-shows of clients", compute="_compute_reliability", groups=COACH_GROUP
    )
    no_show_rate = fields.Float(
        string="No-show rate",
        compute="_compute_reliability",
        groups=COACH_GROUP,
        help="No-shows of clients among the sessions due.",
    )

    @api.depends_context("uid")
    def _compute_reliability(self):
        rows = self.env["coaching.attendance"]._read_group(
            [("coach_id", "in", self.ids), ("outcome_id", "!=", False)],
            ["coach_id", "outcome_id"],
            ["__count"],
        )
        counts = {}
        for coach, outcome, count in rows:
            kind = outcome._get_reliability_kind()
            counts[coach, kind] = counts.get((coach, kind), 0) + count
        for coach in self:
            completed = counts.get((coach, "completed"), 0)
            missed = counts.get((coach, "coach_missed"), 0)
            no_show = counts.get((coach, "no_show"), 0)
            due = completed + missed + no_show
            coach.due_count = due
            coach.missed_count = missed
            coach.no_show_count = no_show
            coach.no_show_rate = no_show / due if due else 0.0
