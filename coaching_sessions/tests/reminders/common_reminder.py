from ..common import CoachingCommon


class ReminderCommon(CoachingCommon):
    """Booking types as they are shipped, and the crons of reminders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.email = "office@example.com"
        cls.client.email = "anna@example.com"
        cls.day = cls.env.ref("coaching_sessions.reminder_client_day")
        cls.two_hours = cls.env.ref("coaching_sessions.reminder_client_two_hours")
        cls.coach_hour = cls.env.ref("coaching_sessions.reminder_coach_hour")
        # booking types are as shipped, demo data or not
        cls.env["coaching.booking.type"].search([]).reminder_ids = cls.day
        cls.env["coaching.booking.type"].search([]).reminders_since = False

    def remind(self, at=None):
        """Run the cron, at a moment, and return what it queued."""
        if at:
            self.travel(at)
        before = self.get_reminders()
        self.run_cron("coaching.notification", "_cron_remind")
        return self.get_reminders() - before

    def get_reminders(self):
        return self.env["coaching.notification"].search(
            [("reminder_id", "!=", False)], order="id"
        )

    def send(self):
        """Send what waits."""
        self.run_cron("coaching.notification", "_cron_send")
