from odoo import api, models, modules

from ..base.groups import COACH_GROUP


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model
    def _get_activity_groups(self):
        """Add the sessions that wait for an outcome to the user's activities (R31)."""
        groups = super()._get_activity_groups()
        if not self.env.user.has_group(COACH_GROUP):
            return groups
        sessions = self.env["coaching.session"]
        ((count, oldest),) = sessions._read_group(
            [("awaiting_update", "=", True)], aggregates=["__count", "stop:min"]
        )
        if count:
            groups.insert(
                0,
                {
                    "id": self.env["ir.model"]._get("coaching.session").id,
                    "type": "coaching_awaiting",
                    "name": self.env._("Sessions awaiting updates"),
                    "model": "coaching.session",
                    "icon": modules.module.get_module_icon(sessions._original_module),
                    "domain": [("awaiting_update", "=", True)],
                    "total_count": count,
                    "oldest": sessions._format_age(oldest),
                    "view_type": "list",
                },
            )
        return groups
