from odoo import fields, models


class CoachingSessionLog(models.Model):
    _inherit = "coaching.session.log"

    action = fields.Selection(
        selection_add=[("disputed", "Disputed"), ("settled", "Dispute settled")],
        ondelete={"disputed": "cascade", "settled": "cascade"},
    )
