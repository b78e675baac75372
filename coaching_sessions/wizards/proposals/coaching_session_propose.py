from odoo import Command, api, fields, models


class CoachingSessionPropose(models.TransientModel):
    """Dialog that offers a client other times for a session (R99-R101)."""

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
        help="Empty: as set on the booking type. Never later than the session or the"
        " offered times.",
    )
    message = fields.Text(string="Message to the client")

    @api.model
    def default_get(self, fields_list):
        """Propose the next free times, to be changed."""
        values = super().default_get(fields_list)
        session = self.env["coaching.session"].browse(values.get("session_id"))
        if "line_ids" in fields_list and session and "line_ids" not in values:
            session._check_staff()
            if session.state == "scheduled" and session.seats == 1:
                # sudo: the right was checked; when a coach is free is no secret
                starts = session.sudo()._find_next_starts(session._now())
                values["line_ids"] = [
                    Command.create({"start": start}) for start in starts
                ]
        return values

    def action_propose(self):
        """Hold the times and tell the client."""
        self.ensure_one()
        self.session_id.action_propose(
            self.line_ids.mapped("start"),
            message=self.message or "",
            deadline=self.deadline,
        )
        return {"type": "ir.actions.act_window_close"}
