from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.database import make_append_only

# how a dispute that was settled differs from what the client wrote
MUTABLE = ("state", "resolved_at", "resolved_by_id", "resolution")


class CoachingDispute(models.Model):
    """A client says that the outcome is wrong, or that the coach did not attend.

    Opened by the client (``coaching.attendance.action_dispute`` and
    ``action_report_coach_no_show``), settled by a manager. Until then the coach's pay
    waits. What the client wrote never changes, in the database too; the state changes
    by one guarded update.
    """

    _name = "coaching.dispute"
    _description = "Dispute"
    # open ones first: nobody settled them yet
    _order = "resolved_at desc nulls first, opened_at desc, id desc"
    _rec_name = "attendance_id"

    attendance_id = fields.Many2one(
        comodel_name="coaching.attendance",
        string="Session and client",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    session_id = fields.Many2one(
        comodel_name="coaching.session",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Client",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    coach_id = fields.Many2one(
        comodel_name="coaching.coach",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    kind = fields.Selection(
        selection=[
            ("outcome", "The outcome is wrong"),
            ("coach_no_show", "The coach did not attend"),
        ],
        string="About",
        required=True,
        readonly=True,
    )
    claim = fields.Text(string="Client's comment", required=True, readonly=True)
    wanted_outcome_id = fields.Many2one(
        comodel_name="coaching.outcome",
        string="Correct outcome",
        readonly=True,
        ondelete="restrict",
        help="The outcome claimed by the client, if any.",
    )
    outcome_id = fields.Many2one(
        comodel_name="coaching.outcome",
        string="Outcome before",
        readonly=True,
        ondelete="restrict",
        help="The recorded outcome when the client disputed it. Empty: none yet.",
    )
    closed_at = fields.Datetime(
        string="Recorded at",
        readonly=True,
        help="Identifies the disputed outcome; each outcome can be disputed once.",
    )
    current_outcome_id = fields.Many2one(
        related="attendance_id.outcome_id", string="Outcome now"
    )
    state = fields.Selection(
        string="Status",
        selection=[
            ("open", "Open"),
            ("accepted", "Accepted"),
            ("rejected", "Rejected"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="open",
        index=True,
    )
    opened_at = fields.Datetime(string="Opened at", required=True, readonly=True)
    opened_by_id = fields.Many2one(
        string="Opened by",
        comodel_name="res.users",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    resolved_at = fields.Datetime(string="Settled at", readonly=True)
    resolved_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Settled by",
        readonly=True,
        ondelete="restrict",
    )
    resolution = fields.Text(string="Answer", readonly=True, help="The client sees it.")

    _open_once = models.UniqueIndex(
        "(attendance_id) WHERE state = 'open'",
        "This session is already disputed.",
    )
    _outcome_once = models.UniqueIndex(
        "(attendance_id, kind, COALESCE(closed_at, '1970-01-01'::timestamp))",
        "This outcome was already disputed.",
    )
    _check_settled = models.Constraint(
        "CHECK ((state = 'open') = (resolved_at IS NULL)"
        " AND (resolved_at IS NULL) = (resolved_by_id IS NULL))",
        "A settled dispute needs a date and the user who settled it.",
    )
    _check_reason = models.Constraint(
        "CHECK (state <> 'rejected' OR resolution IS NOT NULL)",
        "Give a reason to reject a dispute.",
    )

    def init(self):
        super().init()
        make_append_only(self.env.cr, self._table, MUTABLE)

    def write(self, vals):
        if vals:
            raise UserError(
                self.env._("A dispute can't be edited. Accept, reject or withdraw it.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("Disputes can't be deleted."))

    # === BUSINESS METHODS === #

    def _get_state_name(self):
        self.ensure_one()
        selection = self._fields["state"]._description_selection(self.env)
        return dict(selection)[self.state]

    def _notify(self, kind, partners, message):
        """Queue an email about this dispute to each who has an address."""
        self.ensure_one()
        self.env["coaching.notification"]._queue_rows(
            [
                {
                    "attendance_id": self.attendance_id.id,
                    "company_id": self.company_id.id,
                    "partner_id": partner.id,
                    "kind": kind,
                    "message": message,
                    "session_start": self.attendance_id.start,
                }
                for partner in partners.filtered("email")
            ]
        )

    # === ACTIONS === #

    def _open_dialog(self, xmlid):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["context"] = {"default_dispute_id": self.id}
        return action

    def action_open_accept(self):
        """Open the dialog that accepts this dispute."""
        return self._open_dialog("coaching_sessions.coaching_dispute_accept_action")

    def action_open_reject(self):
        """Open the dialog that rejects this dispute."""
        return self._open_dialog("coaching_sessions.coaching_dispute_reject_action")

    def action_view_session(self):
        """Open the session that is disputed."""
        self.ensure_one()
        return self.attendance_id.action_view_session()
