from datetime import date, datetime, timedelta

from odoo import Command, fields
from odoo.exceptions import UserError

from ...tools.booking_request import BookingRequest
from ..common import CoachingCommon

# a Tuesday with nothing else around it
DAY = date(2027, 3, 2)


class SlotsCommon(CoachingCommon):
    """A day with nothing else around it, and the same question asked twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.type = cls.consultation
        cls.type.write(
            {
                "company_id": cls.env.company.id,
                "duration_minutes": 60,
                "slot_step_minutes": 30,
                "coach_ids": [Command.set((cls.coach | cls.other_coach).ids)],
                "buffer_before_minutes": 0,
                "buffer_after_minutes": 0,
                "agreement_required": False,
            }
        )
        # public holidays are typed in on the user's clock
        cls.env.user.tz = "UTC"
        cls.visitor = cls.env["res.partner"].create({"name": "Vera Visitor"})

    def slots(self, day=DAY, last=None, user=None, coaches=None, **kwargs):
        """Return the starts of a day with the first coach, as hours."""
        types = self.env["coaching.booking.type"].with_user(user or self.env.user)
        found = types.get_slots(
            self.type.id,
            day,
            last or day,
            coach_ids=(self.coach if coaches is None else coaches).ids,
            tz="UTC",
            **kwargs,
        )
        return [self._hour(slot["start"]) for slot in found]

    @staticmethod
    def _hour(start):
        moment = fields.Datetime.to_datetime(start)
        return moment.hour + moment.minute / 60

    @staticmethod
    def hours(*spans):
        """Return every half hour of spans of hours, the last one included."""
        return [
            half / 2
            for first, last in spans
            for half in range(int(first * 2), int(last * 2) + 1)
        ]

    def at(self, hour, day=DAY):
        return datetime.combine(day, datetime.min.time()) + timedelta(hours=hour)

    def try_to_book(self, start, user=None, partner=None, **vals):
        """Return why a time can't be booked, or None; nothing stays booked."""
        sessions = self.env["coaching.session"].with_user(user or self.env.user)
        booking = {
            "booking_type_id": self.type.id,
            "coach_id": self.coach.id,
            "partner_ids": (partner or self.visitor).ids,
            "start": start,
            **vals,
        }
        try:
            with self.env.cr.savepoint() as savepoint:
                sessions.book(booking)
                savepoint.rollback()
        except UserError as error:
            return str(error)
        return None

    def assertSameAsBook(self, first=DAY, days=1, step=30, user=None, partner=None):
        """Assert that every start that is offered is accepted, and no other one."""
        offered = {
            slot["start"]
            for slot in self.env["coaching.booking.type"]
            .with_user(user or self.env.user)
            .get_slots(
                self.type.id,
                first,
                first + timedelta(days=days - 1),
                coach_ids=self.coach.ids,
                tz="UTC",
                partner_id=(partner or self.visitor).id,
            )
        }
        moment, last = self.at(0, first), self.at(24 * days, first)
        while moment < last:
            reason = self.try_to_book(moment, user=user, partner=partner)
            text = fields.Datetime.to_string(moment)
            self.assertEqual(text in offered, reason is None, f"{text}: {reason}")
            if reason:
                self.assertRegex(reason, r"\. ", "what to do next")
            moment += timedelta(minutes=step)

    def _engage(self, partner):
        session = self.book(days=3, hour=8, partner_ids=partner.ids)
        return session.attendance_ids.engagement_id

    def _book_for(self, partner, start, **vals):
        return self.env["coaching.session"].book(
            {
                "booking_type_id": self.type.id,
                "coach_id": self.coach.id,
                "partner_ids": partner.ids,
                "start": start,
                **vals,
            }
        )

    def _request(self, start):
        return BookingRequest(
            booking_type=self.type,
            coach=self.coach,
            partners=self.visitor,
            start=start,
            stop=start + timedelta(hours=1),
        )

    def _as_client(self, start):
        return self.try_to_book(start, user=self.client_user, partner=self.client)

    def _get_coaches(self, count):
        calendars = self.env["resource.calendar"].create(
            [
                {
                    "name": f"Hours {number}",
                    "tz": "UTC",
                    "attendance_ids": [
                        Command.create(
                            {
                                "name": str(day),
                                "dayofweek": str(day),
                                "hour_from": 8,
                                "hour_to": 16 + number % 4,
                                "day_period": "morning",
                            }
                        )
                        for day in range(5)
                    ],
                }
                for number in range(count)
            ]
        )
        partners = self.env["res.partner"].create(
            [{"name": f"Coach {number}"} for number in range(count)]
        )
        return self.env["coaching.coach"].create(
            [
                {
                    "partner_id": partner.id,
                    "resource_calendar_id": calendar.id,
                    "tz": "UTC",
                    "max_sessions_day": 8,
                }
                for partner, calendar in zip(partners, calendars, strict=True)
            ]
        )
