from odoo import models
from odoo.exceptions import AccessError

from ...tools.arguments import check_there
from .groups import MANAGER_GROUP


class CoachingStaffMixin(models.AbstractModel):
    """Records that their coaches and managers act on: the one place that says so.

    A model whose coaches are not in ``coach_id`` extends ``_get_staff_coaches``.
    """

    _name = "coaching.staff.mixin"
    _description = "Belongs to a Coach"

    def _is_staff(self):
        """Return whether the user may act on these records as manager or coach."""
        if self.env.su or self.env.user.has_group(MANAGER_GROUP):
            return True
        # sudo: reading whose records they are, to compare with the user
        return bool(self) and all(
            self.env.user in record._get_staff_coaches().user_id
            for record in self.sudo()
        )

    def _get_staff_coaches(self):
        """Return the coaches who may act on this record; a hook."""
        return self.coach_id

    def _check_staff(self):
        """Raise unless the user manages these records or is their coach.

        :raise AccessError: also for records the user may not even read
        :raise UserError: for none, or what can't be in the database
        """
        self.check_access("read")
        check_there(self)
        if not self._is_staff():
            raise AccessError(self._get_staff_message())

    def _get_staff_message(self):
        """Return the sentence for who is neither manager nor coach; a hook."""
        return self.env._("Only the client's coach or a manager can do this.")
