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
        help="Minutes: a session uses its booked length. Unlimited: any number of"
        " sessions until the package expires.",
    )
    coaching_session_count = fields.Integer(
        string="Grants",
        default=1,
        help="Sessions or minutes in one package, or per month if it is sold by the"
        " month.",
    )
    coaching_period = fields.Selection(
        selection=[("none", "Immediately"), ("month", "Per month")],
        string="Granted",
        required=True,
        default="none",
        help="Per month: unused sessions expire at the end of each month.",
    )
    coaching_validity_months = fields.Integer(
        string="Valid for", help="Months from the day it is granted. 0: no end."
    )
    coaching_sharing = fields.Selection(
        selection=SHARING,
        string="Usable by",
        required=True,
        default="none",
        help="Who else can use it. You can change this on each package.",
    )
    coaching_booking_type_ids = fields.Many2many(
        comodel_name="coaching.booking.type",
        string="Usable for",
        help="Empty: valid for every booking type that needs a package.",
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
                        "%(product)s can't be a package: a package must be a service"
                        " with at least one session.",
                        product=product.name,
                    )
                )
            if not 0 <= product.coaching_validity_months <= MAX_MONTHS:
                raise ValidationError(
                    self.env._(
                        "Enter a validity of at most %(months)s months.",
                        months=MAX_MONTHS,
                    )
                )
            if product.coaching_period == "month" and (
                not product.coaching_validity_months
                or product.coaching_unit == "unlimited"
            ):
                raise ValidationError(
                    self.env._(
                        "%(product)s is granted per month. Enter the number of"
                        " months and the sessions or minutes per month.",
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
                        "%(product)s was already sold, so its unit can't change."
                        " Create another product.",
                        product=package.product_id.name,
                    )
                )
