from datetime import datetime, timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_reminder import ReminderCommon


@tagged("post_install", "-at_install")
class TestReminderSending(ReminderCommon):
    """Who is reminded, how many at once, and what is read then (R133)."""

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
        """Every email to a client, whatever language and time zone the coach has."""
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
        when = "jeu. 04/03/2027, 09:00 (Montreal time)"
        self.assertEqual(subjects["moved"], f"Déplacé {when}")
        self.assertEqual(subjects["reminder"], f"Rappel {when}")
        self.assertEqual(subjects["cancelled"], f"Annulé {when}")
        self.assertIn("Confirmé lun. 08/03/2027, 09:00", subjects["booked"])
        self.assertIn("Manqué lun. 08/03/2027, 09:00", subjects["no_show"])
        for mail in mails:
            self.assertIn("Montreal time", mail.mail_id.body_html)

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
        with self.assertRaisesRegex(UserError, "there is nothing to confirm"):
            attendance.with_user(self.client_user).action_reconfirm()

    def test_vocabulary(self):
        Reminder = self.env["coaching.reminder"].with_context(lang="en_US")
        self.assertEqual(
            Reminder.browse(self.day.id).display_name, "24 h before: Email"
        )
        two_days = Reminder.create({"amount": 2, "unit": "days", "reconfirm": True})
        self.assertEqual(two_days.minutes_before, 2880)
        self.assertEqual(two_days.display_name, "2 days before: Email, to confirm")
        self.assertEqual(
            self.coach_hour.with_context(lang="en_US").display_name,
            "1 h before: Email to the coach",
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
