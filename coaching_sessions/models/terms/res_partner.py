from odoo import fields, models


class ResPartner(models.Model):
    """The terms that a client accepted (R48)."""

    _inherit = "res.partner"

    coaching_acceptance_ids = fields.One2many(
        comodel_name="coaching.terms.acceptance",
        inverse_name="partner_id",
        string="Terms accepted",
        readonly=True,
        groups="coaching_sessions.group_coaching_coach",
    )

    def action_view_coaching_acceptances(self):
        """Open the terms that this client accepted (R48)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_terms_acceptance_action"
        )
        action["domain"] = [("partner_id", "=", self.id)]
        return action
