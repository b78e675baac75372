from odoo import models


class CoachingProposal(models.Model):
    """A time or a seat that is offered to somebody who waits for one."""

    _inherit = "coaching.proposal"

    def _get_portal_starts(self):
        """The seat of a group is one of the times."""
        if self.group_session_id:
            return [(self.group_session_id.start, self.state == "accepted")]
        return super()._get_portal_starts()

    def _prepare_portal_terms(self):
        """Return the terms that the client has to accept to book this."""
        self.ensure_one()
        terms = self.booking_type_id._get_terms(self.company_id)
        if self.kind != "waiting" or not terms:
            return super()._prepare_portal_terms()
        if not terms._get_missing(self.partner_id):
            return {}
        return {"id": terms.id, "name": terms.name, "body": terms.body}
