from odoo import Command, api, fields, models

from ...models.catalog.coaching_outcome import CODES_BY_CLOCK
from ...models.engagement.coaching_engagement import CONTINUE_WISHES, SLOT_WISHES
from ...models.policy.coaching_attendance import CANCELLATIONS


class CoachingSessionClose(models.TransientModel):
    """Dialog that closes out one client's session and says what it leads to (R29)."""

    _name = "coaching.session.close"
    _description = "Close Out a Session"
    _inherit = ["coaching.dialog.mixin"]

    attendance_id = fields.Many2one(
        comodel_name="coaching.attendance", required=True, readonly=True
    )
    partner_id = fields.Many2one(related="attendance_id.partner_id", related_sudo=False)
    start = fields.Datetime(related="attendance_id.start", related_sudo=False)
    stop = fields.Datetime(related="attendance_id.stop", related_sudo=False)
    is_over = fields.Boolean(string="Is over", compute="_compute_is_over")
    attended = fields.Selection(
        selection=[("yes", "Yes"), ("no", "No")],
        string="Did the client attend?",
        compute="_compute_attended",
        store=True,
        readonly=False,
    )
    outcome_id = fields.Many2one(
        comodel_name="coaching.outcome",
        string="What happened",
        required=True,
        domain="[('id', 'in', allowed_outcome_ids)]",
    )
    allowed_outcome_ids = fields.Many2many(
        string="Outcomes to choose from",
        comodel_name="coaching.outcome",
        compute="_compute_allowed_outcome_ids",
    )
    note_required = fields.Boolean(string="Note required", compute="_compute_outcome")
    took_place = fields.Boolean(string="Took place", compute="_compute_outcome")
    is_cancellation = fields.Boolean(
        string="Is cancellation", compute="_compute_outcome"
    )
    notice_at = fields.Datetime(string="When did the client cancel?")
    clock = fields.Char(
        string="By the time of the cancellation", compute="_compute_clock"
    )
    is_other_than_clock = fields.Boolean(
        string="Differs from the time", compute="_compute_clock"
    )
    note = fields.Text(help="Kept in the log. The client doesn't see it.")
    actual_start = fields.Datetime(string="Began at")
    actual_stop = fields.Datetime(string="Ended at")
    consequences = fields.Text(
        string="What will happen", compute="_compute_consequences"
    )
    # what client and coach take along
    shared_note = fields.Html(
        string="Note for the client", help="The client sees it.", sanitize=True
    )
    private_note = fields.Html(string="Note for yourself", help="Only for you.")
    next_step = fields.Char(
        string="Next step", help="What the client does until the next session."
    )
    next_step_date = fields.Date(string="Due date")
    goal_ids = fields.Many2many(
        comodel_name="coaching.goal",
        string="Goals worked on",
        domain="[('partner_id', '=', partner_id), ('state', '=', 'open')]",
    )
    # what's next
    continue_wish = fields.Selection(
        selection=CONTINUE_WISHES, string="Does the client want to continue?"
    )
    slot_wish = fields.Selection(
        selection=SLOT_WISHES, string="When would suit the client?"
    )
    wish_note = fields.Char(string="Client's comment")
    reserve_slot = fields.Boolean(
        string="Reserve this weekly time for the client",
        help="Only this client can book with it.",
    )
    book_next = fields.Boolean(string="Book the next session now")
    next_start = fields.Datetime(string="Next session")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        attendance = self.env["coaching.attendance"].browse(values.get("attendance_id"))
        if not attendance:
            return values
        session, now = attendance.session_id, self.env["coaching.session"]._now()
        code = self.env.context.get("outcome_code")
        if not code and session.start > now and not attendance.outcome_id:
            code = self._get_code_by_clock(attendance, now)
        outcome = attendance.outcome_id
        if code:
            outcome = outcome._get_by_code(code, attendance.company_id)
        values.update(
            outcome_id=outcome.id,
            note=attendance.outcome_note,
            notice_at=attendance.notice_at or (session.start > now and now),
            actual_start=session.actual_start or session.start,
            actual_stop=session.actual_stop or session.stop,
            goal_ids=[Command.set(attendance.goal_ids.ids)],
        )
        engagement = attendance.engagement_id
        if attendance.outcome_id:
            # what was answered the first time, to be corrected
            values["continue_wish"] = engagement.continue_wish
            values["slot_wish"] = engagement.slot_wish
        return values

    @api.model
    def _get_code_by_clock(self, attendance, moment):
        """Return the outcome of a client's cancellation at a moment."""
        return attendance.session_id._get_code_by_clock(moment or None)

    @api.depends("attendance_id")
    def _compute_is_over(self):
        now = self.env["coaching.session"]._now()
        for wizard in self:
            wizard.is_over = bool(wizard.start and wizard.start <= now)

    @api.depends("outcome_id")
    def _compute_attended(self):
        for wizard in self:
            state = wizard.outcome_id.state
            if state:
                wizard.attended = "yes" if state == "completed" else "no"
            else:
                wizard.attended = wizard.attended

    @api.depends("attendance_id", "attended")
    def _compute_allowed_outcome_ids(self):
        for wizard in self:
            possible = wizard.attendance_id._get_possible_outcomes()
            wizard.allowed_outcome_ids = possible.filtered(
                lambda outcome, attended=wizard.attended: attended
                == ("yes" if outcome.state == "completed" else "no")
            )

    @api.depends("outcome_id", "notice_at", "attendance_id")
    def _compute_outcome(self):
        for wizard in self:
            outcome = wizard.outcome_id
            wizard.took_place = outcome.state == "completed"
            wizard.is_cancellation = outcome.before_start
            wizard.note_required = (
                outcome.note_required or wizard._contradicts_the_clock()
            )

    @api.depends("outcome_id", "notice_at", "attendance_id")
    def _compute_clock(self):
        for wizard in self:
            attendance, outcome = wizard.attendance_id, wizard.outcome_id
            wizard.is_other_than_clock = wizard._contradicts_the_clock()
            if not outcome or outcome.state not in CANCELLATIONS:
                wizard.clock = False
                continue
            told = attendance._get_notice_at(outcome, wizard.notice_at)
            values = {
                "hours": max(attendance._get_notice_hours(told), 0.0),
                "needed": attendance.booking_type_id.cancel_notice_hours,
            }
            if attendance.session_id._is_early(told):
                wizard.clock = self.env._(
                    "early: %(hours).1f hours' notice, more than %(needed)g", **values
                )
            else:
                wizard.clock = self.env._(
                    "late: %(hours).1f hours' notice, not more than %(needed)g",
                    **values,
                )

    def _contradicts_the_clock(self):
        """Return whether early or late is chosen against the clock (R6)."""
        self.ensure_one()
        attendance, outcome = self.attendance_id, self.outcome_id
        return bool(outcome) and attendance._is_other_than_clock(
            outcome, attendance._get_notice_at(outcome, self.notice_at)
        )

    @api.depends("attendance_id", "outcome_id", "notice_at")
    def _compute_consequences(self):
        for wizard in self:
            attendance, outcome = wizard.attendance_id, wizard.outcome_id
            sentences = []
            if outcome:
                told = wizard.notice_at or None
                sentences = attendance._get_consequences(outcome, told)
                sentences += attendance._get_pay_consequences(outcome, told)
            wizard.consequences = "\n".join(sentences)

    @api.onchange("attended")
    def _onchange_attended(self):
        attended = self.outcome_id.state == "completed"
        if self.attended and attended != (self.attended == "yes"):
            allowed = self.allowed_outcome_ids._origin
            self.outcome_id = allowed if len(allowed) == 1 else False

    @api.onchange("notice_at")
    def _onchange_notice_at(self):
        if self.outcome_id.code in CODES_BY_CLOCK and self.notice_at:
            self.outcome_id = self.outcome_id._get_by_code(
                self._get_code_by_clock(self.attendance_id, self.notice_at),
                self.attendance_id.company_id,
            )

    @api.onchange("book_next", "slot_wish")
    def _onchange_book_next(self):
        if self.book_next and not self.next_start:
            self.next_start = self.attendance_id._propose_next_start(
                same_slot=self.slot_wish != "different"
            )

    def _prepare_answers(self):
        """Return what the dialog says, for ``action_close_out``; a hook."""
        self.ensure_one()
        goes_on = self.continue_wish != "no"
        answers = {
            "outcome_code": self.outcome_id.code,
            "note": self.note or "",
            **self._get_actual_times(),
            "goal_ids": self.goal_ids.ids,
            "continue_wish": self.continue_wish or None,
            "slot_wish": self.slot_wish or None,
            "wish_note": self.wish_note or "",
            "reserve_slot": goes_on and self.reserve_slot,
            "next_start": goes_on and self.book_next and self.next_start or None,
        }
        if self.is_cancellation and self.notice_at != self.attendance_id.notice_at:
            answers["notice_at"] = self.notice_at
        if self.took_place:
            answers.update(
                shared_note=self.shared_note or "",
                private_note=self.private_note or "",
                next_step=self.next_step or "",
                next_step_date=self.next_step_date,
            )
        return answers

    def _get_actual_times(self):
        """Return the times that were corrected; what is as planned is no news."""
        if not self.took_place:
            return {}
        return self.attendance_id.session_id._get_corrected_times(
            self.actual_start, self.actual_stop
        )

    def action_close(self):
        """Close out with what the dialog says."""
        self.ensure_one()
        result = self.attendance_id.action_close_out(self._prepare_answers())
        if not result["messages"]:
            return {"type": "ir.actions.act_window_close"}
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": "\n".join(result["messages"]),
                "type": "info",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
