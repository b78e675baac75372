from odoo import models


class ResourceResource(models.Model):
    """Coaches have their company from their resource, whoever changes that."""

    _inherit = "resource.resource"

    def write(self, vals):
        if "company_id" in vals:
            moving = self.filtered(
                lambda resource: resource.company_id.id != vals["company_id"]
            )
            # sudo: sessions that the user does not see are open as well
            coaches = self.env["coaching.coach"].sudo()
            coaches.with_context(active_test=False).search(
                [("resource_id", "in", moving.ids)]
            )._check_no_open_sessions()
        return super().write(vals)
