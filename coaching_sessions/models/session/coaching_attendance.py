from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...tools.database import make_undeletable
from ..catalog.coaching_outcome import SESSION_STATES
from .coaching_session import BLOCKING_STATES


class CoachingAttendance(models.Model):
    """One client in one session: what he attends with and what became of it.

    Closing it (``coaching_attendance_close.py``) is the one fact that everything else
    follows from; the ledgers hold what followed.
    """

    _name = "coaching.attendance"
    _description = "Attendance"
    _order = "start desc, id desc"
    _check_company_auto = True

    session_id = fields.Many2one(
        comodel_name="coaching.session",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Client",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    company_id = fields.Many2one(
        related="session_id.company_id", store=True, precompute=True, index=True
    )
    coach_id = fields.Many2one(
        related="session_id.coach_id", store=True, precompute=True, index=True
    )
    booking_type_id = fields.Many2one(
        related="session_id.booking_type_id", store=True, precompute=True
    )
    # the session's, kept here for the exclusion constraint
    start = fields.Datetime(required=True, readonly=True)
    stop = fields.Datetime(string="End", required=True, readonly=True)
    state = fields.Selection(
        selection=[("scheduled", "Scheduled"), *SESSION_STATES],
        required=True,
        default="scheduled",
        readonly=True,
        index=True,
    )
    # what was recorded
    outcome_id = fields.Many2one(
        comodel_name="coaching.outcome",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    outcome_note = fields.Text(
        string="What happened",
        readonly=True,
        groups="coaching_sessions.group_coaching_coach",
        help="Comment of whoever closed the session; clients don't read it.",
    )
    closed_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    closed_at = fields.Datetime(readonly=True)
    # what followed, as the policy was at that moment
    policy_id = fields.Many2one(
        comodel_name="coaching.outcome.policy", readonly=True, ondelete="set null"
    )
    uses_session = fields.Boolean(string="Session used", readonly=True)
    charge_percent = fields.Float(
        string="Client pays (%)", readonly=True, aggregator=None
    )
    refund_percent = fields.Float(
        string="Client gets back (%)", readonly=True, aggregator=None
    )
    pay_percent = fields.Float(
        string="Coach earns (%)",
        readonly=True,
        aggregator=None,
        groups="coaching_sessions.group_coaching_coach",
    )
    issues_makeup = fields.Boolean(string="Gives a make-up", readonly=True)
    remunerated = fields.Boolean(
        readonly=True, help="The booking type counted for pay when it was closed."
    )
    policy_overridden = fields.Boolean(
        readonly=True, help="Whoever closed the session deviated from the policy."
    )
    # what the client attends with
    note = fields.Text(
        string="Client's subject", readonly=True, help="What this client wrote."
    )
    sessions_deducted = fields.Integer(
        readonly=True,
        default=1,
        help="Sessions this takes from a package, as it was when it was booked.",
    )
    package_id = fields.Many2one(
        comodel_name="coaching.package",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
    )
    package_remaining = fields.Integer(related="package_id.remaining")
    package_expiry_date = fields.Date(related="package_id.expiry_date")
    claim_move_id = fields.Many2one(
        comodel_name="coaching.package.move",
        string="Hold or use",
        readonly=True,
        ondelete="restrict",
        help="The line of the package's ledger that stands for this session now.",
    )
    claim_count = fields.Integer(readonly=True, default=0)
    makeup_of_id = fields.Many2one(
        comodel_name="coaching.attendance",
        string="Makes up for",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    used_makeup_id = fields.Many2one(
        comodel_name="coaching.makeup",
        string="Make-up used",
        readonly=True,
        ondelete="restrict",
    )
    makeup_id = fields.Many2one(
        comodel_name="coaching.makeup",
        string="Make-up given",
        readonly=True,
        ondelete="restrict",
        help="The credit that the client got for missing this session.",
    )

    _client_busy_index = models.Index(
        "(partner_id, stop) WHERE state IN ('scheduled', 'completed', 'no_show')"
    )
    _client_no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(partner_id, partner_id, '[]') WITH =,"
        " tsrange(start, stop, '[)') WITH &&)"
        " WHERE (state IN ('scheduled', 'completed', 'no_show'))",
        "The client already has a session at that time. Choose another time.",
    )
    _session_client_unique = models.UniqueIndex(
        "(session_id, partner_id) WHERE state IN ('scheduled', 'completed', 'no_show')",
        "The client already takes part in this session.",
    )
    _check_outcome = models.Constraint(
        "CHECK ((state = 'scheduled') = (outcome_id IS NULL))",
        "A closed session has an outcome.",
    )
    _check_makeup = models.Constraint(
        "CHECK (makeup_of_id IS NULL OR package_id IS NULL)",
        "A make-up is attended without a package.",
    )

    def init(self):
        super().init()
        make_undeletable(self.env.cr, self._table)

    @api.depends("session_id.name", "partner_id")
    def _compute_display_name(self):
        for attendance in self:
            names = (attendance.session_id.name, attendance.partner_id.display_name)
            attendance.display_name = " · ".join(filter(None, names))

    def write(self, vals):
        if not self.env.su:
            raise UserError(
                self.env._(
                    "What happened in a session is recorded by closing it out, and"
                    " changed by closing it out again."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._("Sessions are never deleted. Cancel the session instead.")
        )

    # === BUSINESS METHODS === #

    def _is_blocking(self):
        """Return whether coach and client are taken for this attendance."""
        self.ensure_one()
        return self.state in BLOCKING_STATES

    def _get_entitlement(self):
        """Return the attendance that this one stands for: the first one missed.

        A make-up, and a make-up of a make-up, all stand for the original.
        """
        self.ensure_one()
        original = self
        while original.makeup_of_id:
            original = original.makeup_of_id
        return original

    def _get_entitlement_group(self):
        """Return these attendances with all that stand for the same originals."""
        group = originals = self.browse(
            {attendance._get_entitlement().id for attendance in self}
        )
        # only what ever gave a make-up can have been made up for
        originals = originals.filtered("makeup_id")
        while originals:
            originals = self.search([("makeup_of_id", "in", originals.ids)]) - group
            group |= originals
        return group.sorted("id")

    def _post_booking(self, request):
        """Do what follows from a booking, in its transaction; a hook.

        :param self: new attendances, alike but for the time
        :param dict request: what ``coaching.session._prepare_booking`` returns
        """
        self.env["coaching.session.log"]._add("booked", dict.fromkeys(self, ""))
        if not request.get("quiet"):
            self.env["coaching.notification"]._queue(self, "booked")

    def _get_recipients(self, kind):
        """Return who is told about this attendance by mail.

        :param str kind: kind of ``coaching.notification``
        """
        self.ensure_one()
        recipients = self.partner_id
        if kind != "no_show" and self.coach_id.user_id != self.env.user:
            recipients |= self.coach_id.partner_id
        return recipients.filtered("email")

    def _get_local_date(self):
        """Return the day of the session in the coach's time zone.

        The day that validity and pay are reckoned by.
        """
        self.ensure_one()
        return fields.Datetime.context_timestamp(
            self.with_context(tz=self.coach_id.tz), self.start
        ).date()

    def _is_makeup_due(self):
        """Return whether the policy gives the client a make-up for this session.

        A make-up that is missed gives no further one, or a client could go on for
        ever.
        """
        self.ensure_one()
        return (
            self.issues_makeup
            and self.state != "scheduled"
            and not self.booking_type_id.is_makeup
        )

    def _check_makeup_possible(self, client):
        """Raise unless this missed session has a make-up that a client can use."""
        self.ensure_one()
        values = {"session": self.session_id.name, "client": client.name}
        if self.partner_id != client:
            raise UserError(
                self.env._(
                    "%(session)s was not a session of %(client)s, so there is nothing"
                    " to make up for.",
                    **values,
                )
            )
        makeup = self.makeup_id
        if makeup.state == "issued":
            return
        if makeup.state == "used":
            raise UserError(
                self.env._(
                    "The make-up for %(session)s is used already by %(used)s.",
                    used=makeup.used_attendance_id.session_id.name,
                    **values,
                )
            )
        if makeup.state == "expired":
            raise UserError(
                self.env._(
                    "The make-up for %(session)s expired on %(date)s.",
                    date=format_date(self.env, makeup.expiry_date),
                    **values,
                )
            )
        if self.state == "scheduled":
            raise UserError(
                self.env._(
                    "%(session)s is not closed out yet. Close it out first; the policy"
                    " then says whether there is a make-up.",
                    **values,
                )
            )
        raise UserError(
            self.env._(
                "%(session)s was closed as “%(outcome)s”, which gives no make-up.",
                outcome=self.outcome_id.name,
                **values,
            )
        )

    def _get_consequences(self, outcome, notice_at=None):
        """Return what closing with an outcome leads to, as sentences (R5, R29).

        Addons add a sentence for their ledger.

        :param outcome: ``coaching.outcome``
        :param notice_at: when a cancellation was told, naive UTC; else this moment
        :return: list of str
        """
        self.ensure_one()
        judged = self._judge(outcome, notice_at)[self]
        policy = self.env["coaching.outcome.policy"].browse(judged["policy_id"])
        uses_session = judged["uses_session"]
        sentences = []
        if self.package_id or self.booked_on_credit:
            sentences.append(self._describe_package_change(uses_session))
        elif self.used_makeup_id:
            sentences.append(
                self.env._("The make-up is used.")
                if uses_session
                else self.env._("The make-up can be used again.")
            )
        if judged["excused"] or (
            policy.excused_count and (uses_session or judged["charge_percent"])
        ):
            sentences.append(self._describe_allowance(policy, judged["excuse_key"]))
        gives_makeup = judged["issues_makeup"] and not self.booking_type_id.is_makeup
        if gives_makeup and self.makeup_id.state in ("issued", "used", "expired"):
            sentences.append(self.env._("The make-up that was given stays."))
        elif gives_makeup:
            sentences.append(self.env["coaching.makeup"]._describe_issue(self))
        elif self.makeup_id.state == "issued":
            sentences.append(self.env._("The make-up that was given is revoked."))
        return sentences

    def _get_pay_consequences(self, outcome, notice_at=None):
        """Return what closing means for the coach's pay; not for clients' eyes.

        A hook: nothing here, payroll adds a sentence.

        :param outcome: ``coaching.outcome``
        :param notice_at: when a cancellation was told, naive UTC; else this moment
        :return: list of str
        """
        self.ensure_one()
        return []

    def action_open_close(self):
        """Open the dialog that closes out, or corrects, this attendance."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "coaching_sessions.coaching_session_close_action"
        )
        action["context"] = {
            "default_attendance_id": self.id,
            "outcome_code": self.env.context.get("outcome_code"),
        }
        return action

    def action_view_session(self):
        """Open the session."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "coaching.session",
            "res_id": self.session_id.id,
            "view_mode": "form",
        }
