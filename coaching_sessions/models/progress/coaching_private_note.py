from odoo import models

from ...tools.arguments import check_there


class CoachingPrivateNote(models.Model):
    """A coach's private note: nobody else reads it (R95).

    A model of its own and not a flag on shared notes: the rule on the author is
    global, so no group, no other rule and no access right given later opens it, also
    not for managers and administrators. Nothing points here that others could search
    through, nothing is tracked, logged, exported or handed over.
    """

    _name = "coaching.private.note"
    _description = "Private Note"
    _inherit = ["coaching.note.mixin"]

    def _compute_display_name(self):
        # the same for all: error messages name records to whoever may not read them
        self.display_name = self.env._("Private note")

    def action_delete(self):
        """Delete one's own notes for good.

        :return: True
        :raise AccessError: unless the user wrote them
        """
        check_there(self)
        self._check_author()
        # sudo: rights were checked; portal users have no access of their own
        return self.sudo().unlink()
