from datetime import datetime, timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CoachingCommon


@tagged("post_install", "-at_install")
class TestReminder(CoachingCommon):
    """Clients and coaches are reminded once, of what still takes place (R133)."""

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

    # R133
    def test_a_type_reminds_by_default(self):
        """Shipped: one mail a day before, to the client."""
        session = self.book(days=3)
        due = session.start - timedelta(hours=24)
        self.assertFalse(self.remind(at=due - timedelta(seconds=1)))
        reminder = self.remind(at=due)
        self.assertEqual(reminder.kind, "reminder")
        self.assertEqual(reminder.attendance_id, session.attendance_ids)
        self.assertEqual(reminder.partner_id, self.client)
        self.send()
        self.assertEqual(reminder.state, "sent")
        self.assertIn("Reminder", reminder.mail_id.subject)
        self.assertEqual(reminder.mail_id.recipient_ids, self.client)
        # once
        self.assertFalse(self.remind(at=due + timedelta(minutes=5)))

    # R133
    def test_new_types_remind(self):
        booking_type = self.env["coaching.booking.type"].create({"name": "New"})
        self.assertEqual(booking_type.reminder_ids, self.day)

    # section 3, complaint 15
    def test_never_of_what_was_cancelled_or_moved(self):
        """Also when that happens between the two crons."""
        cancelled, moved = self.book(days=3), self.book(days=3, hour=14)
        queued = self.remind(at=moved.start - timedelta(hours=20))
        self.assertEqual(len(queued), 2)
        cancelled.action_cancel()
        moved.action_reschedule(moved.start + timedelta(days=5))
        self.send()
        self.assertEqual(queued.mapped("state"), ["skipped", "skipped"])
        self.assertFalse(queued.mail_id)
        self.assertFalse(self.remind())
        # of its new time it is reminded anew
        again = self.remind(at=moved.start - timedelta(hours=24))
        self.assertEqual(again.attendance_id, moved.attendance_ids)
        self.send()
        self.assertEqual(again.state, "sent")

    def test_not_when_it_has_begun(self):
        """A server that stood still does not remind of what is over."""
        session = self.book(days=3)
        queued = self.remind(at=session.start - timedelta(hours=1))
        self.travel(session.start)
        self.send()
        self.assertEqual(queued.state, "skipped")
        other = self.book(days=8)
        self.assertFalse(self.remind(at=other.start))

    def test_one_at_a_time(self):
        """After a standstill the last one is sent, not all of them."""
        self.individual.reminder_ids = self.day | self.two_hours | self.coach_hour
        self.travel(self.now + timedelta(minutes=1))
        first, second = self.book(days=3), self.book(days=4)
        both = self.remind(at=first.start - timedelta(hours=1))
        self.assertEqual(set(both.reminder_id), {self.two_hours, self.coach_hour})
        # and otherwise each in its time
        day = self.remind(at=second.start - timedelta(hours=24))
        self.assertEqual(day.reminder_id, self.day)
        late = self.remind(at=second.start - timedelta(hours=2))
        self.assertEqual(late.reminder_id, self.two_hours)

    def test_moved_there_and_back(self):
        """The reminder that was dropped comes again, one that was sent does not."""
        session = self.book(days=4)
        start = session.start
        dropped = self.remind(at=start - timedelta(hours=24))
        session.action_reschedule(start + timedelta(days=3))
        self.send()
        self.assertEqual(dropped.state, "skipped")
        self.travel(start - timedelta(hours=30))
        session.action_reschedule(start)
        again = self.remind(at=start - timedelta(hours=24))
        self.assertTrue(again)
        self.send()
        self.assertEqual(again.state, "sent")
        session.action_reschedule(start + timedelta(days=3))
        self.travel(start - timedelta(hours=30))
        session.action_reschedule(start)
        self.assertFalse(self.remind(at=start - timedelta(hours=24)))

    def test_what_was_over_at_booking_is_not_sent(self):
        """Who books two hours before was just told."""
        self.travel(self.now)
        self.individual.reminder_ids = self.day | self.two_hours
        self.travel(self.now + timedelta(minutes=1))
        session = self.book(start=self.now + timedelta(hours=5))
        self.assertFalse(self.remind())
        # but the shorter one is
        queued = self.remind(at=session.start - timedelta(hours=2))
        self.assertEqual(queued.reminder_id, self.two_hours)

    def test_a_new_reminder_makes_up_for_nothing(self):
        """Adding one does not write to everybody who comes today."""
        session = self.book(days=2)
        self.travel(session.start - timedelta(hours=1))
        self.individual.reminder_ids += self.two_hours
        self.assertFalse(self.remind())

    # R133
    def test_a_session_has_its_own(self):
        session, silent = self.book(days=3), self.book(days=3, hour=14)
        session.with_user(self.coach_user).action_set_reminders(
            "own", self.two_hours.ids
        )
        silent.with_user(self.manager).action_set_reminders("none")
        self.assertEqual(session.reminder_ids, self.two_hours)
        self.assertFalse(silent.reminder_ids)
        self.assertFalse(self.remind(at=session.start - timedelta(hours=20)))
        queued = self.remind(at=session.start - timedelta(hours=2))
        self.assertEqual(queued.reminder_id, self.two_hours)
        # what waits is not sent when it is turned off meanwhile
        session.action_set_reminders("none")
        self.send()
        self.assertEqual(queued.state, "skipped")
        self.assertFalse(self.remind(at=silent.start - timedelta(hours=1)))
        session.action_set_reminders("type")
        self.assertEqual(session.reminder_ids, self.day)

    def test_dialog(self):
        session = self.book(days=3)
        action = session.with_user(self.coach_user).action_open_reminders()
        dialog = (
            self.env["coaching.session.remind"]
            .with_user(self.coach_user)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(dialog.mode, "type")
        self.assertEqual(dialog.reminder_ids, self.day)
        dialog.mode = "own"
        dialog.reminder_ids = self.two_hours
        dialog.action_save()
        self.assertEqual(session.own_reminder_ids, self.two_hours)

    def test_who_may_change_reminders(self):
        session = self.book(days=3)
        with self.assertRaises(AccessError):
            session.with_user(self.client_user).action_set_reminders("none")
        with self.assertRaises(AccessError):
            session.with_user(self.portal_coach_user).action_set_reminders("none")
        for mode, ids in (("never", []), ("own", []), ("own", [0]), ("own", "1")):
            with self.subTest(mode=mode, ids=ids), self.assertRaises(UserError):
                session.action_set_reminders(mode, ids)

    def test_coach_is_reminded_once_a_session(self):
        """Also of a group, and of one that only some of its clients left."""
        self._sell(self.other_client)
        self.group_type.reminder_ids = self.day | self.coach_hour
        self.travel(self.now + timedelta(minutes=1))
        session = self.book(
            days=3,
            booking_type_id=self.group_type.id,
            partner_ids=(self.client | self.other_client).ids,
        )
        clients = self.remind(at=session.start - timedelta(hours=2))
        self.assertEqual(clients.partner_id, self.client | self.other_client)
        session.with_user(self.client_user).action_cancel()
        coach = self.remind(at=session.start - timedelta(hours=1))
        self.assertEqual(coach.kind, "reminder_coach")
        self.assertEqual(coach.session_id, session)
        self.assertEqual(coach.partner_id, self.coach.partner_id)
        self.coach.partner_id.email = "coach@example.com"
        self.send()
        self.assertEqual(coach.state, "sent")
        self.assertEqual(
            {row.partner_id: row.state for row in clients},
            {self.client: "skipped", self.other_client: "sent"},
        )
        # who left is not reminded again and again
        self.assertFalse(self.remind())

    def test_another_coach_stands_in(self):
        """Who gives the session is reminded, whoever was reminded before."""
        coaches = self.coach | self.other_coach
        for coach, email in zip(
            coaches, ("a@example.com", "b@example.com"), strict=True
        ):
            coach.partner_id.email = email
        self.individual.reminder_ids = self.coach_hour
        self.travel(self.now + timedelta(minutes=1))
        session = self.book(days=3)
        first = self.remind(at=session.start - timedelta(hours=1))
        self.assertEqual(first.partner_id, self.coach.partner_id)
        session.sudo().coach_id = self.other_coach
        second = self.remind()
        self.assertEqual(second.partner_id, self.other_coach.partner_id)
        self.send()
        self.assertEqual((first.state, second.state), ("skipped", "sent"))
        self.assertFalse(self.remind())

    def test_who_wants_none_gets_none(self):
        session = self.book(days=3)
        self.client.coaching_no_reminders = True
        self.assertFalse(self.remind(at=session.start - timedelta(hours=2)))
        self.client.coaching_no_reminders = False
        self.client.email = False
        self.assertFalse(self.remind())
        self.client.email = "anna@example.com"
        self.assertTrue(self.remind())

    def test_archived_reminders_are_not_sent(self):
        reminder = self.env["coaching.reminder"].create(
            {"amount": 5, "company_id": False}
        )
        self.individual.reminder_ids = reminder
        self.travel(self.now + timedelta(minutes=1))
        session = self.book(days=3)
        reminder.active = False
        self.assertFalse(self.remind(at=session.start - timedelta(hours=2)))

    def test_a_month_of_them(self):
        """However many are due, finding them takes the same number of queries."""
        counts = []
        for hours in ((9,), (8, 9, 10, 11, 13, 14, 15)):
            self._sell(self.client, quantity=2)
            sessions = self.env["coaching.session"]
            self.travel(self.now)
            for hour in hours:
                sessions |= self.book(
                    days=7 + len(counts), hour=hour, without_package=False
                )
            self.travel(sessions[0].start - timedelta(hours=8))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            queued = self.remind()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(queued), len(hours))
        self.assertLessEqual(counts[1], counts[0])
        self.assertLessEqual(counts[0], 20)

    def test_batches(self):
        """One run goes on until nothing is due."""
        self._sell(self.client)
        for hour in (8, 9, 10):
            self.book(days=3, hour=hour)
        self.travel(self.now + timedelta(days=2, hours=12))
        self.run_cron("coaching.notification", "_cron_remind", limit=2)
        self.assertEqual(len(self.get_reminders()), 3)

    def test_database_reminds_once(self):
        """Two runs that don't see each other."""
        session = self.book(days=3)
        reminder = self.remind(at=session.start - timedelta(hours=24))
        self.env.flush_all()
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            reminder.copy({"state": "pending"})

    def test_one_bad_record_stops_nobody(self):
        sessions = self.book(days=3), self.book(days=3, hour=14)
        queued = self.remind(at=sessions[0].start - timedelta(hours=2))
        self.assertEqual(len(queued), 2)
        model = self.env.registry["coaching.notification"]
        original = model._deliver

        def deliver(notification):
            if notification == queued[0]:
                raise ValueError("Nobody reads this address")
            return original(notification)

        with (
            patch.object(model, "_deliver", deliver),
            self.assertLogs("odoo.addons.coaching_sessions", "ERROR"),
        ):
            self.send()
        self.assertEqual(queued.mapped("state"), ["failed", "sent"])
        queued[0].with_user(self.manager).action_retry()
        self.send()
        self.assertEqual(queued.mapped("state"), ["sent", "sent"])

    # section 3, complaint 19
    def test_the_session_shows_what_was_sent(self):
        session = self.book(days=3)
        self.remind(at=session.start - timedelta(hours=24))
        self.send()
        for user in (self.coach_user, self.manager):
            seen = session.with_user(user).notification_ids
            self.assertIn("reminder", seen.mapped("kind"))
            self.assertIn("booked", seen.mapped("kind"))
        line = session.log_ids.filtered(lambda line: line.action == "reminded")
        self.assertEqual(line.attendance_id, session.attendance_ids)
        self.assertIn("anna@example.com", line.description)
        # not to colleagues, and nobody writes it
        other = self.book(days=4, coach_id=self.other_coach.id)
        mails = self.env["coaching.notification"].with_user(self.coach_user)
        domain = [("attendance_id", "in", other.attendance_ids.ids)]
        self.assertFalse(mails.search(domain))
        with self.assertRaises(AccessError):
            mails.search([], limit=1).write({"state": "sent"})

    # R83, R41
    def test_language_and_zone_of_the_reader(self):
        """Every mail to a client, whatever the coach speaks and where he lives."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.client.write({"lang": "fr_FR", "tz": "America/Montreal"})
        self.coach.tz = "Europe/Berlin"
        Notification = self.env["coaching.notification"]
        for kind, subject in (
            ("booked", "Confirmé"),
            ("moved", "Déplacé"),
            ("reminder", "Rappel"),
            ("cancelled", "Annulé"),
            ("no_show", "Manqué"),
        ):
            template = self.env.ref(f"coaching_sessions.mail_template_{kind}")
            template.with_context(
                lang="fr_FR"
            ).subject = f"{subject} {{{{ object._get_local_start() }}}}"
        session = self.book(days=3, hour=13)
        session.action_reschedule(session.start + timedelta(hours=1))
        self.remind(at=session.start - timedelta(hours=24))
        self.send()
        missed = self.book(start=session.start + timedelta(days=4))
        session.action_cancel()
        self.send()
        self.close(missed, "no_show")
        self.send()
        mails = Notification.search(
            [("partner_id", "=", self.client.id), ("state", "=", "sent")]
        )
        subjects = {mail.kind: mail.mail_id.subject for mail in mails}
        when = "jeudi 4 mars 2027, 09:00 (America/Montreal)"
        self.assertEqual(subjects["moved"], f"Déplacé {when}")
        self.assertEqual(subjects["reminder"], f"Rappel {when}")
        self.assertEqual(subjects["cancelled"], f"Annulé {when}")
        self.assertIn("Confirmé lundi 8 mars 2027, 09:00", subjects["booked"])
        self.assertIn("Manqué lundi 8 mars 2027, 09:00", subjects["no_show"])
        for mail in mails:
            self.assertIn("America/Montreal", mail.mail_id.body_html)

    # rank 26
    def test_the_client_confirms(self):
        session = self.book(days=3)
        attendance = session.attendance_ids
        attendance.with_user(self.client_user).action_reconfirm()
        self.assertEqual(attendance.reconfirmed_at, self.now)
        self.assertEqual(session.reconfirmed_at, self.now)
        self.travel(self.now + timedelta(hours=1))
        attendance.with_user(self.client_user).action_reconfirm()
        self.assertEqual(attendance.reconfirmed_at, self.now)
        lines = session.log_ids.filtered(lambda line: line.action == "reconfirmed")
        self.assertEqual(len(lines), 1)
        # another time is another question
        session.action_reschedule(session.start + timedelta(hours=2))
        self.assertFalse(attendance.reconfirmed_at)
        with self.assertRaises(AccessError):
            attendance.with_user(self.portal_coach_user).action_reconfirm()
        self.travel(session.start)
        with self.assertRaisesRegex(UserError, "nothing to confirm"):
            attendance.with_user(self.client_user).action_reconfirm()

    def test_vocabulary(self):
        Reminder = self.env["coaching.reminder"].with_context(lang="en_US")
        self.assertEqual(Reminder.browse(self.day.id).display_name, "24 h before: Mail")
        two_days = Reminder.create({"amount": 2, "unit": "days", "reconfirm": True})
        self.assertEqual(two_days.minutes_before, 2880)
        self.assertEqual(two_days.display_name, "2 days before: Mail, to confirm")
        self.assertEqual(
            self.coach_hour.with_context(lang="en_US").display_name,
            "1 h before: Mail to the coach",
        )
        for vals in (
            {"amount": 0},
            {"amount": 29, "unit": "days"},
            {"amount": 9, "recipient": "coach", "reconfirm": True},
            {"amount": 48, "reconfirm": True},
        ):
            with (
                self.subTest(**vals),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                Reminder.create(vals)
        self.assertTrue(two_days.copy())

    def test_clocks_change_in_between(self):
        """24 hours are 24 hours, in March too."""
        self.client.tz = "Europe/Berlin"
        three_days = self.env.ref("coaching_sessions.reminder_client_three_days")
        self.individual.reminder_ids = three_days
        # the clocks change on Sunday the 28th
        session = self.book(start=datetime(2027, 3, 29, 10, 0))
        self.assertFalse(self.remind(at=datetime(2027, 3, 26, 9, 59)))
        self.assertTrue(self.remind(at=datetime(2027, 3, 26, 10, 0)))
        self.assertEqual(session.state, "scheduled")

    def test_reminders_of_other_companies(self):
        other = self.env["res.company"].create({"name": "Other company"})
        reminder = self.env["coaching.reminder"].create(
            {"amount": 7, "company_id": other.id}
        )
        own = self.individual.copy({"company_id": self.company.id})
        with self.assertRaises(UserError):
            own.write({"reminder_ids": [Command.link(reminder.id)]})
