from odoo import fields, models


class CoachingProposal(models.Model):
    """When the client wanted to move, also where the coach answers with an offer."""

    _inherit = "coaching.proposal"

    client_asked_at = fields.Datetime(
        string="Client asked",
        readonly=True,
        help="When the client asked for this change. The chosen time counts as moved by"
        " the client at that moment.",
    )

    def _get_client_asked_at(self):
        """Return when the client asked for what this asks or answers, or False."""
        return self.asked_at if self.kind == "ask" else self.client_asked_at
