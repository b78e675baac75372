from odoo import fields, models


class ResPartner(models.Model):
    """The coaches that a contact works with."""

    _inherit = "res.partner"

    coaching_engagement_count = fields.Integer(
        string="Coaches",
        compute="_compute_coaching_engagement_count",
        groups="coaching_sessions.group_coaching_coach",
    )

    def _compute_coaching_engagement_count(self):
        counts = dict(
            self.env["coaching.engagement"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.coaching_engagement_count = counts.get(partner, 0)

    def action_view_coaching_engagements(self):
        """Open this client's coaches: wishes, slots, sessions."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_engagement_action"
        )
        action["domain"] = [("partner_id", "=", self.id)]
        action["context"] = {}
        return action
