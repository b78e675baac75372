from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

from ...tools.spans import to_seconds
from ..base.groups import MANAGER_GROUP


class CoachingSession(models.Model):
    """What a booking is refused for, in words; the constraints are what judges."""

    _inherit = "coaching.session"

    @api.model
    def _is_by_client(self, coaches):
        """Return whether the user books or moves as a client: with the client's rules.

        :param coaches: ``coaching.coach``
        """
        user = self.env.user
        return not (
            self.env.su
            or user.has_group(MANAGER_GROUP)
            # sudo: whose time it is, to compare with the user
            or (coaches and set(coaches.sudo().user_id.ids) == {user.id})
        )

    @api.model
    def _check_booking(self, request):
        """Raise when a rule forbids a booking, in the order a person would ask.

        :param dict request: what ``_prepare_booking`` returns
        """
        booking_type, coach = request["booking_type"], request["coach"]
        start = request["start"]
        if start <= self._now():
            raise UserError(
                self.env._(
                    "%(start)s is in the past. Choose a time to come.",
                    start=self._format_time(start),
                )
            )
        if not (booking_type.active and coach.active and coach.resource_id.active):
            raise UserError(
                self.env._("This booking type or coach is no longer available.")
            )
        if booking_type.coach_ids and coach not in booking_type.coach_ids:
            raise UserError(
                self.env._(
                    "%(coach)s does not give “%(booking_type)s”. Choose another coach.",
                    coach=coach.name,
                    booking_type=booking_type.name,
                )
            )
        if len(request["partners"]) > booking_type.max_participants:
            raise UserError(
                self.env._(
                    "“%(booking_type)s” has room for %(seats)s, not for %(count)s.",
                    booking_type=booking_type.name,
                    seats=booking_type.max_participants,
                    count=len(request["partners"]),
                )
            )
        self._check_companies(coach.company_id, booking_type, request["partners"])
        if request.get("by_client") and not request.get("offered"):
            self._check_window(request)

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
        first, last = request["booking_type"]._get_window(self._now())
        values = {"booking_type": request["booking_type"].name}
        if request["start"] < first:
            raise UserError(
                self.env._(
                    "It is too late for this time: “%(booking_type)s” can be booked"
                    " from %(first)s on. Choose a later time, or ask your coach.",
                    first=self._format_time(first),
                    **values,
                )
            )
        if last and request["start"] > last:
            raise UserError(
                self.env._(
                    "It is too early for this time: “%(booking_type)s” can be booked"
                    " until %(last)s. Choose an earlier time, or come back later.",
                    last=self._format_time(last),
                    **values,
                )
            )

    @api.model
    def _check_free(self, requests, exclude=None):
        """Raise when coach or client are taken, or the coach does not work then.

        The constraints are what judges; this finds the reason in words first, and
        keeps failed statements out of the server's log.

        :param list requests: what ``_prepare_booking`` returns
        :param exclude: ``coaching.session`` that moves
        """
        for message in self._get_obstacles(requests, exclude):
            if message:
                raise UserError(message)

    @api.model
    def _get_obstacles(self, requests, exclude=None):
        """Return why each of several bookings can't be, each after the earlier ones.

        The same spans that ``get_slots`` offers starts from.

        :param list requests: in the order of their starts
        :param exclude: ``coaching.session`` that moves
        :return: list of sentences, None where nothing is in the way
        """
        messages = {}
        alike = {}
        for number, request in enumerate(requests):
            length = request["stop"] - request["start"]
            key = (request["partners"], request["booking_type"], length)
            alike.setdefault(key, {})[number] = request
        for (partners, booking_type, length), batch in alike.items():
            times = self.env["coaching.availability"]._load(
                self.env["coaching.coach"].union(*(r["coach"] for r in batch.values())),
                min(request["start"] for request in batch.values()),
                max(request["stop"] for request in batch.values()),
                partners=partners,
                exclude=exclude,
                booking_type=booking_type,
                length=int(length.total_seconds()),
            )
            for number, request in batch.items():
                time = times[request["coach"].id]
                request["has_room"] = time.has_room
                need, start = self._get_need(request), to_seconds(request["start"])
                chosen = request.get("by_client") and not request.get("offered")
                reason = "join" if booking_type._is_join_only(chosen) else None
                reason = reason or time.get_obstacle(need, start)
                if not reason and chosen:
                    reason = None if time.is_on_grid(need, start) else "grid"
                if reason:
                    messages[number] = self._get_obstacle_message(reason, request)
                else:
                    messages[number] = None
                    time.book(need, start)
        return [messages[number] for number in range(len(requests))]

    @api.model
    def _get_need(self, request):
        """Return what the session of a request needs, as ``Need``."""
        return request["booking_type"]._get_need(request["stop"] - request["start"])

    @api.model
    def _get_obstacle_message(self, reason, request):
        """Return the sentence for a reason of ``CoachTime.get_obstacle``; a hook."""
        values = {
            "coach": request["coach"].name,
            "start": self._format_time(request["start"]),
        }
        if reason == "session":
            return self._get_coach_taken_message(request)
        if reason == "client":
            return self._get_client_taken_message(request)
        if reason == "hold":
            return self.env._(
                "%(start)s with %(coach)s is being offered to somebody else. Choose"
                " another time, or try again later.",
                **values,
            )
        if reason in ("event", "elsewhere"):
            return self.env._(
                "%(coach)s has something else in the calendar at %(start)s. Choose"
                " another time.",
                **values,
            )
        if reason == "reserved":
            return self.env._(
                "%(coach)s keeps %(start)s for somebody else every week. Choose another"
                " time.",
                **values,
            )
        if reason == "day":
            return self.env._(
                "%(coach)s takes no more sessions on the day of %(start)s. Choose"
                " another day.",
                **values,
            )
        if reason == "week":
            return self.env._(
                "%(coach)s takes no more sessions in the week of %(start)s. Choose"
                " another week.",
                **values,
            )
        if reason == "join":
            return self.env._(
                "There is no “%(booking_type)s” with %(coach)s at %(start)s to join."
                " Choose one of the times that are offered.",
                booking_type=request["booking_type"].name,
                **values,
            )
        if reason == "grid":
            return self.env._(
                "No session with %(coach)s begins at %(start)s. Choose one of the times"
                " that are offered.",
                **values,
            )
        return self.env._(
            "%(coach)s does not work at %(start)s. Choose a time within the coach's"
            " working hours.",
            **values,
        )

    @api.model
    def _get_coach_taken_message(self, request):
        return self.env._(
            "%(coach)s already has a session at %(start)s. Choose another time.",
            coach=request["coach"].name,
            start=self._format_time(request["start"]),
        )

    @api.model
    def _get_client_taken_message(self, request):
        return self.env._(
            "%(client)s already has a session at %(start)s. Choose another time.",
            client=", ".join(request["partners"].mapped("name")),
            start=self._format_time(request["start"]),
        )

    @api.model
    def _prepare_session_times(self, request):
        """Return start, stop and the busy time around them, all naive UTC."""
        booking_type = request["booking_type"]
        before = timedelta(
            minutes=booking_type.buffer_before_minutes
            + booking_type.preparation_minutes
        )
        after = timedelta(minutes=booking_type.buffer_after_minutes)
        return {
            "start": request["start"],
            "stop": request["stop"],
            "busy_start": request["start"] - before,
            "busy_stop": request["stop"] + after,
        }
