from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.arguments import check_there, parse_body

# What a note is about and who wrote it stays.
FIXED_FIELDS = {
    "attendance_id",
    "session_id",
    "partner_id",
    "coach_id",
    "company_id",
    "author_id",
}


class CoachingNoteMixin(models.AbstractModel):
    """A text about one client's session, written by staff (R92, R93).

    In a group each client has their own, since an attendance is one client.
    """

    _name = "coaching.note.mixin"
    _description = "Session Text"
    _inherit = ["coaching.target.mixin"]
    _order = "id desc"

    attendance_id = fields.Many2one(
        comodel_name="coaching.attendance",
        string="Client's session",
        required=True,
        index=True,
        ondelete="restrict",
    )
    # not precomputed: that would leave unsaved records in the session's notes
    session_id = fields.Many2one(
        related="attendance_id.session_id", store=True, index=True
    )
    partner_id = fields.Many2one(
        related="attendance_id.partner_id",
        string="Client",
        store=True,
        precompute=True,
        index=True,
    )
    coach_id = fields.Many2one(
        related="attendance_id.coach_id", store=True, precompute=True
    )
    company_id = fields.Many2one(
        related="attendance_id.company_id", store=True, precompute=True
    )
    start = fields.Datetime(related="attendance_id.start", string="Session's time")
    # not create_uid: that one is emptied when a user is deleted
    author_id = fields.Many2one(
        comodel_name="res.users",
        string="Written by",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.uid,
        copy=False,
    )
    is_author = fields.Boolean(string="Written by me", compute="_compute_is_author")
    body = fields.Html(string="Note", required=True, sanitize_overridable=False)

    @api.depends("author_id")
    @api.depends_context("uid")
    def _compute_is_author(self):
        for note in self:
            note.is_author = note.author_id == self.env.user

    @api.model_create_multi
    def create(self, vals_list):
        """Add notes; the author is whoever does it, whatever the values say.

        :raise AccessError: unless the user holds the session or manages it
        :raise UserError: when nothing is written
        """
        if not self.env.su:
            # what defaults say is looked at like what the caller says
            vals_list = [self._add_missing_default_values(vals) for vals in vals_list]
        attendances = self.env["coaching.attendance"].browse(
            {vals["attendance_id"] for vals in vals_list if vals.get("attendance_id")}
        )
        if attendances and not self.env.su:
            attendances.check_access("read")
            attendances.session_id._check_staff()
        # before any SQL: what fails there is written to the server's log
        return super().create(
            [
                {
                    **vals,
                    "author_id": self.env.uid,
                    "body": parse_body(self.env, vals.get("body")),
                }
                for vals in vals_list
            ]
        )

    def write(self, vals):
        if FIXED_FIELDS & set(vals):
            raise UserError(
                self.env._(
                    "The session and author of a note can't change. Write a new note"
                    " instead."
                )
            )
        if "body" in vals:
            vals = {**vals, "body": parse_body(self.env, vals["body"])}
        return super().write(vals)

    def _check_author(self):
        """Raise unless the user wrote these notes.

        :raise AccessError: also for notes the user may not even read
        """
        self.check_access("read")
        if any(note.author_id != self.env.user for note in self):
            raise AccessError(
                self.env._("Only the author can change a note. Write your own instead.")
            )

    def action_rewrite(self, body):
        """Replace the text of one's own notes; for coaches with a portal login.

        :param str body: HTML, or text whose lines are kept
        :return: True
        :raise UserError: when nothing is written
        :raise AccessError: unless the user wrote them
        """
        check_there(self)
        self._check_author()
        # sudo: rights were checked; portal users have no write access of their own
        return self.sudo().write({"body": body})

    def action_open(self):
        """Open the note in a dialog."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self._description,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
