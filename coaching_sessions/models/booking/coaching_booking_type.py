from odoo import api, fields, models

from ..session.coaching_session import BLOCKING_STATES


class CoachingBookingType(models.Model):
    """What clients book themselves, and what they would attend with (R61, R135)."""

    _inherit = "coaching.booking.type"

    client_can_book = fields.Boolean(
        string="Clients book it themselves",
        default=True,
        help="Clients find it in their portal. Untick it for what is only booked by"
        " coaches and managers.",
    )
    client_once = fields.Boolean(
        string="Once a client",
        help="A client books it himself only once, like a free consultation; what was"
        " cancelled doesn't count. Coaches and managers book it as often as they like.",
    )

    @api.model
    def _get_for_client(self, partner, company):
        """Return the types that a client can book himself now.

        :param partner: ``res.partner`` who books
        :param company: ``res.company``
        """
        types = self.search(
            [("client_can_book", "=", True), ("company_id", "in", (company.id, False))]
        )
        if types.filtered("is_makeup") and not partner._has_coaching_makeup(company):
            types = types.filtered(lambda booking_type: not booking_type.is_makeup)
        return types - types._get_used_up(partner)

    def _get_used_up(self, partner):
        """Return those of these types that a client has booked once, and no more may.

        :param partner: ``res.partner``
        """
        once = self.filtered("client_once")
        if not once:
            return once
        groups = self.env["coaching.attendance"]._read_group(
            [
                ("booking_type_id", "in", once.ids),
                ("partner_id", "=", partner.id),
                ("state", "in", BLOCKING_STATES),
            ],
            ["booking_type_id"],
        )
        return once.browse(booking_type.id for (booking_type,) in groups)

    def _preview_entitlement(self, partner, coach, start, stop):
        """Return what a client would attend with, the same way as booking takes it.

        :param coach: ``coaching.coach``, whose day counts
        :param datetime start: naive UTC
        :param datetime stop: naive UTC
        :return: ``(kind, packages)``: ``makeup``, ``package`` with those that fit, the
            one that expires first first; ``none`` where nothing is needed, ``owed``
            where it may be paid for later, ``missing`` where it can't be booked
        """
        self.ensure_one()
        packages = self.env["coaching.package"]
        if self.is_makeup:
            return "makeup", packages
        if not self.package_required:
            return "none", packages
        attendance = self._preview_attendance(partner, coach, start, stop)
        packages = packages._find_candidates(attendance).filtered(
            lambda package: package._is_usable(attendance)
        )
        if packages:
            return "package", packages
        if not coach.company_id.coaching_package_required:
            return "none", packages
        return ("owed" if partner.coaching_owed_limit else "missing"), packages

    def _preview_lack(self, partner, coach, start, stop):
        """Return why a client can't book this on any day, before he looks for one.

        :return: sentence, empty where he can
        """
        kind, _packages = self._preview_entitlement(partner, coach, start, stop)
        if kind != "missing":
            return ""
        attendance = self._preview_attendance(partner, coach, start, stop)
        return self.env["coaching.package"]._get_lack_message(attendance)

    def _preview_attendance(self, partner, coach, start, stop):
        """Return an attendance that is not saved, to ask it what it would take."""
        session = self.env["coaching.session"].new(
            {
                "booking_type_id": self.id,
                "coach_id": coach.id,
                "company_id": coach.company_id.id,
                "start": start,
                "stop": stop,
            }
        )
        return self.env["coaching.attendance"].new(
            {
                "session_id": session.id,
                "partner_id": partner.id,
                "start": start,
                "stop": stop,
                "sessions_deducted": self.sessions_deducted,
            }
        )
