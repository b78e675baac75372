from datetime import timedelta
from unittest.mock import patch

from odoo import models
from odoo.tests import tagged

from ..tiny_addon import extend
from .common_reminder import ReminderCommon


@tagged("post_install", "-at_install")
class TestReminderChannel(ReminderCommon):
    """A tiny addon reminds by pigeon, see ``models/reminders/__init__.py``."""

    def setUp(self):
        super().setUp()
        self.flown = flown = []

        class CoachingNotification(models.Model):
            _module = None
            _name = "coaching.notification"
            _inherit = ["coaching.notification"]

            def _deliver_pigeon(self):
                self.ensure_one()
                if not self.partner_id.city:
                    self._fall_back_to_mail("There is no dovecote.")
                    return
                flown.append((self.partner_id, self.kind))
                self.state = "sent"

            def _describe_delivery(self):
                if self.channel != "pigeon":
                    return super()._describe_delivery()
                return f"Pigeon to {self.partner_id.city}."

        extend(self, CoachingNotification)
        for model in ("coaching.notification", "coaching.reminder"):
            # what selection_add does
            field = self.env[model]._fields["channel"]
            choices = {**field._selection, "pigeon": "Pigeon"}
            self.startPatcher(patch.object(field, "_selection", choices))
            self.startPatcher(patch.object(field, "selection", [*choices.items()]))
        pigeon = self.env["coaching.reminder"].create(
            {"amount": 5, "unit": "hours", "channel": "pigeon"}
        )
        self.individual.reminder_ids = pigeon
        self.session = self.book(days=3)

    def _remind(self):
        reminder = self.remind(at=self.session.start - timedelta(hours=5))
        self.assertEqual(reminder.channel, "pigeon")
        self.send()
        return reminder

    def _get_log(self):
        return self.session.log_ids.filtered(lambda line: line.action == "reminded")

    def test_delivered(self):
        self.client.city = "Ghent"
        reminder = self._remind()
        self.assertEqual(self.flown, [(self.client, "reminder")])
        self.assertEqual(reminder.state, "sent")
        self.assertFalse(reminder.mail_id)
        self.assertIn("Pigeon to Ghent.", str(self._get_log().mapped("description")))

    def test_falls_back(self):
        reminder = self._remind()
        self.assertFalse(self.flown)
        self.assertEqual((reminder.state, reminder.channel), ("sent", "email"))
        self.assertEqual(reminder.mail_id.recipient_ids, self.client)
        self.assertIn("There is no dovecote. Sent by", reminder.error)

    def test_no_longer_true(self):
        """The channel is not even asked."""
        self.client.city = "Ghent"
        reminder = self.remind(at=self.session.start - timedelta(hours=5))
        self.session.action_cancel()
        self.send()
        self.assertEqual(reminder.state, "skipped")
        self.assertFalse(self.flown)

    def test_the_addon_goes(self):
        """What was sent by it is kept, no more is sent."""
        pigeon = self.individual.reminder_ids
        pigeon._archive_channel()
        self.assertEqual((pigeon.active, pigeon.channel), (False, "email"))
        self.assertFalse(self.remind(at=self.session.start - timedelta(hours=5)))
