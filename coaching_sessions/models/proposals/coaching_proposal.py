from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.database import make_undeletable

# what becomes of a proposal, next to being open
ANSWERED = [
    ("accepted", "Accepted"),
    ("refused", "Declined"),
    ("withdrawn", "Withdrawn"),
    ("expired", "Expired"),
]


class CoachingProposal(models.Model):
    """“Would this time suit you?”: times that are held until somebody picks one.

    Clients ask their coach when it is too late to move a session themselves (R51), the
    coach offers other times (R99-R101). What is moved keeps its time until another one
    is taken, in the same transaction. Answering is in ``coaching_proposal_answer.py``.
    """

    _name = "coaching.proposal"
    _description = "Proposal"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    # searching through it would let portal users guess what staff wrote
    message_ids = fields.One2many(groups="base.group_user")
    kind = fields.Selection(
        selection=[
            ("ask", "The client asks"),
            ("offer", "The coach offers"),
        ],
        required=True,
        readonly=True,
    )
    session_id = fields.Many2one(
        comodel_name="coaching.session",
        string="Session to move",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Empty: a session is booked when it is accepted.",
    )
    session_start = fields.Datetime(
        string="Instead of", readonly=True, help="Start of the session."
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
        check_company=True,
    )
    booking_type_id = fields.Many2one(
        string="Booking type",
        comodel_name="coaching.booking.type",
        required=True,
        readonly=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    hold_ids = fields.One2many(
        comodel_name="coaching.hold",
        inverse_name="proposal_id",
        string="Times",
        readonly=True,
    )
    times = fields.Char(
        string="Proposed times", compute="_compute_times", help="In your local time."
    )
    message = fields.Text(readonly=True, help="Message with the proposal.")
    deadline = fields.Datetime(
        string="Answer until",
        required=True,
        readonly=True,
        help="The times are held until then.",
    )
    state = fields.Selection(
        string="Status",
        selection=[("open", "Open"), *ANSWERED],
        required=True,
        readonly=True,
        default="open",
        index=True,
    )
    reason = fields.Text(readonly=True, help="Comment with the answer.")
    chosen_hold_id = fields.Many2one(
        comodel_name="coaching.hold",
        string="Chosen",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    booked_session_id = fields.Many2one(
        comodel_name="coaching.session",
        string="Session",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The session that was moved or booked.",
    )
    asked_at = fields.Datetime(string="Proposed", required=True, readonly=True)
    answered_at = fields.Datetime(string="Answered", readonly=True)
    answered_by_id = fields.Many2one(
        string="Answered by",
        comodel_name="res.users",
        readonly=True,
        ondelete="restrict",
    )
    may_answer = fields.Boolean(string="May answer", compute="_compute_may")
    may_withdraw = fields.Boolean(string="May withdraw", compute="_compute_may")

    _one_open = models.UniqueIndex(
        "(session_id) WHERE state = 'open' AND session_id IS NOT NULL",
        "Other times are already proposed for this session. Answer that proposal"
        " first.",
    )
    _check_answered = models.Constraint(
        "CHECK ((state = 'open') = (answered_at IS NULL))",
        "An answered proposal needs the time of the answer.",
    )
    _check_accepted = models.Constraint(
        "CHECK (state <> 'accepted' OR chosen_hold_id IS NOT NULL)",
        "An accepted proposal needs the accepted time.",
    )
    _open_index = models.Index("(deadline) WHERE state = 'open'")

    def init(self):
        super().init()
        make_undeletable(self.env.cr, self._table)

    # === COMPUTE METHODS === #

    @api.depends("session_id", "booking_type_id", "partner_id")
    def _compute_display_name(self):
        for proposal in self:
            # sudo: who reads the proposal knows what it is about
            known = proposal.sudo()
            what = known.session_id.name or known.booking_type_id.name
            names = (what, known.partner_id.name)
            proposal.display_name = " · ".join(filter(None, names))

    @api.depends("hold_ids.start")
    @api.depends_context("tz", "lang", "uid")
    def _compute_times(self):
        for proposal in self:
            holds = proposal.hold_ids.sorted("start")
            proposal.times = " · ".join(holds.mapped("display_name"))

    @api.depends("state", "kind", "coach_id", "partner_id")
    @api.depends_context("uid")
    def _compute_may(self):
        for proposal in self:
            is_open = proposal.state == "open"
            proposal.may_answer = is_open and proposal._is_answering()
            proposal.may_withdraw = is_open and proposal._is_proposing()

    # === CRUD METHODS === #

    def write(self, vals):
        talk = {name for name in vals if name.startswith(("message_", "activity_"))}
        if not self.env.su and set(vals) - talk:
            raise UserError(
                self.env._(
                    "Proposals can't be edited. Accept, decline or withdraw"
                    " the proposal."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._("Proposals can't be deleted. Withdraw the proposal instead.")
        )

    def _get_starts(self):
        """Return the times that are proposed, naive UTC, the earliest first; a hook."""
        return self.hold_ids.sorted("start").mapped("start")

    def _get_url(self, partner):
        """Return where somebody answers, empty for people without access.

        A hook: the portal has pages for clients, and for coaches without the backend.

        :param partner: ``res.partner`` who reads the email
        """
        self.ensure_one()
        if not any(user._is_internal() for user in partner.user_ids):
            return ""
        base = self.get_base_url()
        return f"{base}/mail/view?model=coaching.proposal&res_id={self.id}"

    def action_open_session(self):
        """Open the session that this is about."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "coaching.session",
            "res_id": (self.booked_session_id or self.session_id).id,
            "view_mode": "form",
        }
