from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    coaching_session_count = fields.Integer(
        string="Sessions",
        compute="_compute_coaching_counts",
        groups="coaching_sessions.group_coaching_coach",
    )
    coaching_remaining = fields.Integer(
        string="Sessions left",
        compute="_compute_coaching_counts",
        groups="coaching_sessions.group_coaching_coach",
    )
    coaching_makeup_count = fields.Integer(
        string="Make-ups to use",
        compute="_compute_coaching_counts",
        groups="coaching_sessions.group_coaching_coach",
    )

    def _compute_coaching_counts(self):
        attended = dict(
            self.env["coaching.attendance"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        remaining = dict(
            self.env["coaching.package"]._read_group(
                [("partner_id", "in", self.ids), ("state", "in", ["active"])],
                ["partner_id"],
                ["remaining:sum"],
            )
        )
        makeups = dict(
            self.env["coaching.makeup"]._read_group(
                [("partner_id", "in", self.ids), ("state", "=", "issued")],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.coaching_session_count = attended.get(partner, 0)
            partner.coaching_remaining = remaining.get(partner, 0)
            partner.coaching_makeup_count = makeups.get(partner, 0)

    def action_view_coaching_sessions(self):
        """Open the sessions of this client."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_session_action"
        )
        action["domain"] = [("attendance_ids.partner_id", "=", self.id)]
        action["context"] = {}
        return action

    def action_view_coaching_packages(self):
        """Open the packages of this client."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_package_action"
        )
        action["domain"] = [("partner_id", "=", self.id)]
        action["context"] = {}
        return action
