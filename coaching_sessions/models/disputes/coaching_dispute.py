from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...tools.arguments import parse_text, without_defaults
from ...tools.database import make_append_only
from ..base.groups import MANAGER_GROUP

# how a dispute that was settled differs from what the client wrote
MUTABLE = ("state", "resolved_at", "resolved_by_id", "resolution")


class CoachingDispute(models.Model):
    """A client says that what was recorded is not right, or that no coach came.

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
            ("outcome", "The outcome is not right"),
            ("coach_no_show", "The coach did not come"),
        ],
        string="About",
        required=True,
        readonly=True,
    )
    claim = fields.Text(string="What the client says", required=True, readonly=True)
    wanted_outcome_id = fields.Many2one(
        comodel_name="coaching.outcome",
        string="It should say",
        readonly=True,
        ondelete="restrict",
        help="What the client says happened, where he said so.",
    )
    outcome_id = fields.Many2one(
        comodel_name="coaching.outcome",
        string="Outcome before",
        readonly=True,
        ondelete="restrict",
        help="What was recorded as the client objected. Empty: nothing yet.",
    )
    closed_at = fields.Datetime(
        string="Recorded at",
        readonly=True,
        help="Names the outcome that is disputed, so that each is disputed once.",
    )
    current_outcome_id = fields.Many2one(
        related="attendance_id.outcome_id", string="Outcome now"
    )
    state = fields.Selection(
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
    opened_at = fields.Datetime(required=True, readonly=True)
    opened_by_id = fields.Many2one(
        comodel_name="res.users", required=True, readonly=True, ondelete="restrict"
    )
    resolved_at = fields.Datetime(string="Settled at", readonly=True)
    resolved_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Settled by",
        readonly=True,
        ondelete="restrict",
    )
    resolution = fields.Text(
        string="Answer", readonly=True, help="The client reads it."
    )

    _open_once = models.UniqueIndex(
        "(attendance_id) WHERE state = 'open'",
        "This session is disputed already.",
    )
    _outcome_once = models.UniqueIndex(
        "(attendance_id, kind, COALESCE(closed_at, '1970-01-01'::timestamp))",
        "This outcome was disputed already.",
    )
    _check_settled = models.Constraint(
        "CHECK ((state = 'open') = (resolved_at IS NULL)"
        " AND (resolved_at IS NULL) = (resolved_by_id IS NULL))",
        "A dispute that is settled says when and by whom.",
    )
    _check_reason = models.Constraint(
        "CHECK (state <> 'rejected' OR resolution IS NOT NULL)",
        "A dispute is rejected with a reason.",
    )

    def init(self):
        super().init()
        make_append_only(self.env.cr, self._table, MUTABLE)

    def write(self, vals):
        if vals:
            raise UserError(
                self.env._("A dispute never changes. Accept, reject or withdraw it.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("Disputes are never deleted."))

    # === BUSINESS METHODS === #

    def action_accept(self, outcome_code=None, resolution=""):
        """Agree with the client: record what he says happened (rank 13, 15).

        The session is closed again with that outcome, and everything that follows
        from it is posted anew.

        :param str outcome_code: code of a ``coaching.outcome``; by default what the
            client asked for, ``coach_missed`` when the coach did not come
        :param str resolution: answer that the client reads
        :return: True
        :raise UserError: when it is settled already, or no outcome is known
        :raise AccessError: unless the user is a manager, and neither coach nor client
        """
        self._check_judge()
        outcome_code = parse_text(self.env, outcome_code)
        resolution = parse_text(self.env, resolution).strip()
        for dispute in self:
            code = outcome_code or dispute._get_default_outcome_code()
            # all or nothing, also for callers who catch the error
            with self.env.cr.savepoint():
                dispute._settle("accepted", resolution)
                dispute.attendance_id.action_close(
                    code, note=resolution or dispute.claim
                )
        return True

    def action_reject(self, resolution):
        """Keep what is recorded, and tell the client why (rank 13).

        :param str resolution: reason that the client reads
        :return: True
        :raise UserError: without a reason, or when it is settled already
        :raise AccessError: unless the user is a manager, and neither coach nor client
        """
        self._check_judge()
        resolution = parse_text(self.env, resolution).strip()
        if not resolution:
            raise UserError(
                self.env._("Say why it is rejected; the client reads your answer.")
            )
        for dispute in self:
            dispute._settle("rejected", resolution)
        return True

    def action_withdraw(self):
        """Take the objection back, as the client who made it (rank 13).

        :return: True
        :raise UserError: when it is settled already
        :raise AccessError: unless the user is that client
        """
        self.check_access("read")
        if self.partner_id - self.env.user.partner_id:
            raise AccessError(
                self.env._("Only the client who disputed a session can withdraw that.")
            )
        for dispute in self:
            dispute._settle("withdrawn")
        return True

    def _check_judge(self):
        """Raise unless the user may settle these: a manager, not in his own cause.

        :raise AccessError: also for disputes the user may not even read
        """
        self.check_access("read")
        if not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(self.env._("Only a manager can settle a dispute."))
        own = self.filtered(
            lambda dispute: (
                dispute.coach_id.user_id == self.env.user
                or dispute.partner_id == self.env.user.partner_id
            )
            and self._get_managers(dispute.company_id) - self.env.user
        )
        if own:
            raise AccessError(
                self.env._(
                    "%(session)s is your own session: another manager settles this.",
                    session=own[0].session_id.display_name,
                )
            )

    @api.model
    def _get_managers(self, company):
        """Return the users who manage a company's sessions."""
        # sudo: who they are, not more; a client causes this to tell them
        group = self.env.ref(MANAGER_GROUP).sudo()
        return (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("all_group_ids", "in", group.ids),
                    ("company_ids", "in", company.ids),
                    ("share", "=", False),
                ]
            )
        )

    def _get_default_outcome_code(self):
        """Return the outcome to accept with when nobody names one."""
        self.ensure_one()
        if self.kind == "coach_no_show":
            return "coach_missed"
        if self.wanted_outcome_id:
            return self.wanted_outcome_id.code
        raise UserError(
            self.env._("Say what really happened: choose the outcome to record.")
        )

    def _settle(self, state, resolution=""):
        """Settle one dispute, once.

        A guarded update: of a manager who accepts and a client who withdraws at the
        same moment, one does it and the other reads that it is done.

        :param str state: what it is from now on
        :param str resolution: answer to the client
        """
        self.ensure_one()
        self.flush_recordset()
        now = self.env["coaching.session"]._now()
        self.env.cr.execute(
            SQL(
                """
                UPDATE coaching_dispute
                   SET state = %s, resolution = %s, resolved_at = %s,
                       resolved_by_id = %s, write_uid = %s, write_date = %s
                 WHERE id = %s AND state = 'open'
                """,
                state,
                resolution or None,
                now,
                self.env.uid,
                self.env.uid,
                now,
                self.id,
            )
        )
        self.invalidate_recordset(flush=False)
        # sudo: rights were checked; what follows is not written by hand
        dispute = without_defaults(self.sudo())
        if not self.env.cr.rowcount:
            raise UserError(
                self.env._(
                    "This dispute was settled already by %(who)s: %(state)s.",
                    who=dispute.resolved_by_id.name,
                    state=dispute._get_state_name(),
                )
            )
        dispute.attendance_id._set_disputed(False)
        sentences = [f"{dispute._get_state_name()}."]
        if resolution:
            sentences.append(resolution)
        dispute.env["coaching.session.log"]._add(
            "settled", {dispute.attendance_id: " ".join(sentences)}
        )
        if state != "withdrawn":
            dispute._notify("dispute_settled", dispute.partner_id, resolution)

    def _get_state_name(self):
        self.ensure_one()
        selection = self._fields["state"]._description_selection(self.env)
        return dict(selection)[self.state]

    def _notify(self, kind, partners, message):
        """Queue a mail about this dispute to each who has an address."""
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
