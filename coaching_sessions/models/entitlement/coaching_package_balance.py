from odoo import api, fields, models
from odoo.fields import Domain


class CoachingPackage(models.Model):
    """What is left of a package: the sums of its ledger's lines, and the words."""

    _inherit = "coaching.package"

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
        help="Bookable balance, in the unit of the package.",
    )
    left_text = fields.Char(string="Balance", compute="_compute_left_text")
    sessions_taken = fields.Integer(
        string="Sessions booked or used",
        compute="_compute_sessions_taken",
        compute_sudo=True,
        help="Sessions that hold or used part of this package.",
    )
    cancelled = fields.Boolean(readonly=True, copy=False)
    state = fields.Selection(
        string="Status",
        selection=[
            ("active", "Active"),
            ("exhausted", "Used up"),
            ("expired", "Expired"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_state",
        search="_search_state",
    )

    _check_counters = models.Constraint(
        "CHECK (remaining >= 0 AND held >= 0 AND used >= 0 AND expired >= 0"
        " AND refunded >= 0"
        " AND remaining = granted - refunded - expired - held - used)",
        "A package can't go below zero.",
    )

    # === COMPUTE METHODS === #

    @api.depends("remaining", "granted", "unit")
    def _compute_left_text(self):
        for package in self:
            package.left_text = package._describe_left()

    @api.depends("attendance_ids.claim_move_id")
    def _compute_sessions_taken(self):
        counts = dict(
            self.env["coaching.attendance"]._read_group(
                [("package_id", "in", self.ids), ("claim_move_id", "!=", False)],
                ["package_id"],
                ["__count"],
            )
        )
        for package in self:
            package.sessions_taken = counts.get(package._origin, 0)

    @api.depends("remaining", "held", "unit", "expiry_date", "cancelled")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for package in self:
            if package.cancelled:
                package.state = "cancelled"
            elif package.expiry_date and package.expiry_date < today:
                package.state = "expired"
            elif not package._has_left() and not package.held:
                package.state = "exhausted"
            else:
                package.state = "active"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        valid = Domain("expiry_date", "=", False) | Domain("expiry_date", ">=", today)
        left = self._get_left_domain() | Domain("held", ">", 0)
        here = Domain("cancelled", "=", False)
        domains = {
            "cancelled": Domain("cancelled", "=", True),
            "expired": here & Domain("expiry_date", "<", today),
            "exhausted": here & valid & ~left,
            "active": here & valid & left,
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    # === WHAT IS LEFT === #

    @api.model
    def _get_left_domain(self):
        """Return the packages of which there is something to book."""
        return Domain("remaining", ">", 0) | Domain("unit", "=", "unlimited")

    def _has_left(self):
        """Return whether there is something to book, were it not for dates."""
        self.ensure_one()
        return self.unit == "unlimited" or self.remaining > 0

    def _describe_left(self, change=0):
        """Return what is left as part of a sentence, the one place that words it.

        :param int change: what is going to be added, in the package's unit
        """
        self.ensure_one()
        left, total = self.remaining + change, self.granted
        if self.unit == "unlimited":
            return self.env._("no limit")
        if self.unit == "minutes":
            return self.env._(
                "%(left)s of %(total)s minutes left", left=left, total=total
            )
        return self.env._("%(left)s of %(total)s left", left=left, total=total)

    def _describe_quantity(self, quantity):
        """Return an amount of the package's unit in words.

        :param int quantity: sessions or minutes
        """
        self.ensure_one()
        if self.unit == "minutes":
            return self.env._("%(count)s minutes", count=quantity)
        if quantity == 1:
            return self.env._("1 session")
        return self.env._("%(count)s sessions", count=quantity)

    def _get_nothing_left_message(self):
        self.ensure_one()
        values = {"client": self.partner_id.name, "package": self.name}
        if self.unit == "minutes":
            return self.env._(
                "%(client)s has too little left in package %(package)s (%(left)s). Sell"
                " another package, or choose a shorter session.",
                left=self._describe_left(),
                **values,
            )
        return self.env._(
            "%(client)s has no session left in package %(package)s. Sell another"
            " package, or choose a booking type that needs none.",
            **values,
        )
