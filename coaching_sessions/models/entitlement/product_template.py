from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .coaching_package import SHARING, UNITS

MAX_MONTHS = 120


class ProductTemplate(models.Model):
    _inherit = "product.template"

    coaching_package = fields.Boolean(
        string="Coaching package",
        help="Selling it gives the client sessions to book.",
    )
    coaching_unit = fields.Selection(
        selection=UNITS,
        string="Counted in",
        required=True,
        default="sessions",
        help="Minutes: a session takes as long as it was booked for. Unlimited: as many"
        " sessions as wanted until the last day.",
    )
    coaching_session_count = fields.Integer(
        string="Grants",
        default=1,
        help="Sessions or minutes that one package grants, each month if it is sold by"
        " the month.",
    )
    coaching_period = fields.Selection(
        selection=[("none", "At once"), ("month", "Each month")],
        string="Granted",
        required=True,
        default="none",
        help="Each month: what is not used in a month is lost with it.",
    )
    coaching_validity_months = fields.Integer(
        string="Valid for", help="Months from the day it is granted. 0: no end."
    )
    coaching_sharing = fields.Selection(
        selection=SHARING,
        string="Usable by",
        required=True,
        default="none",
        help="Who else can book with it. It can be changed on each package.",
    )
    coaching_booking_type_ids = fields.Many2many(
        comodel_name="coaching.booking.type",
        string="Usable for",
        help="Empty: usable for every booking type that takes a package.",
    )

    @api.constrains(
        "coaching_package",
        "coaching_session_count",
        "coaching_unit",
        "coaching_period",
        "coaching_validity_months",
        "type",
    )
    def _check_coaching_package(self):
        for product in self.filtered("coaching_package"):
            if product.type != "service" or (
                product.coaching_session_count < 1
                and product.coaching_unit != "unlimited"
            ):
                raise ValidationError(
                    self.env._(
                        "%(product)s can't be a package: a package is a service with"
                        " at least one session.",
                        product=product.name,
                    )
                )
            if not 0 <= product.coaching_validity_months <= MAX_MONTHS:
                raise ValidationError(
                    self.env._(
                        "The validity of a package is a number of months, %(months)s at"
                        " most.",
                        months=MAX_MONTHS,
                    )
                )
            if product.coaching_period == "month" and (
                not product.coaching_validity_months
                or product.coaching_unit == "unlimited"
            ):
                raise ValidationError(
                    self.env._(
                        "%(product)s is granted each month: say for how many months,"
                        " and how many sessions or minutes.",
                        product=product.name,
                    )
                )

    @api.constrains("coaching_unit")
    def _check_coaching_unit(self):
        # sudo: whether it was sold, in whichever company
        sold = (
            self.env["coaching.package"]
            .sudo()
            .search([("product_id.product_tmpl_id", "in", self.ids)])
        )
        for package in sold:
            if package.unit != package.product_id.coaching_unit:
                raise ValidationError(
                    self.env._(
                        "%(product)s was sold already, so it stays counted as it is."
                        " Make another product.",
                        product=package.product_id.name,
                    )
                )
