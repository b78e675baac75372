from datetime import timedelta

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...tools.arguments import is_there
from ...tools.booking_request import BookingRequest
from ...tools.spans import find, merge, to_seconds


class CoachingBookingType(models.Model):
    """Why a time is not offered, in the words of the booking it would be (R147)."""

    _inherit = "coaching.booking.type"

    @api.model
    def explain_slot(self, booking_type_id, coach_id, start, partner_id=None):
        """Return why a time is not among those that ``get_slots`` offers.

        Of several reasons the first that ``coaching.session.book`` would refuse it for,
        in the same words. Staff may book what is off the grid all the same.

        :param int booking_type_id: what to book
        :param int coach_id: with whom; None: with any coach who is free
        :param start: naive UTC, a datetime or ``"2027-01-04 09:00:00"``
        :param int partner_id: client to book for, as in ``get_slots``
        :return: sentence, also for what can't be parsed; empty where it is offered
        :raise AccessError: as ``get_slots`` does
        """
        try:
            moment = self.env["coaching.session"]._parse_time(start)
            day = moment.date()
            asked = self._prepare_slot_request(
                *(booking_type_id, day, day, [coach_id] if coach_id else None),
                *("UTC", partner_id, None),
            )
            return self._explain_slot(asked, coach_id, moment)
        except AccessError:
            raise
        except UserError as refusal:
            return str(refusal)

    @api.model
    def _explain_slot(self, asked, coach_id, start):
        """Return why a time is not offered, empty where it is; see ``explain_slot``.

        :param dict asked: what ``_prepare_slot_request`` returns
        :param int coach_id: None: any coach
        :param datetime start: naive UTC
        :raise UserError: instead, where a rule forbids it
        """
        if not coach_id:
            return self._explain_any_coach(asked, start)
        booking_type = asked["booking_type"]
        # sudo: whose time it is; what is told is what booking would tell
        coach = asked["coaches"].sudo().browse(coach_id)
        if not is_there(coach):
            raise UserError(
                self.env._("Enter the booking type, the coach and the client.")
            )
        if coach.company_id != (booking_type.company_id or self.env.company):
            raise UserError(self.env._("This record belongs to another company."))
        return self._explain_request(self._prepare_explained(asked, coach, start))

    @api.model
    def _explain_any_coach(self, asked, start):
        """Return whether nobody is free, in as many queries for all as for one."""
        end = start + timedelta(seconds=1)
        begin, end = max(asked["first"], start), min(asked["last"], end)
        if self._find_slots({**asked, "first": begin, "last": end}):
            return ""
        request = self._prepare_explained(asked, asked["coaches"].browse(), start)
        return self.env["coaching.session"]._get_nobody_free_message(request)

    @api.model
    def _prepare_explained(self, asked, coach, start):
        """Return the booking that a time is explained for."""
        booking_type = asked["booking_type"]
        return BookingRequest(
            booking_type=booking_type,
            coach=coach,
            partners=asked["partners"].sudo(),
            start=start,
            stop=start + timedelta(minutes=booking_type.duration_minutes),
            by_client=asked["by_client"],
        )

    @api.model
    def _explain_request(self, request):
        """Return what is in the way of a request, in the order in which booking asks.

        :raise UserError: instead, where a rule forbids it
        """
        # sudo: of others' sessions only that they are in the way
        Session = self.env["coaching.session"].sudo()
        Session._check_booking(request)
        group = Session._find_group_session(request)
        if group and group.seats_taken >= group.seats:
            return group._get_full_message()
        need, start = Session._get_need(request), to_seconds(request.start)
        time = self.env["coaching.availability"]._load(
            request.coach,
            request.start,
            request.stop,
            partners=request.partners,
            booking_type=request.booking_type,
            length=need.length,
        )[request.coach.id]
        if group:
            # the coach is there anyway
            span = (start, to_seconds(group.stop))
            taken = find(merge(time.obstacles.get("client", [])), *span) is not None
            reason = "client" if taken else None
        elif request.booking_type._is_join_only(request.by_client):
            reason = "join"
        else:
            reason = time.get_obstacle(need, start)
            if not reason and not time.is_on_grid(need, start):
                reason = "grid"
        return Session._get_obstacle_message(reason, request) if reason else ""
