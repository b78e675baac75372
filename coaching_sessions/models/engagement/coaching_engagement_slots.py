from odoo import models
from odoo.exceptions import UserError

from ...tools.arguments import parse_date
from ...tools.local_time import to_local


class CoachingEngagement(models.Model):
    """The weekly times that are kept for a client (R58, R62-R64)."""

    _inherit = "coaching.engagement"

    def _propose_slot(self, attendance=None):
        """Return the weekly time of a session, to keep it for the client (R58).

        :param attendance: the last one by default
        :return: dict of arguments of ``_reserve_slot``, empty without any session
        """
        self.ensure_one()
        attendance = attendance or self._get_upcoming()[:1]
        attendance = attendance or self._get_last_attendance()
        attendance = attendance._get_usual()
        if not attendance:
            return {}
        tz = self.coach_id.tz or "UTC"
        local = to_local(attendance.start, tz)
        minutes = (attendance.stop - attendance.start).total_seconds() // 60
        return {
            "weekday": local.weekday(),
            "start_minute": local.hour * 60 + local.minute,
            "duration_minutes": int(minutes),
            "booking_type_id": attendance.booking_type_id.id,
        }

    def action_reserve_slot(
        self,
        start=None,
        booking_type_id=None,
        date_from=None,
        date_to=None,
    ):
        """Keep a weekly time for the client (R36, R58).

        :param start: any moment of it, naive UTC; its weekday and the time in the
            coach's time zone count. By default those of the next or last session
        :param int booking_type_id: what is booked then; by default as in that session
        :param date_from: first day, today by default
        :param date_to: last day, none by default
        :return: ``coaching.reserved.slot``; the one there is when it is kept already
        :raise UserError: when the coach keeps that time for somebody else
        :raise AccessError: unless the user is the coach or a manager
        """
        self._check_staff()
        self.ensure_one()
        # sudo: rights were checked; nobody writes slots by hand
        engagement = self.sudo()
        values = engagement._propose_slot()
        moment = self.env["coaching.session"]._parse_time(start, required=False)
        if moment:
            local = to_local(moment, engagement.coach_id.tz)
            values["weekday"] = local.weekday()
            values["start_minute"] = local.hour * 60 + local.minute
        if not values:
            raise UserError(
                self.env._(
                    "%(client)s has no session yet to copy the time from. Enter the"
                    " time.",
                    client=engagement.partner_id.name,
                )
            )
        booking_type = engagement._get_booking_type(booking_type_id)
        values["booking_type_id"] = booking_type.id
        if booking_type_id or "duration_minutes" not in values:
            values["duration_minutes"] = booking_type.duration_minutes
        slot = engagement._reserve_slot(
            **values,
            date_from=parse_date(self.env, date_from),
            date_to=parse_date(self.env, date_to),
        )
        return slot.with_env(self.env)

    def _reserve_slot(self, **values):
        """Keep a weekly time, see ``coaching.reserved.slot._reserve``."""
        self.ensure_one()
        self._check_active()
        return self.env["coaching.reserved.slot"]._reserve(self, **values)

    def _release_slots(self, reason=None, session=None):
        """Remove the reserved slots, if the company wants that (R62, R63).

        To be called at close-out, after wishes were recorded and a follow-up was
        booked. Who calls shows ``slot.removal_message`` of what comes back.

        :param str reason: ``no_rebook`` or ``no_follow_up``; found out by default
        :param session: ``coaching.session`` that was closed; its form says so and
            offers to restore the slot
        :return: the ``coaching.reserved.slot`` that were removed
        """
        Slot = self.env["coaching.reserved.slot"]
        removed = Slot
        kept = Slot.search(
            [("engagement_id", "in", self.ids), ("state", "=", "active")]
        )
        if not kept:
            return removed
        booked = {
            attendance._get_engagement_key() for attendance in self._get_upcoming()
        }
        for engagement in kept.engagement_id:
            why = reason
            if not why and engagement.continue_wish == "no":
                why = "no_rebook"
            if why != "no_rebook":
                why = None if engagement._get_key() in booked else "no_follow_up"
            setting = engagement.company_id.coaching_release_slot
            if why and (setting == "no_follow_up" or setting == why):
                slots = kept.filtered(lambda s, e=engagement: s.engagement_id == e)
                removed |= slots._remove(why, session=session)
        return removed
