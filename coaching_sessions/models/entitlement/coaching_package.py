from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.database import make_undeletable
from ..base.groups import COACH_GROUP

# Coaches need not know what clients pay.
SALES_GROUPS = "coaching_sessions.group_coaching_manager,sales_team.group_sale_salesman"
# In the portal it is whoever paid who reads it, see ``_compute_order``.
PRICE_GROUPS = f"{SALES_GROUPS},base.group_portal"
UNITS = [
    ("sessions", "Sessions"),
    ("minutes", "Minutes"),
    ("unlimited", "Unlimited sessions"),
]
SHARING = [
    ("none", "The client only"),
    ("members", "Chosen people"),
    ("household", "Company or household, and chosen people"),
]
COUNTER_FIELDS = {"granted", "refunded", "expired", "held", "used", "remaining"}


class CoachingPackage(models.Model):
    """What a client paid for in advance, and what is left of it (R118-R130).

    The counters are the sums of the ledger's lines, in the package's unit; nobody
    writes them. What is done with it is in files of their own: what is left
    (``_balance``), booking (``_claim``), selling (``_sale``), its last day
    (``_expiry``), staff's changes (``_adjust``) and what clients owe (``_owed``).
    """

    _name = "coaching.package"
    _description = "Package"
    _inherit = ["mail.thread", "mail.activity.mixin", "coaching.batch.mixin"]
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
        help="Empty: valid for every booking type that needs a package.",
    )
    unit = fields.Selection(
        selection=UNITS,
        required=True,
        readonly=True,
        default="sessions",
        help="The unit of the package. Minutes: a session uses its booked length."
        " Unlimited: sessions never run out before the package expires.",
    )
    sharing = fields.Selection(
        selection=SHARING,
        string="Usable by",
        required=True,
        default="none",
        help="Who else can use it. Company or household: every contact of the client's"
        " company or household.",
    )
    member_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="coaching_package_member_rel",
        column1="package_id",
        column2="partner_id",
        string="Shared with",
        check_company=True,
    )
    origin_id = fields.Many2one(
        comodel_name="coaching.package",
        string="Transferred from",
        groups=COACH_GROUP,  # its name says whose it was
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    sale_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Order line",
        groups=SALES_GROUPS,
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
    purchase_date = fields.Date(
        string="Purchase date", required=True, default=fields.Date.context_today
    )
    start_date = fields.Date(
        string="Valid from",
        help="First day on which a session can take place. Empty: any day.",
    )
    expiry_date = fields.Date(
        string="Valid until",
        index=True,
        help="Last day on which a session can take place. Empty: never expires.",
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
        "(sale_line_id, COALESCE(start_date, '-infinity'::date))"
        " WHERE sale_line_id IS NOT NULL",
        "This order line already has its package.",
    )
    # for the ledger's foreign key: its lines are in the package's unit
    _unit_unique = models.Constraint("UNIQUE (unit, id)")
    _check_unlimited = models.Constraint(
        "CHECK (unit <> 'unlimited' OR (granted = 0 AND held = 0 AND used = 0))",
        "Unlimited packages don't count sessions.",
    )
    _check_dates = models.Constraint(
        "CHECK (start_date <= expiry_date)",
        "A package must end after it begins.",
    )

    def init(self):
        super().init()
        make_undeletable(self.env.cr, self._table)

    # === COMPUTE METHODS === #

    @api.depends(
        "sale_line_id.price_total",
        "sale_line_id.order_id",
        "sale_line_id.coaching_package_ids",
    )
    @api.depends_context("uid")
    def _compute_order(self):
        user = self.env.user
        for package in self:
            line = package.sale_line_id
            if user.share and package.partner_id != user.partner_id:
                # who shares a package reads what is left of it, not what it cost
                line = line.browse()
            package.order_id = line.order_id
            # what was sold as one package a month cost as much for each
            package.price_total = line.price_total / (
                len(line.coaching_package_ids) or 1
            )

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
        if "expiry_date" in vals:
            vals = {**vals, "expiry_notified": False}
        if not self.env.su and set(vals) - {"message_follower_ids"}:
            raise UserError(
                self.env._(
                    "Packages can't be edited directly. Use the buttons, so that the"
                    " ledger shows the reason."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._("Packages can't be deleted. Cancel the sales order instead.")
        )

    @api.model
    def _get_counters_message(self):
        return self.env._(
            "The balance of a package is the sum of its ledger lines,"
            " so it can't be edited."
        )
