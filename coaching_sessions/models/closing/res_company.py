from odoo import fields, models


class ResCompany(models.Model):
    """When coaches are reminded to close out."""

    _inherit = "res.company"

    coaching_reminder_hours = fields.Float(
        string="Coaches are reminded after",
        default=24.0,
        help="Hours after the end of a session that is not closed out. 0: never.",
    )

    _check_coaching_reminder_hours = models.Constraint(
        "CHECK (coaching_reminder_hours >= 0)",
        "This reminder is sent after the session: enter 0 hours or more.",
    )
