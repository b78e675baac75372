from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.database import make_append_only


class CoachingSessionLog(models.Model):
    """Who did what with a session, when and why (R10). Append-only.

    A model of its own and not the chatter: it is read back field by field, exported
    as one file per client, and costs closing a single statement. People talk in the
    chatter, the system writes here.
    """

    _name = "coaching.session.log"
    _description = "Session Log"
    _order = "id desc"
    _rec_name = "action"

    session_id = fields.Many2one(
        comodel_name="coaching.session",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    attendance_id = fields.Many2one(
        comodel_name="coaching.attendance",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: it concerns every client of the session.",
    )
    partner_id = fields.Many2one(related="attendance_id.partner_id", string="Client")
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, ondelete="restrict"
    )
    action = fields.Selection(
        selection=[
            ("booked", "Booked"),
            ("moved", "Moved"),
            ("asked", "Asked for another time"),
            ("offered", "Other times offered"),
            ("answered", "Proposal answered"),
            ("substituted", "Another coach"),
            ("closed", "Closed out"),
            ("corrected", "Corrected"),
            ("wishes", "Wishes"),
            ("note", "Note"),
            ("goals", "Goals"),
            ("message", "Message"),
        ],
        required=True,
        readonly=True,
    )
    outcome_id = fields.Many2one(
        comodel_name="coaching.outcome", readonly=True, ondelete="restrict"
    )
    description = fields.Text(string="Details", readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users", string="Who", readonly=True, ondelete="restrict"
    )
    date = fields.Datetime(string="When", required=True, readonly=True)

    # whoever lets it be about something else replaces it
    _check_subject = models.Constraint(
        "CHECK (session_id IS NOT NULL)", "A log line needs a session."
    )

    def init(self):
        super().init()
        make_append_only(self.env.cr, self._table)

    def write(self, vals):
        if vals:
            raise UserError(self.env._("Log lines can't change."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("Log lines can't be deleted."))

    @api.model
    def _add(self, action, descriptions):
        """Note that the user did something, for several records in one statement.

        :param str action: one of the selection
        :param dict descriptions: ``coaching.session`` or ``coaching.attendance`` →
            sentence, empty for none
        :return: the lines
        """
        return self.create(
            [
                self._prepare_values(action, record, description)
                for record, description in descriptions.items()
            ]
        )

    @api.model
    def _prepare_values(self, action, record, description):
        """Return the values of a line about a session or one client's attendance."""
        session, attendance = record, self.env["coaching.attendance"]
        if record._name == "coaching.attendance":
            session, attendance = record.session_id, record
        return {
            "session_id": session.id,
            "attendance_id": attendance.id,
            "company_id": record.company_id.id,
            "action": action,
            "outcome_id": attendance.outcome_id.id
            if action in ("closed", "corrected")
            else False,
            "description": description or False,
            "user_id": self.env.uid,
            "date": self.env["coaching.session"]._now(),
        }
