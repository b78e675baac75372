from odoo import api, fields, models

from ..session.lifecycle import BLOCKING_STATES


class CoachingBookingType(models.Model):
    """What clients book themselves (R61)."""

    _inherit = "coaching.booking.type"

    client_can_book = fields.Boolean(
        string="Clients can book it",
        default=True,
        help="Clients can book it in the portal. Untick if only coaches and managers"
        " may"
        " book it.",
    )
    client_once = fields.Boolean(
        string="Once per client",
        help="Clients can book it only once, such as a free consultation. Cancelled"
        " sessions do not count. Coaches and managers can book it without limit.",
    )

    @api.model
    def _get_for_client(self, partner, company):
        """Return the types that clients can book for themselves now.

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
