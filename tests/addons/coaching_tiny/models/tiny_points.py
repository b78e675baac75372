from odoo import fields, models


class TinyPoints(models.Model):
    """Points for attending: a ledger of somebody else's, on our mixin."""

    _name = "tiny.points"
    _description = "Points"
    _inherit = ["coaching.ledger.mixin"]
    _ledger_reversal = "reversal_of_id"
    _ledger_copied = ("attendance_id",)
    _ledger_negated = ("points",)

    attendance_id = fields.Many2one(
        comodel_name="coaching.attendance", required=True, readonly=True
    )
    points = fields.Integer(required=True, readonly=True)
    reversal_of_id = fields.Many2one(comodel_name="tiny.points", readonly=True)

    _reversed_once = models.UniqueIndex(
        "(reversal_of_id) WHERE reversal_of_id IS NOT NULL",
        "These points are already taken back.",
    )

    def _post_for(self, attendances):
        """Post the difference between what should stand and what stands."""
        lines = self.search([("attendance_id", "in", attendances.ids)])
        standing = lines._filter_standing().grouped("attendance_id")
        values = []
        for attendance in attendances:
            line = standing.get(attendance)
            if attendance.state == "completed" and not line:
                values.append({"attendance_id": attendance.id, "points": 10})
            elif attendance.state != "completed" and line:
                values.append(line._prepare_reversal_values())
        self.create(values)
