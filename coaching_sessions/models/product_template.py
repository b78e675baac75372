from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProductTemplate(models.Model):
    _inherit = "product.template"

    coaching_package = fields.Boolean(
        string="Coaching package",
        help="Selling it gives the client sessions to book.",
    )
    coaching_session_count = fields.Integer(
        string="Sessions", default=1, help="Sessions that one package grants."
    )
    coaching_validity_months = fields.Integer(
        string="Valid for", help="Months from the day it is granted. 0: no end."
    )
    coaching_booking_type_ids = fields.Many2many(
        comodel_name="coaching.booking.type",
        string="Usable for",
        help="Empty: usable for every booking type that takes a package.",
    )

    @api.constrains("coaching_package", "coaching_session_count", "type")
    def _check_coaching_package(self):
        for product in self.filtered("coaching_package"):
            if product.type != "service" or product.coaching_session_count < 1:
                raise ValidationError(
                    self.env._(
                        "%(product)s can't be a package: a package is a service with"
                        " at least one session.",
                        product=product.name,
                    )
                )
            if product.coaching_validity_months < 0:
                raise ValidationError(
                    self.env._("The validity of a package can't be negative.")
                )
