from odoo.tests import new_test_user

from ..common import CoachingCommon


class WaitingCommon(CoachingCommon):
    """A coach with two hours on Tuesday, both taken, and who waits for them."""

    def setUp(self):
        super().setUp()
        self.env["coaching.waiting"].search([]).state = "cancelled"
        # the coach works on Tuesday from 8 to 10 only, and that is taken
        self.calendar.attendance_ids.filtered(
            lambda hours: hours.dayofweek != "1" or hours.hour_from > 12
        ).unlink()
        self.calendar.attendance_ids.hour_to = 10
        self.individual.min_notice_hours = 0
        self.third = new_test_user(
            self.env, "coaching_third", "base.group_portal", tz="UTC"
        )
        for partner in (self.other_client, self.third.partner_id):
            self._sell(partner)
        self.day = "2027-03-09"
        self.early = self.book(start="2027-03-09 08:00:00")
        self.late = self.book(start="2027-03-09 09:00:00")

    def wait(self, partner=None, **vals):
        return self.env["coaching.waiting"].join(
            {
                "partner_id": (partner or self.other_client).id,
                "booking_type_id": self.individual.id,
                "coach_id": self.coach.id,
                "date_from": self.day,
                "date_to": self.day,
                **vals,
            }
        )

    def offer(self):
        self.run_cron("coaching.waiting", "_cron_offer")

    def free(self, session=None):
        (session or self.early).with_user(self.coach_user).action_cancel()
        self.offer()

    def fill_group(self):
        """Return a full group of two on the later time."""
        self.group_type.write({"max_participants": 2, "duration_minutes": 60})
        self.group_type.min_notice_hours = 0
        self.late.action_cancel()
        for partner in (self.client, self.other_client):
            group = self.book(
                start=self.late.start,
                booking_type_id=self.group_type.id,
                partner_ids=partner.ids,
            )
        return group

    def leave_group(self, group):
        """One leaves the group, and the seat is offered."""
        leaving = group.attendance_ids.filtered(
            lambda a: a.partner_id == self.other_client
        )
        leaving.action_close("client_early_cancel")
        self.offer()
