from odoo import fields, models

from ..base.groups import COACH_GROUP


class ResPartner(models.Model):
    """What a client wants to reach and does next, on the contact."""

    _inherit = "res.partner"

    coaching_goal_count = fields.Integer(
        string="Open goals", compute="_compute_coaching_progress", groups=COACH_GROUP
    )
    coaching_action_item_count = fields.Integer(
        string="Open next steps",
        compute="_compute_coaching_progress",
        groups=COACH_GROUP,
    )

    def _compute_coaching_progress(self):
        open_of_these = [("partner_id", "in", self.ids), ("state", "=", "open")]
        goals, items = (
            dict(
                self.env[model]._read_group(open_of_these, ["partner_id"], ["__count"])
            )
            for model in ("coaching.goal", "coaching.action.item")
        )
        for partner in self:
            partner.coaching_goal_count = goals.get(partner._origin, 0)
            partner.coaching_action_item_count = items.get(partner._origin, 0)

    def action_view_coaching_goals(self):
        """Open the goals of this client."""
        return self._get_coaching_progress_action("coaching_goal_action")

    def action_view_coaching_action_items(self):
        """Open the next steps of this client."""
        return self._get_coaching_progress_action("coaching_action_item_action")

    def action_view_coaching_notes(self):
        """Open the shared notes about this client's sessions."""
        return self._get_coaching_progress_action("coaching_note_action")

    def _get_coaching_progress_action(self, name):
        """Return an action of ours, about this client.

        :param str name: XML id without the addon
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"coaching_sessions.{name}"
        )
        action["domain"] = [("partner_id", "=", self.id)]
        action["context"] = {"default_partner_id": self.id}
        return action
