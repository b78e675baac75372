from odoo import api, fields, models


class CoachingSessionRemind(models.TransientModel):
    """Dialog that changes the reminders of one session (R133)."""

    _name = "coaching.session.remind"
    _description = "Reminders of a Session"
    _inherit = ["coaching.dialog.mixin"]

    session_id = fields.Many2one(
        comodel_name="coaching.session", required=True, readonly=True
    )
    mode = fields.Selection(
        selection=[
            ("type", "As the booking type says"),
            ("own", "Different ones for this session"),
            ("none", "No reminder"),
        ],
        required=True,
        default="type",
    )
    type_reminder_ids = fields.Many2many(
        related="session_id.booking_type_id.reminder_ids", related_sudo=False
    )
    reminder_ids = fields.Many2many(
        string="Own reminders", comodel_name="coaching.reminder"
    )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        session = self.env["coaching.session"].browse(values.get("session_id"))
        if session:
            values["mode"] = session.reminder_mode
            chosen = session.own_reminder_ids or session.booking_type_id.reminder_ids
            values["reminder_ids"] = [fields.Command.set(chosen.ids)]
        return values

    def action_save(self):
        """Use these reminders from now on."""
        self.ensure_one()
        self.session_id.action_set_reminders(self.mode, self.reminder_ids.ids)
        return {"type": "ir.actions.act_window_close"}
