from odoo import fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """What a client can still use for a booking."""

    _inherit = "res.partner"

    def _has_coaching_makeup(self, company):
        """Return whether a client has a make-up to use today.

        :param company: ``res.company``
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        domain = (
            Domain("partner_id", "=", self.id)
            & Domain("company_id", "=", company.id)
            & Domain("state", "=", "issued")
            & (Domain("expiry_date", "=", False) | Domain("expiry_date", ">=", today))
        )
        return bool(self.env["coaching.makeup"].search_count(domain, limit=1))
