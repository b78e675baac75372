from odoo import api, models
from odoo.exceptions import UserError

from ...tools.spans import to_seconds


class CoachingSession(models.Model):
    """What a booking is refused for, in words; the constraints are what judges."""

    _inherit = "coaching.session"

    @api.model
    def _check_booking(self, request):
        """Raise when a rule forbids a booking, in the order a person would ask.

        :param BookingRequest request: what is asked for
        """
        start = request.start
        if start <= self._now():
            raise UserError(
                self.env._(
                    "%(start)s is in the past. Choose a future time.",
                    start=self._format_time(start),
                )
            )
        if not request.session:
            self._check_on_offer(request)
        if request.chosen_by_client:
            self._check_window(request)

    @api.model
    def _check_on_offer(self, request):
        """Raise unless this can be booked anew with this coach, for so many clients.

        What was booked before moves without it: archiving a type, a shorter list of
        its coaches or fewer seats end new bookings, not what is booked. Nor does it
        take back a time that was offered, as long as the coach is there.
        """
        booking_type, coach = request.booking_type, request.coach
        on_offer = booking_type.active or request.offered
        if not (on_offer and coach.active and coach.resource_id.active):
            raise UserError(
                self.env._("This booking type or coach is no longer available.")
            )
        # a list of archived coaches only is a list all the same
        coaches = booking_type.with_context(active_test=False).coach_ids
        if coaches and coach not in coaches and not request.offered:
            raise UserError(
                self.env._(
                    "%(coach)s does not offer “%(booking_type)s”. Choose another"
                    " coach.",
                    coach=coach.name,
                    booking_type=booking_type.name,
                )
            )
        if len(request.partners) > booking_type.max_participants:
            raise UserError(
                self.env._(
                    "“%(booking_type)s” has room for %(seats)s, not for %(count)s."
                    " Book fewer clients.",
                    booking_type=booking_type.name,
                    seats=booking_type.max_participants,
                    count=len(request.partners),
                )
            )
        self._check_companies(coach.company_id, booking_type, request.partners)

    @api.model
    def _check_companies(self, company, booking_type, partners):
        """Raise unless what is booked and who comes belong to the coach's company.

        Names nobody: of another company, not even that is told.

        :param company: ``res.company`` of the coach
        """
        if (booking_type.company_id | partners.company_id) - company:
            raise UserError(
                self.env._(
                    "Coach, client and booking type belong to different companies."
                )
            )

    @api.model
    def _check_window(self, request):
        """Raise when a client books too late or too early.

        Coaches and managers are not bound by it: they know what they can do.
        """
        first, last = request.booking_type._get_window(self._now())
        values = {"booking_type": request.booking_type.name}
        if request.start < first:
            raise UserError(
                self.env._(
                    "It is too late to book this time: “%(booking_type)s” can be"
                    " booked from %(first)s. Choose a later time, or ask your coach.",
                    first=self._format_time(first),
                    **values,
                )
            )
        if last and request.start > last:
            raise UserError(
                self.env._(
                    "It is too early to book this time: “%(booking_type)s” can"
                    " currently be booked until %(last)s. Choose an earlier time, or"
                    " come back later.",
                    last=self._format_time(last),
                    **values,
                )
            )

    @api.model
    def _check_free(self, requests, exclude=None):
        """Raise when coach or client are taken, or the coach does not work then.

        The constraints are what judges; this finds the reason in words first, and
        keeps failed statements out of the server's log.

        :param list requests: ``BookingRequest``
        :param exclude: ``coaching.session`` that moves
        :return: the requests, with what was seen of held times
        """
        looked = self._look_at(requests, exclude)
        for _request, message in looked:
            if message:
                raise UserError(message)
        return [request for request, _message in looked]

    @api.model
    def _get_obstacles(self, requests, exclude=None):
        """Return why each of several bookings can't be, each after the earlier ones.

        :param list requests: ``BookingRequest``, in the order of their starts
        :param exclude: ``coaching.session`` that moves
        :return: list of sentences, None where nothing is in the way
        """
        return [message for _request, message in self._look_at(requests, exclude)]

    @api.model
    def _look_at(self, requests, exclude=None):
        """Look whether there is time for each of several bookings, after the earlier.

        The same spans that ``get_slots`` offers starts from.

        :param list requests: ``BookingRequest``, in the order of their starts
        :param exclude: ``coaching.session`` that moves
        :return: list of pairs: the request with what was seen of held times, and what
            is in its way as a sentence, None where nothing is
        """
        looked = {}
        alike = {}
        for number, request in enumerate(requests):
            key = (request.partners, request.booking_type, request.length)
            alike.setdefault(key, {})[number] = request
        for (partners, booking_type, length), batch in alike.items():
            times = self.env["coaching.availability"]._load(
                self.env["coaching.coach"].union(*(r.coach for r in batch.values())),
                min(request.start for request in batch.values()),
                max(request.stop for request in batch.values()),
                partners=partners,
                exclude=exclude,
                booking_type=booking_type,
                length=int(length.total_seconds()),
            )
            for number, request in batch.items():
                time = times[request.coach.id]
                need, start = self._get_need(request), to_seconds(request.start)
                chosen = request.chosen_by_client
                reason = "join" if booking_type._is_join_only(chosen) else None
                reason = reason or time.get_obstacle(need, start)
                if not reason and chosen:
                    reason = None if time.is_on_grid(need, start) else "grid"
                message = reason and self._get_obstacle_message(reason, request)
                if not message:
                    time.book(need, start)
                seen = request.but(meets_holds=time.meets_holds)
                looked[number] = (seen, message or None)
        return [looked[number] for number in range(len(requests))]
