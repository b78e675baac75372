from datetime import datetime

from odoo import api, models


class CoachingSession(models.Model):
    """What time a booking takes, and why it can't have it, in words."""

    _inherit = "coaching.session"

    @api.model
    def _prepare_session_times(self, request):
        """Return start, stop and the busy time around them, all naive UTC."""
        return {
            "start": request.start,
            "stop": request.stop,
            "busy_start": request.busy_start,
            "busy_stop": request.busy_stop,
        }

    @api.model
    def _get_need(self, request):
        """Return what the session of a request needs, as ``Need``."""
        return request.booking_type._get_need(request.length)

    @api.model
    def _get_obstacle_message(self, reason, request):
        """Return the sentence for a reason of ``CoachTime.get_obstacle``; a hook."""
        values = {
            "coach": request.coach.name,
            "start": self._format_time(request.start),
        }
        if reason == "session":
            return self._get_coach_taken_message(request)
        if reason == "client":
            return self._get_client_taken_message(request)
        if reason == "hold":
            return self.env._(
                "%(start)s with %(coach)s is currently offered to another client."
                " Choose another time, or try again later.",
                **values,
            )
        if reason in ("event", "elsewhere"):
            return self.env._(
                "%(coach)s has another appointment at %(start)s. Choose another time.",
                **values,
            )
        if reason == "off":
            return self.env._(
                "%(coach)s has time off too close to %(start)s: there would be no time"
                " left around the session. Choose another time.",
                **values,
            )
        if reason == "reserved":
            return self.env._(
                "%(coach)s reserves %(start)s for another client every week. Choose"
                " another time.",
                **values,
            )
        if reason == "day":
            return self.env._(
                "%(coach)s has reached the maximum number of sessions on the day of"
                " %(start)s. Choose another day.",
                **values,
            )
        if reason == "week":
            return self.env._(
                "%(coach)s has reached the maximum number of sessions in the week of"
                " %(start)s. Choose another week.",
                **values,
            )
        if reason == "join":
            return self.env._(
                "There is no “%(booking_type)s” with %(coach)s to join at %(start)s."
                " Choose one of the times offered.",
                booking_type=request.booking_type.name,
                **values,
            )
        if reason == "grid":
            return self.env._(
                "%(start)s is not a start time with %(coach)s. Choose one of the"
                " times offered.",
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
            coach=request.coach.name,
            start=self._format_time(request.start),
        )

    @api.model
    def _get_client_taken_message(self, request):
        return self.env._(
            "%(client)s already has a session at %(start)s. Choose another time.",
            client=", ".join(request.partners.mapped("name")),
            start=self._format_time(request.start),
        )

    @api.model
    def _get_nobody_free_message(self, request):
        """Return the sentence for who would book with any coach, and finds none."""
        return self.env._(
            "Nobody is free for “%(booking_type)s” at %(start)s. Choose another time.",
            booking_type=request.booking_type.name,
            start=self._format_time(request.start),
        )

    def _get_full_message(self):
        """Return the sentence for who would take a seat that is not there."""
        self.ensure_one()
        return self.env._(
            "%(session)s has no seat left. Choose another time.",
            session=self.display_name,
        )

    def _get_move_window(self):
        """Return between which moments a client can move this to; a hook.

        :return: first moment, and the one from which on no more, naive UTC
        """
        self.ensure_one()
        return datetime.min, datetime.max
