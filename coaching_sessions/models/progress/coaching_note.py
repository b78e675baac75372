from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.arguments import check_there
from ...tools.database import make_undeletable


class CoachingNote(models.Model):
    """What coach and client both read about a session (R92-R94).

    What was shared by mistake is withdrawn: the client does not see it any more, who
    wrote what and when is kept.
    """

    _name = "coaching.note"
    _description = "Shared Note"
    _inherit = ["coaching.note.mixin"]

    active = fields.Boolean(
        string="Shared",
        default=True,
        help="Off: withdrawn; the client can no longer read it.",
    )
    kind = fields.Selection(
        selection=[
            ("note", "Discussion"),
            ("insight", "Key insight"),
            ("progress", "Progress on goals"),
            ("homework", "Homework"),
            ("resource", "Resource"),
        ],
        required=True,
        default="note",
    )

    def init(self):
        super().init()
        make_undeletable(self.env.cr, self._table)

    @api.depends("session_id", "partner_id")
    def _compute_display_name(self):
        for note in self:
            names = (note.session_id.name, note.partner_id.name)
            note.display_name = " · ".join(filter(None, names))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._("Shared notes can't be deleted. Withdraw the note instead.")
        )

    def action_withdraw(self):
        """Take one's own notes back from the client's eyes.

        :return: True
        :raise AccessError: unless the user wrote them
        """
        check_there(self)
        self._check_author()
        # sudo: rights were checked; portal users have no write access of their own
        return self.sudo().write({"active": False})
