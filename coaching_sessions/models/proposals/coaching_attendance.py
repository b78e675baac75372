from odoo import models


class CoachingAttendance(models.Model):
    """What is closed has nothing proposed for it any more."""

    _inherit = "coaching.attendance"

    def _post_consequences(self):
        result = super()._post_consequences()
        # what has begun has nothing open any more: answers are awaited until then
        now = self.env["coaching.session"]._now()
        to_come = self.session_id.filtered(lambda session: session.start > now)
        if to_come:
            # where only somebody leaves a group its seats are still there
            gone = to_come.filtered(lambda session: session.state != "scheduled")
            self.env["coaching.proposal"]._withdraw_for(to_come, seats_of=gone)
        return result
