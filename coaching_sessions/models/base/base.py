from odoo import api, models

from ...tools.coach_time import CONSTRAINT


class Base(models.AbstractModel):
    """The sentence of a constraint whose table is no model's."""

    _inherit = "base"

    @api.model
    def _sql_error_to_message(self, exc):
        if exc.diag.constraint_name == CONSTRAINT:
            return self.env._(
                "The coach already has a session at that time. Choose another time."
            )
        return super()._sql_error_to_message(exc)
