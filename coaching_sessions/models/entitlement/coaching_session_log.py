from odoo import fields, models


class CoachingSessionLog(models.Model):
    """What staff does with make-ups is logged as well."""

    _inherit = "coaching.session.log"

    makeup_id = fields.Many2one(
        string="Make-up",
        comodel_name="coaching.makeup",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    action = fields.Selection(
        selection_add=[
            ("makeup_granted", "Make-up granted"),
            ("makeup_extended", "Make-up extended"),
            ("makeup_revoked", "Make-up revoked"),
        ],
        ondelete={
            "makeup_granted": "cascade",
            "makeup_extended": "cascade",
            "makeup_revoked": "cascade",
        },
    )

    _check_subject = models.Constraint(
        "CHECK (session_id IS NOT NULL OR makeup_id IS NOT NULL)",
        "A log line needs a session or a make-up.",
    )
