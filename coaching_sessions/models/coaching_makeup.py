import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..tools.arguments import parse_date, parse_text
from ..tools.database import make_undeletable
from ..tools.periods import get_period_key, take_numbers

_logger = logging.getLogger(__name__)

GRANT_GROUP = "coaching_sessions.group_coaching_grant_makeup"


class CoachingMakeup(models.Model):
    """A make-up credit: given for one missed session, used for one (R134-R140).

    Staff with the right to it grants one without a missed session, too.
    """

    _name = "coaching.makeup"
    _description = "Make-up Credit"
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
        required=True, readonly=True, default=fields.Date.context_today
    )
    expiry_date = fields.Date(
        readonly=True, help="Last day on which it can be used. Empty: never expires."
    )

    reason = fields.Char(readonly=True, help="Why staff granted or changed it.")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Granted by",
        readonly=True,
        ondelete="restrict",
        help="Who granted it without a missed session.",
    )
    limit_key = fields.Char(
        readonly=True,
        copy=False,
        help="Client, period and number, where so many are given in a period.",
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
        "The client has a make-up for this session already.",
    )
    _used_once = models.UniqueIndex(
        "(used_attendance_id) WHERE used_attendance_id IS NOT NULL",
        "A session can make up for one missed session only.",
    )
    _limited = models.UniqueIndex(
        "(limit_key) WHERE limit_key IS NOT NULL AND state <> 'revoked'",
        "The client got another make-up just now. Try again.",
    )
    _check_granted = models.Constraint(
        "CHECK (attendance_id IS NOT NULL OR user_id IS NOT NULL)",
        "A make-up is given for a missed session, or granted by somebody.",
    )
    _check_used = models.Constraint(
        "CHECK ((state = 'used') = (used_attendance_id IS NOT NULL))",
        "A make-up that is used names the session it was used for.",
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
                self.env._("Make-ups are given and taken by closing out sessions.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("Make-ups are never deleted. They are revoked."))

    # === BUSINESS METHODS === #

    @api.model
    def _post_for(self, attendances):
        """Give, revoke and give back credits, as closed attendances demand.

        :param attendances: ``coaching.attendance`` just closed or corrected
        :raise UserError: when a credit that has to be revoked is used
        """
        self._settle_used(attendances)
        due = attendances.filtered(lambda attendance: attendance._is_makeup_due())
        has = attendances.filtered(
            lambda attendance: attendance.makeup_id.state
            in ("issued", "used", "expired")
        )
        (has - due).makeup_id._revoke()
        self._issue(due - has)

    @api.model
    def _issue(self, attendances):
        """Give each of these missed sessions its make-up, within the limit."""
        keys = self._find_limit_keys(attendances)
        makeups = self.create(
            [
                {
                    "attendance_id": attendance.id,
                    "partner_id": attendance.partner_id.id,
                    "company_id": attendance.company_id.id,
                    "expiry_date": self._get_expiry_date(attendance),
                    "limit_key": keys[attendance],
                }
                for attendance in attendances
                if attendance in keys
            ]
        )
        for makeup in makeups:
            makeup.attendance_id.makeup_id = makeup

    @api.model
    def _find_limit_keys(self, attendances):
        """Return those that may get a make-up, with their number in the period.

        Only proposed here: the unique index judges who gets the last one.

        :return: dict of attendance → key, False where nothing is limited
        """
        keys = {}
        by_prefix = {}
        for attendance in attendances.sorted(lambda missed: (missed.start, missed.id)):
            company = attendance.company_id
            if not company.coaching_makeup_limit:
                keys[attendance] = False
                continue
            prefix = self._get_limit_prefix(attendance)
            by_prefix.setdefault((prefix, company), []).append(attendance)
        if not by_prefix:
            return keys
        taken = self._get_taken_numbers(attendances)
        for (prefix, company), missed in by_prefix.items():
            free = take_numbers(
                taken.get(prefix, set()), company.coaching_makeup_limit, len(missed)
            )
            keys.update(
                (attendance, f"{prefix}{number}")
                for attendance, number in zip(missed, free, strict=False)
            )
        return keys

    @api.model
    def _get_limit_prefix(self, attendance):
        """Return what the make-ups of a client in a period are known by."""
        company = attendance.company_id
        period = get_period_key(
            attendance._get_local_date(), company.coaching_makeup_period
        )
        return f"{company.id}/{attendance.partner_id.id}/{period}/"

    @api.model
    def _get_taken_numbers(self, attendances):
        """Return the numbers that these clients have used, by prefix."""
        # sudo: of other make-ups of the same clients only the number is read
        given = self.sudo().search_fetch(
            [
                ("partner_id", "in", attendances.partner_id.ids),
                ("limit_key", "!=", False),
                ("state", "!=", "revoked"),
            ],
            ["limit_key"],
        )
        taken = {}
        for key in given.mapped("limit_key"):
            prefix, _slash, number = key.rpartition("/")
            taken.setdefault(f"{prefix}/", set()).add(int(number))
        return taken

    @api.model
    def _describe_issue(self, attendance):
        """Return what a missed session that gives a make-up leads to, as a sentence."""
        company = attendance.company_id
        if attendance not in self._find_limit_keys(attendance):
            return self.env._(
                "No make-up: all %(count)s of %(period)s are given.",
                count=company.coaching_makeup_limit,
                period=self._get_limit_prefix(attendance).split("/")[2],
            )
        expiry = self._get_expiry_date(attendance)
        if not expiry:
            return self.env._("There is one free make-up for it.")
        return self.env._(
            "One free make-up can be used until %(date)s.",
            date=format_date(self.env, expiry),
        )

    @api.model
    def _get_expiry_date(self, attendance):
        """Return the last day of a new credit, or False for none."""
        return self._get_expiry_in(attendance.company_id)

    @api.model
    def _get_expiry_in(self, company):
        """Return the last day of a credit that a company gives today, or False."""
        days = company.coaching_makeup_validity_days
        today = fields.Date.context_today(self)
        return today + timedelta(days=days) if days else False

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
                        " outcome can't change. Cancel that session first, or close it"
                        " as cancelled in time; then correct this one.",
                        session=makeup.display_name,
                        used=used.session_id.name,
                    )
                )
        self.write({"state": "revoked"})

    @api.model
    def _use_for(self, attendance, missed):
        """Use a credit for a new make-up session.

        One that staff granted makes up for no session, it stands for itself.

        :param attendance: new ``coaching.attendance``
        :param missed: the missed one, or empty to use the credit that expires first
        :raise UserError: when there is none to use, saying why
        """
        makeup = self._find_usable(attendance, missed)
        makeup._take(attendance)
        attendance.write(
            {"makeup_of_id": makeup.attendance_id.id, "used_makeup_id": makeup.id}
        )

    @api.model
    def _find_usable(self, attendance, missed):
        """Return the credit to use, see ``_use_for``."""
        client = attendance.partner_id
        if not missed:
            credits = self.search(
                [
                    ("partner_id", "=", client.id),
                    ("company_id", "=", attendance.company_id.id),
                    ("state", "=", "issued"),
                ],
                order="expiry_date NULLS LAST, id",
            ).filtered(lambda makeup: not makeup._is_expired_on(attendance))
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
                    "The make-up for %(session)s can be used until %(date)s. Choose an"
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
                    "The make-up for %(session)s can't be used any more (%(state)s)."
                    " Use another one, or a session of a package.",
                    session=self.display_name,
                    state=states[self.state].lower(),
                )
            )
        self.invalidate_recordset(["state", "used_attendance_id"], flush=False)

    @api.model
    def _settle_used(self, attendances):
        """Give back the credit of a make-up session that is sent back, or retake it."""
        for attendance in attendances.filtered("used_makeup_id"):
            makeup = attendance.used_makeup_id
            mine = makeup.used_attendance_id == attendance
            if mine and not attendance.uses_session:
                makeup.write({"state": "issued", "used_attendance_id": False})
            elif not mine and attendance.uses_session:
                # it may have expired since: what was used in time is no less used
                makeup._take(attendance, ("issued", "expired"))

    # === BY STAFF === #

    @api.model
    def action_grant(self, partner_id, reason, expiry_date=None):
        """Give a client a make-up without a missed session (section 2, rank 25).

        :param int partner_id: id of the client
        :param str reason: why, kept with it
        :param expiry_date: last day on which it can be used; else as the company's
            setting says
        :return: ``coaching.makeup``
        :raise AccessError: without the right to grant make-ups
        :raise UserError: without a client or a reason
        """
        self._check_grant_right()
        reason = self._parse_reason(reason)
        partner = self.env["res.partner"].browse(
            partner_id if isinstance(partner_id, int) else 0
        )
        if not partner.exists():
            raise UserError(self.env._("Choose the client who gets the make-up."))
        partner.check_access("read")
        company = self.env.company
        # sudo: the right was checked; nobody writes make-ups by hand
        makeup = self.sudo().create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "expiry_date": parse_date(self.env, expiry_date)
                or self._get_expiry_in(company),
                "user_id": self.env.uid,
                "reason": reason,
            }
        )
        makeup._log("granted", reason)
        return self.browse(makeup.id)

    def action_extend(self, date, reason):
        """Let make-ups be used longer, also those that have expired.

        :param date: new last day, later than the present one
        :param str reason: why, kept in the log
        :return: True
        :raise AccessError: without the right to grant make-ups
        :raise UserError: for one that is used or revoked, or would not become longer
        """
        self._check_grant_right()
        date = parse_date(self.env, date)
        reason = self._parse_reason(reason)
        # sudo: the right was checked; nobody writes make-ups by hand
        for makeup in self.sudo():
            expiry = makeup.expiry_date
            if makeup.state not in ("issued", "expired") or not expiry:
                raise UserError(
                    self.env._(
                        "%(makeup)s can't be extended: it is used, revoked or never"
                        " expires.",
                        makeup=makeup.display_name,
                    )
                )
            if not date or date <= expiry:
                raise UserError(
                    self.env._(
                        "The make-up can be used until %(date)s already. Choose a"
                        " later day.",
                        date=format_date(self.env, expiry),
                    )
                )
            makeup.write({"expiry_date": date, "state": "issued", "reason": reason})
            makeup._log("extended", reason)
            makeup.attendance_id._post_consequences()
        return True

    def action_revoke(self, reason):
        """Take make-ups back that are not used.

        :param str reason: why, kept in the log
        :return: True
        :raise AccessError: without the right to grant make-ups
        :raise UserError: for one that is used
        """
        self._check_grant_right()
        reason = self._parse_reason(reason)
        # sudo: the right was checked; nobody writes make-ups by hand
        for makeup in self.sudo().filtered(lambda credit: credit.state != "revoked"):
            makeup._revoke()
            makeup.reason = reason
            makeup._log("revoked", reason)
            # what staff takes back is not given again by closing out once more
            makeup.attendance_id.issues_makeup = False
            makeup.attendance_id._post_consequences()
        return True

    def _check_grant_right(self):
        """Raise unless the user may grant, extend and revoke make-ups."""
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(GRANT_GROUP):
            raise AccessError(
                self.env._(
                    "Only who has the right to grant make-ups can do this. Ask your"
                    " administrator."
                )
            )

    @api.model
    def _parse_reason(self, reason):
        reason = parse_text(self.env, reason).strip()
        if not reason:
            raise UserError(self.env._("Say why: the reason is kept in the log."))
        return reason

    def _log(self, action, description):
        """Note who did what with a credit, and why."""
        self.env["coaching.session.log"].create(
            [
                {
                    "makeup_id": makeup.id,
                    "session_id": makeup.attendance_id.session_id.id,
                    "attendance_id": makeup.attendance_id.id,
                    "company_id": makeup.company_id.id,
                    "action": f"makeup_{action}",
                    "description": description,
                    "user_id": self.env.uid,
                    "date": self.env["coaching.session"]._now(),
                }
                for makeup in self
            ]
        )

    # === EXPIRY === #

    @api.model
    def _cron_expire(self, limit=500):
        """Mark the credits of which the last day is over, wherever the coach lives.

        :param int limit: credits of one run; the cron comes back for the rest
        """
        # the day is over everywhere on earth; booking looks at the coach's zone
        today = (self.env["coaching.session"]._now() - timedelta(hours=12)).date()
        domain = [("state", "=", "issued"), ("expiry_date", "<", today)]
        makeups = self.search(domain, limit=limit)
        if makeups and not makeups._expire_safely():
            # one that fails must not stop the others
            for makeup in makeups:
                makeup._expire_safely(log=True)
        left = self.search_count(domain)
        done = len(makeups) - len(makeups.filtered(lambda m: m.state == "issued"))
        self.env["ir.cron"]._commit_progress(done, remaining=left if done else 0)

    def _expire_safely(self, log=False):
        """Mark these as expired in a savepoint, return whether it went well."""
        try:
            with self.env.cr.savepoint():
                self._expire()
        except Exception:  # a bad one is left for people to look at
            if log:
                _logger.exception("Make-up %s could not expire", self.ids)
            return False
        return True

    def _expire(self):
        """Mark these as expired, unless somebody used one at this moment."""
        self.flush_recordset()
        self.env.cr.execute(
            """
            UPDATE coaching_makeup SET state = 'expired'
             WHERE id = ANY(%s) AND state = 'issued' RETURNING id
            """,
            (self.ids,),
        )
        expired = self.browse(makeup_id for (makeup_id,) in self.env.cr.fetchall())
        self.invalidate_recordset(["state"], flush=False)
        # whether a coach is paid may depend on it
        expired.attendance_id._post_consequences()
