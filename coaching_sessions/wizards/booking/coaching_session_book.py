from odoo import api, fields, models
from odoo.fields import Domain

from ...models.base.groups import MANAGER_GROUP


class CoachingSessionBook(models.TransientModel):
    """Dialog that books a session for one or several clients."""

    _name = "coaching.session.book"
    _description = "Book a Session"
    _inherit = ["coaching.dialog.mixin"]

    booking_type_id = fields.Many2one(
        string="Booking type", comodel_name="coaching.booking.type", required=True
    )
    is_makeup = fields.Boolean(related="booking_type_id.is_makeup")
    max_participants = fields.Integer(related="booking_type_id.max_participants")
    coach_id = fields.Many2one(
        comodel_name="coaching.coach",
        domain="['|', ('booking_type_ids', '=', booking_type_id),"
        " ('id', 'in', allowed_coach_ids)]",
    )
    any_coach_allowed = fields.Boolean(
        string="Any coach", compute="_compute_any_coach_allowed"
    )
    allowed_coach_ids = fields.Many2many(
        string="Coaches to choose from",
        comodel_name="coaching.coach",
        compute="_compute_allowed_coach_ids",
    )
    start = fields.Datetime(required=True)
    slot_explanation = fields.Char(
        string="Why this time is not available", compute="_compute_slot_explanation"
    )
    partner_ids = fields.Many2many(
        comodel_name="res.partner", string="Clients", required=True
    )
    partner_id = fields.Many2one(
        string="Client", comodel_name="res.partner", compute="_compute_partner_id"
    )
    package_id = fields.Many2one(
        comodel_name="coaching.package",
        domain="[('id', 'in', allowed_package_ids)]",
        help="Empty: the one that expires first.",
    )
    allowed_package_ids = fields.Many2many(
        string="Packages to choose from",
        comodel_name="coaching.package",
        compute="_compute_allowed_package_ids",
    )
    without_allowed = fields.Boolean(
        string="Package not required", compute="_compute_without_allowed"
    )
    without_package = fields.Boolean(
        string="Proceed without a package",
        help="Leave the client's packages alone.",
    )
    missed_id = fields.Many2one(
        comodel_name="coaching.attendance",
        string="Makes up for",
        domain="[('partner_id', '=', partner_id), ('makeup_id.state', '=', 'issued')]",
        help="Empty: the make-up that expires first.",
    )
    note = fields.Text(string="Reason or subject")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if "coach_id" in fields_list and not values.get("coach_id"):
            coaches = self.env["coaching.coach"].search([], limit=2)
            own = self.env["coaching.coach"].search(
                [("user_id", "=", self.env.uid)], limit=1
            )
            values["coach_id"] = (own or (len(coaches) == 1 and coaches) or own).id
        if "booking_type_id" in fields_list and not values.get("booking_type_id"):
            values["booking_type_id"] = (
                self.env["coaching.booking.type"].search([], limit=1).id
            )
        return values

    @api.depends_context("uid")
    def _compute_any_coach_allowed(self):
        # coaches book their own time
        self.any_coach_allowed = self.env.user.has_group(MANAGER_GROUP)

    @api.depends("booking_type_id")
    def _compute_allowed_coach_ids(self):
        everyone = self.env["coaching.coach"].search(
            [("company_id", "in", self.env.companies.ids)]
        )
        for wizard in self:
            wizard.allowed_coach_ids = wizard.booking_type_id.coach_ids or everyone

    @api.depends("booking_type_id", "coach_id", "start", "partner_id")
    def _compute_slot_explanation(self):
        for wizard in self:
            booking_type = wizard.booking_type_id
            wizard.slot_explanation = (
                booking_type
                and wizard.start
                and booking_type.explain_slot(
                    *(booking_type.id, wizard.coach_id.id, wizard.start),
                    partner_id=wizard.partner_id.id,
                )
            )

    @api.depends("partner_ids")
    def _compute_partner_id(self):
        for wizard in self:
            partners = wizard.partner_ids._origin
            wizard.partner_id = partners if len(partners) == 1 else False

    @api.depends("partner_id", "booking_type_id")
    def _compute_allowed_package_ids(self):
        for wizard in self:
            packages = self.env["coaching.package"]
            if wizard.partner_id:
                packages = packages.search(
                    packages._get_usable_domain(wizard.partner_id)
                    & packages._get_left_domain()
                    & Domain("cancelled", "=", False)
                )
            wizard.allowed_package_ids = packages.filtered(
                lambda package, wizard=wizard: package._is_for_type(
                    wizard.booking_type_id
                )
            )

    @api.depends("booking_type_id", "coach_id")
    def _compute_without_allowed(self):
        for wizard in self:
            company = wizard.coach_id.company_id or self.env.company
            booking_type = wizard.booking_type_id
            wizard.without_allowed = not (
                booking_type
                and (booking_type.is_makeup or booking_type._needs_package(company))
            )

    @api.onchange("booking_type_id", "partner_ids")
    def _onchange_entitlement(self):
        self.package_id = False
        self.without_package = False
        self.missed_id = False

    def _prepare_booking(self):
        """Return what ``coaching.session.book`` is asked for; a hook."""
        self.ensure_one()
        return {
            "booking_type_id": self.booking_type_id.id,
            "coach_id": self.coach_id.id,
            "start": self.start,
            "partner_ids": self.partner_ids.ids,
            "package_id": not self.without_package and self.package_id.id,
            "makeup_of_id": self.missed_id.id,
            "without_package": self.without_allowed and self.without_package,
            "note": self.note,
        }

    def action_book(self):
        """Book, and open the session."""
        self.ensure_one()
        session = self.env["coaching.session"].book(self._prepare_booking())
        if self.env.context.get("coaching_stay"):
            # the caller shows the session itself
            return self._notify_booked(session)
        return {
            "type": "ir.actions.act_window",
            "res_model": "coaching.session",
            "res_id": session.id,
            "view_mode": "form",
        }

    def _notify_booked(self, session):
        """Return the action that says what was booked, and closes the dialog."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self._describe_booked(session),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _describe_booked(self, session):
        """Return what was booked for these clients, and what is left of packages."""
        attendances = session.attendance_ids.filtered(
            lambda attendance: attendance.partner_id in self.partner_ids._origin
        )
        sentences = [
            self.env._(
                "Booked: %(clients)s with %(coach)s, %(start)s.",
                clients=", ".join(attendances.partner_id.mapped("name")),
                coach=session.coach_id.name,
                start=session._format_time(session.start),
            )
        ]
        for package in attendances.package_id:
            sentences.append(
                self.env._(
                    "Package %(package)s: %(left)s.",
                    package=package.name,
                    left=package._describe_left(),
                )
            )
        return " ".join(sentences)
