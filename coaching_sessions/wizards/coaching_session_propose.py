from odoo import fields, models


class CoachingSessionPropose(models.TransientModel):
    """Dialog that offers a client other times for his session (R99-R101)."""

    _name = "coaching.session.propose"
    _description = "Offer Other Times"
    _inherit = ["coaching.dialog.mixin"]

    session_id = fields.Many2one(
        comodel_name="coaching.session", required=True, readonly=True
    )
    client_names = fields.Char(related="session_id.client_names")
    start = fields.Datetime(related="session_id.start", string="Now on")
    line_ids = fields.One2many(
        comodel_name="coaching.session.propose.line",
        inverse_name="wizard_id",
        string="Times",
    )
    deadline = fields.Datetime(
        string="Answer until",
        help="Empty: as the booking type says. Never later than the session and the"
        " times themselves.",
    )
    message = fields.Text(string="Message to the client")

    def action_propose(self):
        """Hold the times and tell the client."""
        self.ensure_one()
        self.session_id.action_propose(
            self.line_ids.mapped("start"),
            message=self.message or "",
            deadline=self.deadline,
        )
        return {"type": "ir.actions.act_window_close"}


class CoachingSessionProposeLine(models.TransientModel):
    """One of the times that are offered."""

    _name = "coaching.session.propose.line"
    _description = "Time to Offer"
    _order = "start, id"

    wizard_id = fields.Many2one(
        comodel_name="coaching.session.propose", required=True, ondelete="cascade"
    )
    start = fields.Datetime(required=True)
