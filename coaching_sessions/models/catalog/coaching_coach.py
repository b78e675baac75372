from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CoachingCoach(models.Model):
    """A person who holds sessions, with or without a login."""

    _name = "coaching.coach"
    _description = "Coach"
    _inherit = ["resource.mixin", "mail.thread"]
    _order = "name, id"
    _check_company_auto = True

    # searching through it would let portal users guess what staff wrote
    message_ids = fields.One2many(groups="base.group_user")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact",
        required=True,
        index=True,
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    name = fields.Char(related="partner_id.name", store=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Login",
        index="btree_not_null",
        help="The internal or portal user of the coach.",
    )
    active = fields.Boolean(default=True)
    color = fields.Integer()
    avatar_128 = fields.Image(related="partner_id.avatar_128")
    email = fields.Char(related="partner_id.email")
    phone = fields.Char(related="partner_id.phone")
    booking_type_ids = fields.Many2many(
        string="Booking types",
        comodel_name="coaching.booking.type",
        relation="coaching_booking_type_coach_rel",
        column1="coach_id",
        column2="booking_type_id",
        check_company=True,
        domain="[('coach_ids', '!=', False)]",
        help="Booking types that only some coaches offer. Types that every coach offers"
        " are not listed.",
    )
    max_sessions_day = fields.Integer(
        string="Sessions per day",
        help="Maximum number of sessions per day. 0: no limit.",
    )
    max_sessions_week = fields.Integer(
        string="Sessions per week",
        help="Maximum number of sessions from Monday to Sunday. 0: no limit.",
    )

    _check_limits = models.Constraint(
        "CHECK (max_sessions_day >= 0 AND max_sessions_week >= 0)",
        "The limit can't be negative. Enter 0 for no limit.",
    )
    _user_unique = models.UniqueIndex(
        "(user_id, company_id) WHERE user_id IS NOT NULL",
        "This login already belongs to another coach.",
    )
    _partner_unique = models.UniqueIndex(
        "(partner_id, company_id)", "This contact is already a coach."
    )

    @api.depends("user_id")
    def _compute_partner_id(self):
        for coach in self:
            coach.partner_id = coach.partner_id or coach.user_id.partner_id

    @api.constrains("user_id", "partner_id")
    def _check_user(self):
        for coach in self:
            if coach.user_id and coach.user_id.partner_id != coach.partner_id:
                raise ValidationError(
                    self.env._(
                        "The login %(login)s belongs to %(owner)s, not to %(coach)s."
                        " Choose the coach's own login.",
                        login=coach.user_id.login,
                        owner=coach.user_id.partner_id.name,
                        coach=coach.partner_id.name,
                    )
                )

    def _prepare_resource_values(self, vals, tz):
        values = super()._prepare_resource_values(vals, tz)
        user = self.env["res.users"].browse(vals.get("user_id"))
        partner = self.env["res.partner"].browse(vals.get("partner_id"))
        partner = partner or user.partner_id
        values["name"] = partner.name
        values["user_id"] = user.id
        if not values.get("tz") and partner.tz:
            values["tz"] = partner.tz
        return values

    def write(self, vals):
        result = super().write(vals)
        if "active" in vals:
            # sudo: managers of coaching need not manage resources
            self._get_own_resources().sudo().active = vals["active"]
        return result

    def _get_own_resources(self):
        """Return the resources that serve nothing but these coaches.

        A hook: one that is shared must not be archived with the coach.
        """
        return self.resource_id

    def _get_local_date(self, moment):
        """Return the day that a moment is on where the coach lives.

        :param datetime moment: naive UTC
        """
        return fields.Datetime.context_timestamp(
            self.with_context(tz=self.tz), moment
        ).date()
