from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import CoachingCommon

# a name that nothing else in the database has
NAME = "Wilhelmina Quastenflosser"
POINTED_AT = {"res.partner", "calendar.event", "calendar.attendee"}


@tagged("post_install", "-at_install")
class TestWhoIsCoached(CoachingCommon):
    """Nobody reads off another model who is coached, nor finds out by searching.

    By reflection: every model that the user may search, every field that points at a
    contact, an event or a record of ours, and every text.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client_user = new_test_user(
            cls.env, "inner_client", "base.group_user", name=NAME, tz="UTC"
        )
        cls.client = cls.client_user.partner_id
        cls.package = cls._sell(cls.client)
        cls.users = {
            "employee": new_test_user(cls.env, "plain_employee", "base.group_user"),
            "colleague": new_test_user(
                cls.env, "colleague", "coaching_sessions.group_coaching_coach"
            ),
            "portal user": new_test_user(cls.env, "stranger", "base.group_portal"),
        }
        cls.env["coaching.coach"].create(
            {"user_id": cls.users["colleague"].id, "tz": "UTC"}
        )

    def _ask(self, user):
        """Return what searching for the client counts, by model and field."""
        found = {}
        for name, model_class in self.env.registry.items():
            model = self.env[name].with_user(user).with_context(active_test=False)
            if model_class._abstract or model_class._transient or not model_class._auto:
                continue
            if not model.has_access("read"):
                continue
            texts = []
            for field in model._fields.values():
                if not model._has_field_access(field, "read"):
                    continue
                if field.store and field.type in ("char", "text", "html"):
                    texts.append(Domain(field.name, "ilike", NAME))
                if field.comodel_name in POINTED_AT or (
                    field.comodel_name or ""
                ).startswith("coaching."):
                    for what, domain in self._get_questions(model, field).items():
                        found[name, field.name, what] = self._count(model, domain)
            found[name, "", "texts"] = self._count(model, Domain.OR(texts))
        return found

    def _get_questions(self, model, field):
        """Return domains that tell of the client where anything does."""
        questions = {}
        if field.comodel_name == "res.partner":
            questions["client"] = [(field.name, "in", self.client.ids)]
            questions["name"] = [(field.name, "ilike", NAME)]
        elif model._name == "res.partner":
            questions["any"] = [("id", "=", self.client.id), (field.name, "!=", False)]
        for path in ("partner_id", "partner_ids", "attendance_ids.partner_id"):
            head = path.split(".")[0]
            if head in self.env[field.comodel_name]._fields:
                questions[path] = [(f"{field.name}.{path}", "in", self.client.ids)]
        return questions

    def _count(self, model, domain):
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db", "odoo.domains"):
                return model.search_count(domain)
        except AccessError:
            return "refused"
        except Exception as error:  # what can't be searched tells nothing
            return type(error).__name__

    def _live(self):
        """Do with the client what a business does."""
        session = self.book(user=self.coach_user, days=1)
        session = session.sudo()
        session.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.coach_user.id, summary="Call"
        )
        self.close(session, "completed")
        self.travel(self.now)
        self.env["coaching.waiting"].join(
            {
                "booking_type_id": self.individual.id,
                "coach_id": self.coach.id,
                "partner_id": self.client.id,
                "date_from": "2027-03-10",
                "date_to": "2027-03-12",
            }
        )
        booked = self.book(days=2)
        booked.action_propose([booked.stop])
        booked.action_reschedule(booked.start.replace(hour=15))
        self.run_cron("coaching.notification", "_cron_send")
        return booked

    def test_nobody_finds_out(self):
        before = {who: self._ask(user) for who, user in self.users.items()}
        self._live()
        self.env.flush_all()
        self.env.invalidate_all()
        for who, user in self.users.items():
            after = self._ask(user)
            for key, counted in before[who].items():
                with self.subTest(who, question=key):
                    self.assertEqual(counted, after[key])

    def test_the_event_names_the_coach_only(self):
        event = self.book().event_id
        self.assertEqual(event.partner_ids, self.coach.partner_id)
        self.assertEqual(event.attendee_ids.partner_id, self.coach.partner_id)
        self.assertNotIn(self.client, event.message_partner_ids)
        self.assertNotIn(NAME, event.name)
        self.env.flush_all()
        self.env.invalidate_all()
        for who in ("employee", "colleague"):
            seen = event.with_user(self.users[who])
            self.assertEqual(seen.display_name, "Busy", who)

    def test_who_may_know_is_told(self):
        """Coach, manager and client have all of it in their calendars."""
        event = self.book().event_id
        self.env.flush_all()
        self.env.invalidate_all()
        for user in (self.coach_user, self.manager):
            self.assertIn(NAME, event.with_user(user).display_name)
        events = self.env["calendar.event"].with_user(self.client_user)
        partner = self.client
        for domain in (
            [("partner_ids", "in", partner.ids)],
            [("partner_ids", "=", partner.id)],
            [("partner_ids", "in", (partner | self.coach.partner_id).ids)],
        ):
            self.assertIn(event, events.search(domain))
        own = event.with_user(self.client_user)
        self.assertIn(self.coach.name, own.display_name)
        self.assertEqual(own.name, self.individual.name)
        event.coaching_session_ids.action_cancel()
        self.assertNotIn(
            event,
            events.with_context(active_test=False).search(
                [("partner_ids", "in", partner.ids)]
            ),
        )

    def test_entries_name_the_client(self):
        session = self.book()
        self.assertIn(NAME, str(session._prepare_ics_entry()))

    def test_a_group_names_nobody(self):
        """Whoever is in a group does not read who else is."""
        self._sell(self.other_client)
        session = self.book(
            booking_type_id=self.group_type.id,
            partner_ids=(self.client | self.other_client).ids,
        )
        events = self.env["calendar.event"].with_user(self.client_user)
        found = events.search([("partner_ids", "in", self.client.ids)])
        self.assertEqual(found, session.event_id)
        self.assertNotIn(self.other_client, found.attendee_ids.partner_id)
        self.assertFalse(
            events.search_count([("partner_ids", "in", self.other_client.ids)])
        )

    def test_the_calendar_changes_nobody(self):
        """Neither by hand nor by a synchronisation does a name get in."""
        event = self.book().event_id
        attendee = event.attendee_ids
        for user in (self.users["employee"], self.coach_user, self.manager):
            with self.assertRaises(UserError):
                attendee.with_user(user).unlink()
            with self.assertRaises(UserError):
                self.env["calendar.attendee"].with_user(user).create(
                    {"event_id": event.id, "partner_id": self.client.id}
                )
            with self.assertRaises(UserError):
                event.with_user(user).write(
                    {"partner_ids": [Command.link(self.client.id)]}
                )
        attendee.with_user(self.coach_user).write({"state": "tentative"})
        synchronised = event.with_user(self.coach_user).sudo()
        synchronised.write(
            {"name": NAME, "partner_ids": [Command.link(self.client.id)]}
        )
        self.assertEqual(event.partner_ids, self.coach.partner_id)
        self.assertNotIn(NAME, event.name)

    def test_whose_calendars_are_shown_is_their_own(self):
        shown = self.env["calendar.filters"].create(
            {"user_id": self.coach_user.id, "partner_id": self.client.id}
        )
        for who in ("employee", "colleague"):
            filters = shown.with_user(self.users[who])
            self.assertFalse(filters.search([("partner_id", "=", self.client.id)]))
        self.assertTrue(
            shown.with_user(self.coach_user).search([("id", "=", shown.id)])
        )

    def test_when_a_client_has_time(self):
        """Managers, the client and the client's coaches ask; others learn nothing."""
        start = self.book(hour=10).start

        def ask(user, partner=None):
            return (
                self.env["coaching.booking.type"]
                .with_user(user)
                .get_slots(
                    self.individual.id,
                    start.date(),
                    start.date(),
                    coach_ids=self.other_coach.ids,
                    partner_id=partner,
                )
            )

        with_client = ask(self.manager, self.client.id)
        self.assertNotEqual(with_client, ask(self.manager))
        self.assertEqual(with_client, ask(self.coach_user, self.client.id))
        colleague = self.users["colleague"]
        self.assertEqual(ask(colleague, self.client.id), ask(colleague))
        for who in ("employee", "portal user"):
            with self.assertRaises(AccessError):
                ask(self.users[who], self.client.id)
            with self.assertRaises(AccessError):
                self.env["coaching.booking.type"].with_user(
                    self.users[who]
                ).explain_slot(
                    self.individual.id,
                    self.other_coach.id,
                    start,
                    partner_id=self.client.id,
                )
