from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.arguments import parse_date, parse_text
from ..tools.database import make_undeletable
from .coaching_session import MANAGER_GROUP

# Coaches need not know what clients pay; in the portal clients read their own only.
PRICE_GROUPS = (
    "coaching_sessions.group_coaching_manager,sales_team.group_sale_salesman,"
    "base.group_portal"
)
COUNTER_FIELDS = {"granted", "refunded", "expired", "held", "used", "remaining"}


class CoachingPackage(models.Model):
    """What a client paid for in advance, and what is left of it (R118-R130).

    The counters are the sums of the ledger's lines; nobody writes them.
    """

    _name = "coaching.package"
    _description = "Package"
    _inherit = ["mail.thread"]
    _order = "expiry_date, id"
    _check_company_auto = True

    # searching through it would let portal users guess what staff wrote
    message_ids = fields.One2many(groups="base.group_user")
    name = fields.Char(
        string="Number", required=True, readonly=True, copy=False, default="/"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Client",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    product_id = fields.Many2one(
        comodel_name="product.product", ondelete="restrict", check_company=True
    )
    booking_type_ids = fields.Many2many(
        comodel_name="coaching.booking.type",
        string="Usable for",
        check_company=True,
        help="Empty: usable for every booking type that takes a package.",
    )
    sale_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Order line",
        groups=PRICE_GROUPS,
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    # computed, not related: a related field could be grouped by whoever may not read
    order_id = fields.Many2one(
        comodel_name="sale.order",
        compute="_compute_order",
        compute_sudo=True,
        string="Sales order",
        groups=PRICE_GROUPS,
    )
    currency_id = fields.Many2one(related="sale_line_id.currency_id")
    price_total = fields.Monetary(
        compute="_compute_order",
        compute_sudo=True,
        string="Price",
        groups=PRICE_GROUPS,
    )
    purchase_date = fields.Date(required=True, default=fields.Date.context_today)
    expiry_date = fields.Date(
        index=True, help="Last day on which a session can take place. Empty: never."
    )
    granted = fields.Integer(default=0, readonly=True, copy=False, string="Total")
    held = fields.Integer(default=0, readonly=True, copy=False, string="Booked")
    used = fields.Integer(default=0, readonly=True, copy=False)
    expired = fields.Integer(
        default=0, readonly=True, copy=False, string="Expired unused"
    )
    refunded = fields.Integer(default=0, readonly=True, copy=False, string="Taken back")
    remaining = fields.Integer(
        default=0,
        readonly=True,
        copy=False,
        string="Left",
        help="Sessions that can be booked.",
    )
    cancelled = fields.Boolean(readonly=True, copy=False)
    state = fields.Selection(
        selection=[
            ("active", "Active"),
            ("exhausted", "Used up"),
            ("expired", "Expired"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_state",
        search="_search_state",
    )
    move_ids = fields.One2many(
        comodel_name="coaching.package.move",
        inverse_name="package_id",
        string="Ledger",
        readonly=True,
    )
    attendance_ids = fields.One2many(
        comodel_name="coaching.attendance",
        inverse_name="package_id",
        string="Sessions",
        readonly=True,
    )

    _sale_line_unique = models.UniqueIndex(
        "(sale_line_id) WHERE sale_line_id IS NOT NULL",
        "This order line has its package already.",
    )
    _check_counters = models.Constraint(
        "CHECK (remaining >= 0 AND held >= 0 AND used >= 0 AND expired >= 0"
        " AND refunded >= 0"
        " AND remaining = granted - refunded - expired - held - used)",
        "A package never has less than no session left.",
    )

    def init(self):
        super().init()
        make_undeletable(self.env.cr, self._table)

    # === COMPUTE METHODS === #

    @api.depends("sale_line_id.price_total", "sale_line_id.order_id")
    def _compute_order(self):
        for package in self:
            package.order_id = package.sale_line_id.order_id
            package.price_total = package.sale_line_id.price_total

    @api.depends("remaining", "held", "expiry_date", "cancelled")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for package in self:
            if package.cancelled:
                package.state = "cancelled"
            elif package.expiry_date and package.expiry_date < today:
                package.state = "expired"
            elif not package.remaining and not package.held:
                package.state = "exhausted"
            else:
                package.state = "active"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        valid = Domain("expiry_date", "=", False) | Domain("expiry_date", ">=", today)
        left = Domain("remaining", ">", 0) | Domain("held", ">", 0)
        here = Domain("cancelled", "=", False)
        domains = {
            "cancelled": Domain("cancelled", "=", True),
            "expired": here & Domain("expiry_date", "<", today),
            "exhausted": here & valid & ~left,
            "active": here & valid & left,
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.depends("name", "product_id", "partner_id")
    def _compute_display_name(self):
        for package in self:
            names = [package.name, package.product_id.name, package.partner_id.name]
            package.display_name = " · ".join(filter(None, names))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                vals["name"] = self.env["ir.sequence"].next_by_code("coaching.package")
            if COUNTER_FIELDS & set(vals):
                raise UserError(self._get_counters_message())
        return super().create(vals_list)

    def write(self, vals):
        if COUNTER_FIELDS & set(vals):
            raise UserError(self._get_counters_message())
        if not self.env.su and set(vals) - {"message_follower_ids"}:
            raise UserError(
                self.env._(
                    "A package changes through its buttons, so that its ledger tells"
                    " why."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._("Packages are never deleted. Cancel the sales order instead.")
        )

    @api.model
    def _get_counters_message(self):
        return self.env._("What is left of a package is the sum of its ledger's lines.")

    def _get_nothing_left_message(self):
        self.ensure_one()
        return self.env._(
            "%(client)s has no session left in package %(package)s. Sell another"
            " package, or choose a booking type that needs none.",
            client=self.partner_id.name,
            package=self.name,
        )

    # === BUSINESS METHODS === #

    @api.model
    def _grant(self, vals, quantity, reason=""):
        """Create a package with its first line.

        :param dict vals: values of the package, without counters
        :param int quantity: sessions
        :param str reason: where they come from
        :return: ``coaching.package``
        """
        package = self.create(vals)
        package._post_line("grant", quantity, reason)
        return package

    def _post_line(self, kind, quantity, reason=""):
        """Post a line that belongs to no session."""
        self.ensure_one()
        return self.env["coaching.package.move"].create(
            {
                "package_id": self.id,
                "kind": kind,
                "quantity": quantity,
                "reason": reason,
            }
        )

    @api.model
    def _hold_for(self, attendances, package=None):
        """Hold what a booking takes from each client's package.

        :param attendances: new ``coaching.attendance``
        :param package: the package to draw on, else the one that expires first
        :raise UserError: when a client has none that fits, saying why
        """
        candidates = package or self._find_candidates(attendances)
        chosen = {}
        for attendance in attendances:
            if package:
                package._check_usable(attendance)
            usable = candidates.filtered(
                lambda candidate, attendance=attendance: candidate._is_usable(
                    attendance
                )
            )
            if not usable:
                raise UserError(self._get_no_package_message(attendance))
            chosen[attendance] = usable[0]
        if not attendances[0].sessions_deducted:
            for attendance, candidate in chosen.items():
                attendance.package_id = candidate
            return
        self._claim(chosen, "hold")

    @api.model
    def _find_candidates(self, attendances):
        """Return the packages with something left, those that expire first first."""
        return self.search_fetch(
            [
                ("partner_id", "in", attendances.partner_id.ids),
                ("company_id", "in", attendances.company_id.ids),
                ("cancelled", "=", False),
                ("remaining", ">=", attendances[0].sessions_deducted),
            ],
            ["partner_id", "company_id", "cancelled", "expiry_date", "remaining"],
            order="expiry_date NULLS LAST, id",
        )

    def _is_usable(self, attendance):
        """Return whether an attendance can be paid with this package."""
        self.ensure_one()
        return (
            self.partner_id == attendance.partner_id
            and not self.cancelled
            and (
                not self.booking_type_ids
                or attendance.booking_type_id in self.booking_type_ids
            )
            and not self._is_expired_on(attendance)
        )

    def _is_expired_on(self, attendance):
        """Return whether the package is over on the day of a session (coach's zone)."""
        self.ensure_one()
        return bool(
            self.expiry_date and self.expiry_date < attendance._get_local_date()
        )

    def _check_usable(self, attendance):
        """Raise when an attendance can't be paid with this package, saying why."""
        self.ensure_one()
        values = {"package": self.name, "client": attendance.partner_id.name}
        if self.partner_id != attendance.partner_id:
            raise UserError(
                self.env._(
                    "Package %(package)s does not belong to %(client)s. Choose one of"
                    " the client's own.",
                    **values,
                )
            )
        if self.cancelled:
            raise UserError(
                self.env._(
                    "Package %(package)s is cancelled. Choose another.", **values
                )
            )
        if self._is_expired_on(attendance):
            raise UserError(
                self.env._(
                    "Package %(package)s expires on %(date)s, before the session."
                    " Extend it, or choose another.",
                    date=format_date(self.env, self.expiry_date),
                    **values,
                )
            )
        if not self._is_usable(attendance):
            raise UserError(
                self.env._(
                    "Package %(package)s can't be used for “%(booking_type)s”. Choose"
                    " another package or booking type.",
                    booking_type=attendance.booking_type_id.name,
                    **values,
                )
            )
        if self.remaining < attendance.sessions_deducted:
            raise UserError(self._get_nothing_left_message())

    @api.model
    def _get_no_package_message(self, attendance):
        return self.env._(
            "%(client)s has no package with a session left for “%(booking_type)s” on"
            " that day. Sell a package, or choose a booking type that needs none.",
            client=attendance.partner_id.name,
            booking_type=attendance.booking_type_id.name,
        )

    @api.model
    def _claim(self, chosen, kind):
        """Post a hold or use for attendances and remember it on them.

        :param dict chosen: attendance → package
        """
        moves = self.env["coaching.package.move"].create(
            self._prepare_claims(chosen, kind)
        )
        moves._remember_claims()

    @api.model
    def _prepare_claims(self, chosen, kind):
        """Return the values of a hold or use for each attendance.

        :param dict chosen: attendance → package
        """
        return [
            {
                "package_id": package.id,
                "attendance_id": attendance.id,
                "company_id": attendance.company_id.id,
                "kind": kind,
                "quantity": -attendance.sessions_deducted,
                "claim_number": attendance.claim_count + 1,
            }
            for attendance, package in chosen.items()
        ]

    @api.model
    def _post_for(self, attendances):
        """Post what closed attendances mean for their packages (R16-R27, R124-R127).

        A hold ends; what is used is used once; what a correction sends back is
        released once.
        """
        deducted = attendances.filtered(
            lambda attendance: attendance.package_id and attendance.sessions_deducted
        )
        to_end = deducted.claim_move_id.filtered(
            lambda move: move.kind == "hold" or not move.attendance_id.uses_session
        )
        to_use = deducted.filtered(
            lambda attendance: attendance.uses_session
            and (
                not attendance.claim_move_id or attendance.claim_move_id.kind == "hold"
            )
        )
        reversals = [
            move._prepare_reversal_values(move.attendance_id.outcome_id.name)
            for move in to_end
        ]
        uses = self._prepare_claims(
            {attendance: attendance.package_id for attendance in to_use}, "use"
        )
        # a hold ends before its use begins, so that the last session can be used
        moves = self.env["coaching.package.move"].create(reversals + uses)
        (to_end.attendance_id - to_use).write({"claim_move_id": False})
        moves[len(reversals) :]._remember_claims()

    def action_extend(self, date, reason=""):
        """Let a package be used longer (R122).

        :param date: new last day, later than the present one
        :param str reason: why, kept in the ledger
        :return: True
        :raise UserError: when it would not become longer, or is cancelled
        :raise AccessError: unless the user is a manager
        """
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(self.env._("Only a manager can extend a package."))
        date = parse_date(self.env, date)
        reason = parse_text(self.env, reason)
        for package in self.sudo():
            if package.cancelled or not date:
                raise UserError(
                    self.env._("Choose a date, and a package that is not cancelled.")
                )
            if not package.expiry_date or date <= package.expiry_date:
                raise UserError(
                    self.env._(
                        "Package %(package)s is valid until %(date)s already.",
                        package=package.name,
                        date=format_date(self.env, package.expiry_date)
                        or self.env._("any time"),
                    )
                )
            package.expiry_date = date
            package._post_line("extend", 0, reason)
        return True

    def _take_back(self, reason=""):
        """Cancel a package: what is left of it goes, what was used stays (R103).

        :raise UserError: while sessions are booked on it
        """
        for package in self.filtered(lambda package: not package.cancelled):
            if package.held:
                raise UserError(
                    self.env._(
                        "%(count)s sessions are booked on package %(package)s. Cancel"
                        " them first.",
                        count=package.held,
                        package=package.name,
                    )
                )
            if package.remaining:
                package._post_line("refund", -package.remaining, reason)
            package.cancelled = True

    def _settle_sold(self, partner, quantity, reason=""):
        """Make a package hold what its order line sells, bringing it back if cancelled.

        :param partner: client it is sold to
        :param int quantity: sessions sold
        :param str reason: where they come from
        :raise UserError: when more was taken already than is sold now
        """
        self.ensure_one()
        if self.partner_id != partner:
            if self.used or self.held:
                raise UserError(
                    self.env._(
                        "%(client)s has used package %(package)s already. Sell"
                        " %(other)s a package of a new order.",
                        client=self.partner_id.name,
                        package=self.name,
                        other=partner.name,
                    )
                )
            self.partner_id = partner
        self.cancelled = False
        sold = self.move_ids.filtered(lambda move: move.kind in ("grant", "refund"))
        missing = quantity - sum(sold.mapped("quantity"))
        given_back = min(max(missing, 0), self.refunded) if missing > 0 else missing
        if given_back:
            self._post_line("refund", given_back, reason)
        if missing - given_back > 0:
            self._post_line("grant", missing - given_back, reason)

    @api.model
    def _get_expiry_date(self, start, months):
        """Return the last day of a package, None for one that never expires.

        :param date start: first day
        :param int months: validity, 0 for no end
        """
        return start + relativedelta(months=months, days=-1) if months else None
