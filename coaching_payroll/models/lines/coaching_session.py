from odoo import fields, models


class CoachingSession(models.Model):
    _inherit = "coaching.session"

    remuneration_line_ids = fields.One2many(
        comodel_name="coaching.remuneration.line",
        inverse_name="session_id",
        string="Remuneration",
        readonly=True,
        groups="coaching_sessions.group_coaching_manager",
    )
