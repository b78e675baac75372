from odoo import api, models
from odoo.exceptions import UserError


class CoachingSession(models.Model):
    """What clients book for themselves, judged where everybody's bookings are."""

    _inherit = "coaching.session"

    @api.model
    def _check_request(self, request):
        request = super()._check_request(request)
        if request.by_client:
            self._check_client_can_book(request)
        return request

    @api.model
    def _check_client_can_book(self, request):
        """Raise when clients book what they can't book, or not again."""
        booking_type = request.booking_type
        # what was offered to them stays offered, whatever clients can book by now
        if request.chosen_by_client and not booking_type.client_can_book:
            raise UserError(
                self.env._(
                    "“%(booking_type)s” can't be booked online. Ask your coach, or"
                    " choose something else.",
                    booking_type=booking_type.name,
                )
            )
        if booking_type._get_used_up(request.partners):
            raise UserError(
                self.env._(
                    "You have already had “%(booking_type)s”; it can only be booked"
                    " once. Choose something else.",
                    booking_type=booking_type.name,
                )
            )

    @api.model
    def _create_attendances(self, sessions):
        attendances = super()._create_attendances(sessions)
        once = attendances.filtered("booking_type_id.client_once")
        if once and next(iter(sessions)).by_client:
            # of two tabs at once, the index lets one through
            once.once_type_id = once.booking_type_id
            once.flush_recordset()
        return attendances
