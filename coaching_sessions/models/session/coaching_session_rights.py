from odoo import api, models

from ..base.groups import MANAGER_GROUP


class CoachingSession(models.Model):
    """Who may act on sessions: managers, their coach, or a client by the rules."""

    _inherit = "coaching.session"

    def _get_staff_message(self):
        return self.env._("Only the coach of the session or a manager can do this.")

    @api.model
    def _is_by_client(self, coaches):
        """Return whether the user books or moves as a client: with the client's rules.

        :param coaches: ``coaching.coach``
        """
        user = self.env.user
        return not (
            self.env.su
            or user.has_group(MANAGER_GROUP)
            # sudo: whose time it is, to compare with the user
            or (coaches and set(coaches.sudo().user_id.ids) == {user.id})
        )
