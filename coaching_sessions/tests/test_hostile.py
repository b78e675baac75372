# Over 300 lines: what outsiders try, by reflection, with one list of exceptions.

from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import CoachingCommon

QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
COACH = "coaching_sessions.group_coaching_coach"


@tagged("post_install", "-at_install")
class TestHostile(CoachingCommon):
    """What users send who don't use the screens: ids, defaults, contexts, types."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.intruder = new_test_user(cls.env, "x_coach", COACH)
        cls.intruder_coach = cls.env["coaching.coach"].create(
            {
                "user_id": cls.intruder.id,
                "tz": "UTC",
                "resource_calendar_id": cls.calendar.id,
            }
        )
        cls._sell(cls.other_client)

    def setUp(self):
        super().setUp()
        self.foreign = self.book().attendance_ids
        self.own = self.book(
            days=2, coach_id=self.intruder_coach.id, partner_ids=self.other_client.ids
        ).attendance_ids
        self.travel(self.now + timedelta(days=3))

    def _as(self, model, user=None, **context):
        model = self.env[model].with_user(user or self.intruder)
        return model.with_context(**context)

    @mute_logger(*QUIET)
    def test_defaults_open_no_foreign_sessions(self):
        """A session named by the context counts like one that is named outright."""
        ids = {"default_attendance_id": self.foreign.id}
        for name, vals in (
            ("coaching.note", {"body": "Pay me"}),
            ("coaching.private.note", {"body": "Pay me"}),
            (
                "coaching.action.item",
                {"description": "Pay me", "coach_id": self.intruder_coach.id},
            ),
        ):
            with self.subTest(name):
                with self.assertRaises(AccessError):
                    self._as(name, **ids).create(vals)
                defaults = self.env["ir.default"].with_user(self.intruder)
                defaults.set(name, "attendance_id", self.foreign.id, user_id=True)
                with self.assertRaises(AccessError):
                    self._as(name).create(vals)

    def test_notes_and_steps_are_not_moved(self):
        """Not by the fields that follow from the session either."""
        moves = {
            "session_id": self.foreign.session_id.id,
            "partner_id": self.client.id,
            "coach_id": self.coach.id,
        }
        own = {"attendance_id": self.own.id}
        for record in (
            self._as("coaching.note").create({"body": "Hi", **own}),
            self._as("coaching.private.note").create({"body": "Hi", **own}),
            self._as("coaching.action.item").create({"description": "Run", **own}),
        ):
            for name, value in moves.items():
                with self.subTest(record._name, field=name):
                    with self.assertRaises(UserError):
                        record.write({name: value})
        forged = self._as("coaching.note").create({"body": "Hi", **own, **moves})
        self.assertEqual(forged.sudo().partner_id, self.other_client)
        self.assertEqual(forged.sudo().session_id, self.own.session_id)

    def test_what_methods_change_begins_at_the_beginning(self):
        values = {"partner_id": self.other_client.id}
        goal = self._as(
            "coaching.goal", default_state="reached", default_progress_percent=90
        ).create({"name": "Run", **values})
        self.assertEqual((goal.state, goal.progress_percent), ("open", 0))
        defaults = self.env["ir.default"].with_user(self.intruder)
        defaults.set("coaching.action.item", "state", "dropped", user_id=True)
        item = self._as("coaching.action.item").create(
            {"description": "Run", "coach_id": self.intruder_coach.id, **values}
        )
        self.assertEqual(item.state, "open")

    @mute_logger(*QUIET)
    def test_forms_tell_no_names(self):
        """Neither a default nor what is typed into a form names a foreign record."""
        engagement = self.foreign.engagement_id
        foreign = {
            "coaching.attendance": self.foreign,
            "coaching.session": self.foreign.session_id,
            "coaching.coach": self.coach,
            "coaching.package": self.package,
            "coaching.engagement": engagement,
            "coaching.goal": self.foreign.action_add_goal("Secret"),
        }
        name = {"fields": {"display_name": {}}}
        seen = 0
        for model_name, model in self.env.registry.items():
            forms = self._as(model_name) if model_name.startswith("coaching.") else None
            if model._abstract or forms is None or not forms.has_access("create"):
                continue
            for field in model._fields.values():
                record = foreign.get(field.comodel_name)
                if field.type != "many2one" or not record:
                    continue
                with self.subTest(model_name, field=field.name):
                    values, spec = {field.name: record.id}, {field.name: name}
                    with self.assertRaises(AccessError):
                        forms.onchange(values, [field.name], spec)
                    if field.store:
                        context = {f"default_{field.name}": record.id}
                        with self.assertRaises(AccessError):
                            forms.with_context(**context).onchange({}, [], spec)
                    seen += 1
        self.assertGreater(seen, 20)
        lines = [[0, 1, {"attendance_id": self.foreign.id}]]
        with self.assertRaises(AccessError):
            self._as("coaching.session.close.group").onchange(
                {"session_id": self.own.session_id.id, "line_ids": lines},
                ["line_ids"],
                {"line_ids": {"fields": {"partner_id": name}}},
            )

    @mute_logger(*QUIET)
    def test_forms_tell_nothing_of_other_companies(self):
        other_company = self.env["res.company"].create({"name": "Other company"})
        user = new_test_user(
            self.env,
            "x_manager",
            "coaching_sessions.group_coaching_manager",
            company_id=other_company.id,
            company_ids=[Command.set(other_company.ids)],
        )
        self.other_client.company_id = self.company
        house = self.individual.copy({"code": "x", "company_id": self.company.id})
        house.terms_id = self.env["coaching.terms"].create(
            {"name": "House rules", "body": "Secret"}
        )
        with self.assertRaises(AccessError):
            self._as("coaching.session.book", user).onchange(
                {"booking_type_id": house.id},
                ["booking_type_id"],
                {"booking_type_id": {}, "terms_body": {}},
            )
        for model in ("coaching.client.file", "coaching.goal"):
            with self.assertRaises(AccessError):
                self._as(model, user).create(
                    {"name": "x", "partner_id": self.other_client.id}
                    if model == "coaching.goal"
                    else {"partner_id": self.other_client.id}
                )

    def test_coaches_to_choose_from_tell_nothing(self):
        """Not whose client an engagement of another coach is about."""
        dialog = self._as("coaching.engagement.hand.over")
        everybody = dialog._get_coach_options()
        for value in (self.foreign.engagement_id.id, "x", [1], 2**40):
            options = dialog.with_context(default_engagement_id=value)
            self.assertEqual(options._get_coach_options(), everybody)
        own = dialog.with_context(default_engagement_id=self.own.engagement_id.id)
        self.assertEqual(len(own._get_coach_options()), len(everybody) - 1)

    def test_own_defaults_do_not_reach_the_ledgers(self):
        """Every employee may set defaults for any field; superusers ignore them."""
        completed = self.env["coaching.outcome"].search([("code", "=", "completed")])
        defaults = self.env["ir.default"].with_user(self.intruder)
        for model, field, value in (
            ("coaching.attendance", "state", "completed"),
            ("coaching.attendance", "outcome_id", completed.id),
            ("coaching.attendance", "pay_percent", 100.0),
            ("coaching.notification", "state", "sent"),
            ("coaching.goal.progress", "user_id", self.manager.id),
            ("coaching.package", "granted", 100),
            ("coaching.package", "remaining", 100),
        ):
            defaults.set(model, field, value, user_id=True)
        session = self.book(
            days=4,
            user=self.intruder,
            coach_id=self.intruder_coach.id,
            partner_ids=self.other_client.ids,
        ).sudo()
        attendance = session.attendance_ids
        self.assertEqual(attendance.state, "scheduled")
        self.assertFalse(attendance.pay_percent)
        mails = self.env["coaching.notification"].search(
            [("attendance_id", "=", attendance.id)]
        )
        self.assertEqual(set(mails.mapped("state")), {"pending"})
        goal = self.own.with_user(self.intruder).action_add_goal("Run")
        goal.action_record_progress(10)
        self.assertEqual(goal.progress_ids.user_id, self.intruder)
        self.intruder.group_ids |= self.env.ref(
            "coaching_sessions.group_coaching_adjust"
        )
        package = self.own.package_id.with_user(self.intruder)
        given = package.action_transfer(self.client.id, 1, "Gift").sudo()
        self.assertEqual((given.granted, given.remaining), (1, 1))

    def test_staff_s_reasons_are_not_the_client_s(self):
        """Nor is whose package it was that a part came from."""
        self.manager.group_ids |= self.env.ref(
            "coaching_sessions.group_coaching_adjust"
        ) | self.env.ref("coaching_sessions.group_coaching_grant_makeup")
        theirs = self._sell(self.other_client).with_user(self.manager)
        package = theirs.action_transfer(self.client.id, 1, "They quarrel")
        makeup = self._as("coaching.makeup", self.manager).action_grant(
            self.client.id, "Complains a lot"
        )
        for records, name in (
            (package, "origin_id"),
            (package.move_ids, "reason"),
            (makeup, "reason"),
        ):
            with self.subTest(records._name, field=name):
                own = records.with_user(self.client_user)
                self.assertTrue(own.read(["display_name"]))
                with self.assertRaises(AccessError):
                    own.read([name])
                with self.assertRaises(AccessError):
                    own.search([(name, "ilike", "o")])

    def test_private_notes_have_no_files(self):
        """Administrators read files that belong to no record yet (R95)."""
        for model in ("coaching.private.note", "coaching.session.close"):
            with self.assertRaisesRegex(UserError, "text only"):
                self._as("ir.attachment").create(
                    {"name": "a.png", "raw": b"x", "res_model": model}
                )
        views = self.env["ir.ui.view"].search(
            [("model", "in", ("coaching.private.note", "coaching.session.close"))]
        )
        for view in views.filtered(lambda view: view.type == "form"):
            for name in ("body", "private_note"):
                if f'name="{name}"' in view.arch:
                    self.assertRegex(
                        view.arch, f'name="{name}"[^>]*widget="coaching_note"'
                    )

    @mute_logger(*QUIET)
    def test_a_manager_is_no_judge_of_their_own_claim(self):
        new_test_user(self.env, "x_manager", "coaching_sessions.group_coaching_manager")
        client = self.manager.partner_id
        self._sell(client)
        self.travel(self.now)
        attendance = self.close(self.book(days=4, partner_ids=client.ids), "no_show")
        attendance = attendance.with_user(self.manager)
        attendance.action_dispute("I was there", "completed")
        with self.assertRaises(AccessError):
            attendance.dispute_ids.action_accept()
        self.assertEqual(attendance.state, "no_show")

    def test_wrong_types(self):
        """A sentence for whatever is sent, never a traceback."""
        self.manager.group_ids |= self.env.ref(
            "coaching_sessions.group_coaching_adjust"
        ) | self.env.ref("coaching_sessions.group_coaching_grant_makeup")
        own = self.own.with_user(self.intruder)
        engagement = own.engagement_id
        package = self.package.with_user(self.manager)
        makeups = self._as("coaching.makeup", self.manager)
        closing = {"outcome_code": "completed", "next_step": "Run"}
        booking = {
            "booking_type_id": self.individual.id,
            "coach_id": self.intruder_coach.id,
            "partner_ids": self.other_client.ids,
            "start": "2027-03-15 10:00:00",
        }
        calls = [
            lambda: engagement.action_book_next("2027-03-15 10:00:00", True),
            lambda: engagement.action_hand_over(True),
            lambda: engagement.action_reserve_slot(booking_type_id=True),
            lambda: makeups.action_grant(True, "Why"),
            lambda: package.action_share({"a": 1}, [], "Why"),
            lambda: package.action_share(["members"], [], "Why"),
        ]
        calls += [
            lambda name=name, value=value: own.action_close_out(
                {**closing, name: value}
            )
            for name, value in (
                ("continue_wish", ["yes"]),
                ("slot_wish", {"a": 1}),
                ("private_note", 5),
                ("shared_note", ["x"]),
                ("next_step_date", {"a": 1}),
            )
        ]
        calls += [
            lambda name=name, value=value: self._as("coaching.session").book(
                {**booking, name: value}
            )
            for name, value in (
                ("coach_id", True),
                ("package_id", True),
                ("partner_ids", True),
                ("partner_ids", [True]),
                ("partner_ids", [None]),
                ("start", {"a": 1}),
            )
        ]
        for number, call in enumerate(calls):
            with self.subTest(number):
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    call()
        self.assertEqual(own.state, "scheduled")


@tagged("post_install", "-at_install")
class TestOtherCompany(CoachingCommon):
    """Ids of another company's clients and booking types tell nothing about them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Other company"})
        cls.stranger = cls.env["res.partner"].create(
            {"name": "Stella Secret", "company_id": cls.other_company.id}
        )
        cls.foreign_type = cls.individual.copy(
            {"name": "Secret", "code": "x", "company_id": cls.other_company.id}
        )

    def assertRefused(self, method, *args, **kwargs):
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            method(*args, **kwargs)
        self.assertNotIn("Secret", str(caught.exception))
        return str(caught.exception)

    @mute_logger(*QUIET)
    def test_waiting(self):
        waiting = self.env["coaching.waiting"]
        values = {
            "booking_type_id": self.individual.id,
            "coach_id": self.coach.id,
            "partner_id": self.client.id,
            "date_from": "2027-03-09",
            "date_to": "2027-03-09",
        }
        for user in (self.manager, self.coach_user):
            join = waiting.with_user(user).join
            for vals in (
                {"partner_id": self.stranger.id},
                {"booking_type_id": self.foreign_type.id},
            ):
                with self.subTest(user.login, **vals):
                    self.assertRefused(join, {**values, **vals})
            entry = join(values)
            self.assertEqual(entry.partner_id, self.client)
            entry.action_leave()
        # nor by what runs by itself
        text = self.assertRefused(
            waiting.join, {**values, "partner_id": self.stranger.id}
        )
        self.assertIn("belong to different companies", text)

    @mute_logger(*QUIET)
    def test_clients_who_may_not_be_read(self):
        """Of those staff sees, also where contacts are restricted further."""
        self.env["ir.rule"].create(
            {
                "name": "Not this time",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": f"[('id', '!=', {self.other_client.id})]",
            }
        )
        text = self.assertRefused(
            self.env["coaching.waiting"].with_user(self.manager).join,
            {
                "booking_type_id": self.individual.id,
                "partner_id": self.other_client.id,
                "date_from": "2027-03-09",
                "date_to": "2027-03-09",
            },
        )
        self.assertIn("You don't have access to this client", text)

    def test_agreement(self):
        """Whose agreement is missing is only told of clients who could be booked."""
        self.individual.agreement_required = True
        for user in (self.manager, self.coach_user):
            text = self.assertRefused(
                self.book, user=user, partner_ids=self.stranger.ids
            )
            self.assertIn("belong to different companies", text)
            with self.assertRaisesRegex(UserError, "” needs the agreement of"):
                self.book(user=user)

    def test_reserving_a_slot(self):
        engagement = self.book().attendance_ids.engagement_id.with_user(self.manager)
        self.assertRefused(
            engagement.action_reserve_slot, booking_type_id=self.foreign_type.id
        )
        self.assertRefused(
            engagement.action_book_next,
            self.now + timedelta(days=2, hours=2),
            self.foreign_type.id,
        )
