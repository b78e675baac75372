from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...tools.database import make_undeletable


class CoachingMakeup(models.Model):
    """A make-up credit: given for one missed session, used for one (R134-R140).

    Staff with the right to it grants one without a missed session, too.
    """

    _name = "coaching.makeup"
    _description = "Make-up Credit"
    _inherit = ["coaching.batch.mixin"]
    _order = "expiry_date, id"

    attendance_id = fields.Many2one(
        comodel_name="coaching.attendance",
        string="Missed session",
        readonly=True,
        ondelete="restrict",
        help="Empty: granted by staff without a missed session.",
    )
    used_attendance_id = fields.Many2one(
        comodel_name="coaching.attendance",
        string="Made up in",
        readonly=True,
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
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, ondelete="restrict"
    )
    state = fields.Selection(
        string="Status",
        selection=[
            ("issued", "To use"),
            ("used", "Used"),
            ("expired", "Expired"),
            ("revoked", "Revoked"),
        ],
        required=True,
        readonly=True,
        default="issued",
        index=True,
    )
    issue_date = fields.Date(
        string="Issued on",
        required=True,
        readonly=True,
        default=fields.Date.context_today,
    )
    expiry_date = fields.Date(
        string="Valid until",
        readonly=True,
        help="Last day on which it can be used. Empty: never expires.",
    )

    reason = fields.Char(
        readonly=True,
        groups="coaching_sessions.group_coaching_coach",
        help="Why staff granted or changed it. Clients don't see it.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Granted by",
        readonly=True,
        ondelete="restrict",
        help="The user who granted it without a missed session.",
    )
    limit_key = fields.Char(
        string="Limit key",
        readonly=True,
        copy=False,
        help="Client, period and number, where make-ups per period are limited.",
    )
    log_ids = fields.One2many(
        comodel_name="coaching.session.log",
        inverse_name="makeup_id",
        string="Log",
        readonly=True,
        groups="coaching_sessions.group_coaching_coach",
    )

    _issued_once = models.UniqueIndex(
        "(attendance_id) WHERE state <> 'revoked'",
        "The client already has a make-up for this session.",
    )
    _used_once = models.UniqueIndex(
        "(used_attendance_id) WHERE used_attendance_id IS NOT NULL",
        "A session can only make up for one missed session.",
    )
    _limited = models.UniqueIndex(
        "(limit_key) WHERE limit_key IS NOT NULL AND state <> 'revoked'",
        "The client has just received another make-up. Please try again.",
    )
    _check_granted = models.Constraint(
        "CHECK (attendance_id IS NOT NULL OR user_id IS NOT NULL)",
        "A make-up needs the missed session or the user who granted it.",
    )
    _check_used = models.Constraint(
        "CHECK ((state = 'used') = (used_attendance_id IS NOT NULL))",
        "A used make-up needs the session it was used for.",
    )

    def init(self):
        super().init()
        make_undeletable(self.env.cr, self._table)

    @api.depends("attendance_id", "partner_id", "issue_date")
    def _compute_display_name(self):
        for makeup in self:
            makeup.display_name = makeup.attendance_id.display_name or self.env._(
                "Granted to %(client)s on %(date)s",
                client=makeup.partner_id.name,
                date=format_date(self.env, makeup.issue_date),
            )

    def write(self, vals):
        if not self.env.su:
            raise UserError(
                self.env._("Make-ups are issued and revoked by closing out sessions.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._("Make-ups can't be deleted. Revoke the make-up instead.")
        )

    # === BUSINESS METHODS === #

    @api.model
    def _post_for(self, attendances):
        """Give, revoke and give back credits, as closed attendances demand.

        :param attendances: ``coaching.attendance`` just closed or corrected
        :raise UserError: when a credit that has to be revoked is used
        """
        self._return_or_retake(attendances)
        due = attendances.filtered(lambda attendance: attendance._is_makeup_due())
        has = attendances.filtered(
            lambda attendance: attendance.makeup_id.state
            in ("issued", "used", "expired")
        )
        (has - due).makeup_id._revoke()
        self._issue(due - has)

    def _revoke(self):
        """Take credits back, once: two who try conflict on the row.

        :raise UserError: for one that is used, saying how to proceed
        """
        for makeup in self:
            if makeup.state == "used":
                used = makeup.used_attendance_id
                raise UserError(
                    self.env._(
                        "The make-up for %(session)s is used by %(used)s, so the"
                        " outcome can't change. Cancel that session or close it as"
                        " an early cancellation first; then correct this one.",
                        session=makeup.display_name,
                        used=used.session_id.name,
                    )
                )
        self.write({"state": "revoked"})

    @api.model
    def _find_issued(self, attendances):
        """Return the credits that clients can use, those that expire first first.

        :param attendances: make-up sessions, new or planned
        """
        return self.search(
            [
                ("partner_id", "in", attendances.partner_id.ids),
                ("company_id", "in", attendances.company_id.ids),
                ("state", "=", "issued"),
            ],
            order="expiry_date NULLS LAST, id",
        )

    @api.model
    def _find_usable(self, attendance, missed, credits):
        """Return the credit that a make-up session uses.

        :param attendance: ``coaching.attendance``, new or planned
        :param missed: the missed one, or empty to use the credit that expires first
        :param credits: what ``_find_issued`` returned, where nothing is missed
        :raise UserError: when there is none to use, saying why
        """
        client = attendance.partner_id
        if not missed:
            credits = credits.filtered(
                lambda makeup: makeup.partner_id == client
                and not makeup._is_expired_on(attendance)
            )
            if not credits:
                raise UserError(
                    self.env._(
                        "%(client)s has no make-up to use. Book a session from the"
                        " package instead.",
                        client=client.name,
                    )
                )
            return credits[0]
        missed._check_makeup_possible(client)
        if missed.makeup_id.company_id != attendance.company_id:
            raise UserError(
                self.env._(
                    "The make-up for %(session)s belongs to another company. Choose"
                    " another one.",
                    session=missed.session_id.name,
                )
            )
        if missed.makeup_id._is_expired_on(attendance):
            raise UserError(
                self.env._(
                    "The make-up for %(session)s is valid until %(date)s. Choose an"
                    " earlier time.",
                    session=missed.session_id.name,
                    date=format_date(self.env, missed.makeup_id.expiry_date),
                )
            )
        return missed.makeup_id

    def _is_expired_on(self, attendance):
        """Return whether the credit is over on the day of a session (coach's zone)."""
        self.ensure_one()
        return bool(
            self.expiry_date and self.expiry_date < attendance._get_local_date()
        )

    def _use_for(self, attendance):
        """Use this credit for a new make-up session.

        One that staff granted makes up for no session, it stands for itself.

        :param attendance: new ``coaching.attendance``
        :raise UserError: when somebody else was quicker
        """
        self._take(attendance)
        attendance.write(
            {"makeup_of_id": self.attendance_id.id, "used_makeup_id": self.id}
        )

    def _take(self, attendance, states=("issued",)):
        """Mark the credit used, if it still is to be had.

        A guarded update: of two bookings with one credit, one gets it.

        :param states: states in which it is to be had
        """
        self.ensure_one()
        self.flush_recordset()
        self.env.cr.execute(
            """
            UPDATE coaching_makeup SET state = 'used', used_attendance_id = %s
             WHERE id = %s AND state IN %s
            """,
            (attendance.id, self.id, states),
        )
        if not self.env.cr.rowcount:
            self.invalidate_recordset(["state"], flush=False)
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "The make-up for %(session)s can no longer be used (%(state)s)."
                    " Use another make-up, or a session of a package.",
                    session=self.display_name,
                    state=states[self.state].lower(),
                )
            )
        self.invalidate_recordset(["state", "used_attendance_id"], flush=False)

    @api.model
    def _return_or_retake(self, attendances):
        """Return the credit of a make-up session that is returned, or take it again."""
        for attendance in attendances.filtered("used_makeup_id"):
            makeup = attendance.used_makeup_id
            mine = makeup.used_attendance_id == attendance
            if mine and not attendance.uses_session:
                makeup._give_back(attendance)
            elif not mine and attendance.uses_session:
                # it may have expired since: what was used in time is no less used
                makeup._take(attendance, ("issued", "expired"))
