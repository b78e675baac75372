from odoo import fields, models
from odoo.exceptions import UserError


class CoachingHold(models.Model):
    """A time that is held is one of those a proposal offers."""

    _inherit = "coaching.hold"

    proposal_id = fields.Many2one(
        comodel_name="coaching.proposal",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    def action_choose(self):
        """Accept the proposal with this time, see ``coaching.proposal``.

        :return: True
        """
        self.ensure_one()
        self.check_access("read")
        if not self.proposal_id:
            raise UserError(self.env._("This time was not offered."))
        return self.proposal_id.action_accept(self.start)

    def _is_taken_by(self, request):
        # where a session is to move, booking one more is no answer to that
        return super()._is_taken_by(request) and not self.proposal_id.session_id

    def _on_booked_over(self):
        result = super()._on_booked_over()
        self.proposal_id._lose_times()
        return result
